import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificates } from '../services/lib/certificates.mjs';
import { openTab, saved, startBrowser } from './support/browser.js';
import { startServer, type TestServer } from './support/server.js';

const SECRET = 'right-password-4711';
let server: TestServer;
let browser: Browser;
let api: Server;
let up = true;
beforeAll(async () => {
  const wanted = `Basic ${Buffer.from(`shop:${SECRET}`).toString('base64')}`;
  let n = 0;
  api = createServer((request, response) => {
    response.statusCode = !up ? 503 : request.headers.authorization === wanted ? 200 : 401;
    response.end(JSON.stringify([{ id: ++n, country: 'DE', total: 12.5 }]));
  });
  await new Promise<void>((done) => api.listen(0, '127.0.0.1', done));
  server = await startServer();
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.dispose();
  api?.close();
});

const host = () => `127.0.0.1:${(api.address() as AddressInfo).port}`;
/** Pictures to look at: `PICTURES=FOLDER`. */
const picture = async (page: Page, name: string) => {
  if (process.env.PICTURES) await page.screenshot({ path: join(process.env.PICTURES, `connections-${name}.png`) });
};

async function fill(page: Page, password: string): Promise<void> {
  await page.getByLabel('Host and port').fill(host());
  await page.getByLabel('User', { exact: true }).fill('shop');
  await page.locator('#c-password').fill(password);
}

