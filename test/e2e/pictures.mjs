// npm run -s pictures -- [NAME ...]: takes the picture of every ready-made workflow (or of those named) in the editor, for its README:
// examples/NAME/picture.png. Starts a server of its own with an empty home; needs Chromium and a build of the editor.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { exampleNames, examplePlugins, examplesDir, root } from '../examples/example.mjs';

const TOKEN = 'pictures-admin-token-0123456789-0123456789';

const wanted = process.argv.slice(2);
const names = exampleNames().filter((name) => wanted.length === 0 || wanted.includes(name));

const port = await new Promise((resolve) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port: free } = probe.address();
    probe.close(() => resolve(free));
  });
});
const url = `http://127.0.0.1:${port}`;
const dir = mkdtempSync(join(tmpdir(), 'millrace-pictures-'));
const server = spawn(process.execPath, [join(root, 'bin/millrace.mjs'), 'start', ...examplePlugins()], {
  env: {
    PATH: process.env.PATH,
    HOME: dir,
    MILLRACE_DATA: join(dir, 'data'),
    PORT: String(port),
    MILLRACE_ADMIN_TOKEN: TOKEN,
  },
  stdio: ['ignore', 'ignore', 'inherit'],
});
const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
let browser;
try {
  for (let tries = 0; tries < 600; tries++) {
    const answered = await fetch(`${url}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answered) break;
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
  for (const name of names) {
    const response = await fetch(`${url}/api/workflows`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ template: name }),
    });
    const { id } = await response.json();
    const page = await browser.newPage({
      viewport: { width: 1600, height: 900 },
      extraHTTPHeaders: { authorization: headers.authorization },
    });
    await page.addInitScript(() => {
      localStorage.setItem('millrace.theme', 'light');
      localStorage.setItem('millrace.language', 'en');
    });
    await page.goto(`${url}/workflows/${id}?mode=draw`);
    await page.locator('.react-flow__node').first().waitFor({ timeout: 60_000 });
    // Fonts and the fit of the view come a moment after the nodes.
    await page.evaluate(() => document.fonts.ready);
    await page.addStyleTag({
      content: '.react-flow__panel, .float.controls, [class*=minimap] { display: none !important; }',
    });
    await page.waitForTimeout(1500);
    await page.locator('.canvas').screenshot({ path: join(examplesDir, name, 'picture.png') });
    await page.close();
    process.stdout.write(`examples/${name}/picture.png\n`);
  }
} finally {
  await browser?.close();
  server.kill('SIGTERM');
  await new Promise((resolve) => (server.exitCode === null ? server.once('exit', resolve) : resolve()));
  rmSync(dir, { recursive: true, force: true });
}
