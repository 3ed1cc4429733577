import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examplePlugins, galleryExamples } from '../examples/example.mjs';
import { openTab, saved, startBrowser } from './support/browser.js';
import { startServer, type TestServer } from './support/server.js';

let server: TestServer;
let browser: Browser;
beforeAll(async () => {
  server = await startServer(examplePlugins());
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.dispose();
});

describe('from the gallery, without typing anything,', () => {
  it.each(galleryExamples())('$name is published and runs', async ({ graph, settings, views }) => {
    const { page, context, faults } = await openTab(browser, server);
    await page.goto(server.url);
    const card = page.locator('.template', { has: page.getByRole('heading', { name: graph.name, exact: true }) });
    await card.getByRole('button').click();
    await page.locator('.node').first().waitFor();
    await saved(page);
    expect(await page.locator('.node').count()).toBe(graph.nodes.length);
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    await page.getByRole('button', { name: 'Publish version 1' }).click();
    const end = Object.keys(settings).length > 0 ? 'running' : 'finished';
    await page.locator(`.chip[data-status=${end}]`).waitFor({ timeout: 90_000 });
    const table = graph.nodes.find(({ operator }: { operator: string }) => operator === 'view.table');
    if (table !== undefined && views.length > 0) {
      await page.goto(`${server.url}/views/${table.config.name ?? table.id}`);
      await page.locator('.view-box tbody tr').first().waitFor({ timeout: 30_000 });
    }
    expect(faults).toEqual([]);
    await context.close();
  });
});