describe('connections', () => {
  it('are made on their page: a wrong password is said in words, the right one works, the secret never comes back', async () => {
    const { page, context, faults } = await openTab(browser, server);
    await page.goto(`${server.url}/connections`);
    await page.getByText('No connection yet').waitFor();
    await picture(page, 'empty');
    await page.getByRole('button', { name: 'New connection' }).click();
    await page.locator('#c-kind').click();
    await page.getByRole('option', { name: 'Web API' }).click();
    await page.getByLabel('Name').fill('shop-api');
    await fill(page, 'wrong');
    await page.locator('.connection-form .mantine-Switch-track').click();
    await page.getByRole('button', { name: 'Test' }).click();
    await page.getByText(/refused the sign-in \(401\)/).waitFor();
    await page.getByText('Check user and password or token of the connection.').waitFor();
    await picture(page, 'refused');
    await page.locator('#c-password').fill(SECRET);
    await page.getByRole('button', { name: 'Test' }).click();
    await page.getByText(/Works, answered in/).waitFor();
    await picture(page, 'works');
    await page.getByRole('button', { name: 'Create' }).click();
    const row = page.locator('tr[data-connection=shop-api]');
    await row.waitFor();
    await row.getByRole('button', { name: 'Test' }).click();
    await page.getByText(/Works, answered in/).waitFor();
    await picture(page, 'list');
    expect(await page.content()).not.toContain(SECRET);

    await page.getByRole('button', { name: 'Change shop-api' }).click();
    await page.getByPlaceholder('Kept. Type to replace it.').waitFor();
    expect(await page.content()).not.toContain(SECRET);
    await page.getByRole('button', { name: 'Test' }).last().click();
    await page
      .locator('.connection-form')
      .getByText(/Works, answered in/)
      .waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('shop-api saved').first().waitFor();
    expect(faults).toEqual([]);
    await context.close();
  });

  it('to a system with a certificate of an own authority say what is missing, and take it', async () => {
    const { authority, keyFile, certificateFile, remove } = await makeCertificates();
    const options = { key: readFileSync(keyFile), cert: readFileSync(certificateFile) };
    const secure = createSecureServer(options, (_request, response) => response.end('[]'));
    await new Promise<void>((done) => secure.listen(0, '127.0.0.1', done));
    const { page, context, faults } = await openTab(browser, server);
    try {
      await page.goto(`${server.url}/connections`);
      await page.getByRole('button', { name: 'New connection' }).click();
      await page.locator('#c-kind').click();
      await page.getByRole('option', { name: 'Web API' }).click();
      await page.getByLabel('Name').fill('own-api');
      await page.getByLabel('Host and port').fill(`127.0.0.1:${(secure.address() as AddressInfo).port}`);
      await page.getByRole('button', { name: 'Test' }).last().click();
      await page.getByText(/comes from an authority that is not trusted here/).waitFor();
      await picture(page, 'untrusted');
      await page.getByLabel('Certificate of the authority').fill(authority);
      await page.getByRole('button', { name: 'Test' }).last().click();
      await page.getByText(/Works, answered in/).waitFor();
      await page.getByRole('button', { name: 'Create' }).click();
      await page.getByText('own-api saved').first().waitFor();
      await page.getByRole('button', { name: 'Change own-api' }).click();
      expect(await page.getByLabel('Certificate of the authority').inputValue()).toBe(authority.trim());
      await picture(page, 'authority');
      expect(faults).toEqual([]);
    } finally {
      await context.close();
      secure.closeAllConnections();
      secure.close();
      remove();
    }
  });

  it('are chosen in a node’s form, or made there; a used one is not deleted', async () => {
    const { page, context, faults } = await openTab(browser, server);
    const graph = {
      schema: 1,
      name: 'Prices',
      nodes: [
        { id: 'ask', operator: 'http.poll', config: { url: '/prices', interval: '1 s' }, position: { x: 0, y: 0 } },
        { id: 'board', operator: 'view.table', config: { name: 'prices' }, position: { x: 254, y: 0 } },
      ],
      edges: [{ id: 'e', source: 'ask', target: 'board' }],
    };
    const { id } = await server.api<{ id: string }>('POST', '/api/workflows', { graph });
    await page.goto(`${server.url}/workflows/${id}?mode=draw`);
    await page.locator('.node[data-id=ask]').click();
    const picker = page.locator('[data-field=connection] input').first();
    await picker.click();
    await page.getByRole('option', { name: /shop-api/ }).waitFor();
    await picture(page, 'picker');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'New connection' }).click();
    await page.getByLabel('Name').fill('price-api');
    await fill(page, SECRET);
    await page.locator('.connection-form .mantine-Switch-track').click();
    await picture(page, 'new-in-place');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByText('price-api saved').waitFor();
    await saved(page);
    await expect
      .poll(async () => {
        const draft = await server.api<{ graph: typeof graph }>('GET', `/api/workflows/${id}`);
        return draft.graph.nodes[0]!.config;
      })
      .toEqual({ url: '/prices', interval: '1 s', connection: 'price-api' });
    await page.getByRole('button', { name: 'Read fields from the data' }).click();
    await page
      .locator('[data-field=schema]')
      .getByText('country')
      .or(page.locator('input[value=country]'))
      .first()
      .waitFor();
    await saved(page);

    await page.goto(`${server.url}/connections`);
    await page.getByRole('button', { name: 'Delete price-api' }).click();
    await page.getByText('It is used by Prices.').waitFor();
    expect(await page.getByRole('button', { name: 'Delete', exact: true }).isDisabled()).toBe(true);
    await picture(page, 'used');
    expect(faults).toEqual([]);
    await context.close();
  });

  it('that fail show their problem on the node and in its details, until it is gone', async () => {
    const { page, context, faults } = await openTab(browser, server, { theme: 'dark' });
    const [flow] = (
      await server.api<{ workflows: { id: string; name: string; revision: number }[] }>('GET', '/api/workflows')
    ).workflows.filter((one) => one.name === 'Prices');
    await page.goto(`${server.url}/workflows/${flow!.id}?mode=draw`);
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.locator('[data-delivery=exactly-once]').waitFor();
    await picture(page, 'plan');
    up = false;
    await page.getByRole('button', { name: /Publish version 1/ }).click();
    const card = page.locator('.node[data-id=ask]');
    await card.getByText(/answered 503/).waitFor({ timeout: 30_000 });
    await picture(page, 'problem-card');
    await card.dblclick();
    await page.locator('.node-problem').getByText('It is tried again by itself.', { exact: false }).first().waitFor();
    await picture(page, 'problem-drawer');
    up = true;
    await page.locator('.node-problem').waitFor({ state: 'detached', timeout: 60_000 });
    expect(faults).toEqual([]);
    await context.close();
  });

  it('read in Chinese and in the dark', async () => {
    const { page, context, faults } = await openTab(browser, server, { theme: 'dark', language: 'zh-CN' });
    await page.goto(`${server.url}/connections`);
    await page.getByRole('heading', { name: '连接' }).waitFor();
    await page.getByRole('button', { name: '新建连接' }).click();
    await page.getByLabel('主机和端口').waitFor();
    await picture(page, 'zh-dark');
    expect(faults).toEqual([]);
    await context.close();
  });
});
