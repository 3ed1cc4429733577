// Writes a .gz beside every text file (the server sends it as it is) and prints what a first visit loads (gzip) and fails above the budget: the entry chunk and everything it imports statically.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const BUDGET_KB = 300;
const dist = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist');
const manifest = JSON.parse(readFileSync(join(dist, '.vite', 'manifest.json'), 'utf8'));
const gzip = (file) => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length / 1024;

for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name);
  if (entry.isFile() && /\.(js|css|svg|html)$/.test(entry.name))
    writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }));
}

const first = new Set();
const visit = (key) => {
  if (first.has(key)) return;
  first.add(key);
  for (const next of manifest[key].imports ?? []) visit(next);
};
// The canvas page is what a person waits for, so it counts as first load although its chunk is asked for by the router.
visit('index.html');
visit('src/pages/EditorPage.tsx');

const lines = [...first].map((key) => manifest[key].file).filter((file) => file.endsWith('.js'));
const js = lines.reduce((sum, file) => sum + gzip(file), 0);
const css = [...new Set([...first].flatMap((key) => manifest[key].css ?? []))].reduce(
  (sum, file) => sum + gzip(file),
  0,
);
const later = Object.values(manifest)
  .filter((chunk) => chunk.file.endsWith('.js') && !lines.includes(chunk.file))
  .map((chunk) => `${chunk.file.replace(/^assets\//, '')} ${gzip(chunk.file).toFixed(1)}`);

process.stdout.write(
  `first load: ${js.toFixed(1)} KB gzip JavaScript in ${lines.length} files (budget ${BUDGET_KB}), ${css.toFixed(1)} KB gzip CSS\n`,
);
process.stdout.write(`on need:    ${later.join(', ') || 'nothing'}\n`);
if (js > BUDGET_KB) {
  process.stderr.write(
    `The first load is ${(js - BUDGET_KB).toFixed(1)} KB over its budget. Load a part on need, or drop one.\n`,
  );
  process.exitCode = 1;
}
