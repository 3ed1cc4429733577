import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTab, saved, startBrowser } from './support/browser.js';
import { startServer, type TestServer } from './support/server.js';

let server: TestServer;
let browser: Browser;
beforeAll(async () => {
  server = await startServer();
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.dispose();
});

const node = (page: Page, id: string) => page.locator(`.node[data-id="${id}"]`);
const field = (page: Page, name: string) => page.locator(`.inspector [data-field="${name}"]`).first();

async function dragLink(page: Page, from: string, to: string | { x: number; y: number }): Promise<void> {
  const start = (await page.locator(`.react-flow__handle[data-port="${from}"]`).boundingBox())!;
  const end =
    typeof to === 'string'
      ? (await page.locator(`.react-flow__handle[data-port="${to}"]`).boundingBox())!
      : { ...to, width: 0, height: 0 };
  await page.mouse.move(start.x + start.width / 2, start.y + start.height / 2);
  await page.mouse.down();
  await page.mouse.move(end.x - 30, end.y - 10, { steps: 8 });
  await page.mouse.move(end.x + end.width / 2, end.y + end.height / 2, { steps: 4 });
  await page.mouse.up();
}

it('builds revenue per country by mouse and keyboard, publishes it, watches the numbers move and reads the right result', async () => {
  const { page, faults } = await openTab(browser, server);
  await page.goto(server.url);
  await page.getByRole('button', { name: 'Blank canvas' }).click();
  await page.locator('.palette-item').first().waitFor();

  // The source, by dragging it out of the palette.
  const canvas = (await page.locator('.canvas').boundingBox())!;
  await page
    .locator('[data-operator="http.ingest"]')
    .dragTo(page.locator('.canvas .react-flow__pane'), { targetPosition: { x: 130, y: canvas.height / 2 } });
  await node(page, 'ingest').waitFor();
  for (const [n, [name, type]] of (
    [
      ['country', 'text'],
      ['status', 'text'],
      ['quantity', 'number'],
      ['price', 'number'],
    ] as const
  ).entries()) {
    await field(page, 'schema').getByRole('button', { name: 'Add', exact: true }).click();
    const row = field(page, 'schema').locator('.map-row').nth(n);
    await row.getByLabel('Name').fill(name);
    if (type === 'number') {
      await row.getByLabel('Type').click();
      await page.getByRole('option', { name: 'number', exact: true }).click();
    }
  }

  // The filter, by keyboard: Tab, type, Enter; then linked by dragging from port to port.
  await page.mouse.move(canvas.x + 420, canvas.y + canvas.height / 2);
  await page.locator('.canvas .react-flow__pane').click({ position: { x: 420, y: 60 } });
  await page.mouse.move(canvas.x + 420, canvas.y + canvas.height / 2);
  await page.keyboard.press('Tab');
  await page.getByRole('combobox', { name: 'Find an operator' }).fill('filter');
  await page.keyboard.press('Enter');
  await node(page, 'filter').waitFor();
  await dragLink(page, 'ingest/out', 'filter/in');
  await expect.poll(() => page.locator('.react-flow__edge').count()).toBe(1);
  await field(page, 'where').locator('textarea').click();
  await page.locator('.cm-editor').waitFor();
  await page.keyboard.type('stat');
  await page.locator('.cm-tooltip-autocomplete').getByText('status').waitFor();
  // A list that has just opened does not take Enter yet, so that nobody accepts a word by accident.
  await page.waitForTimeout(200);
  await page.keyboard.press('Enter');
  await page.keyboard.type(' == "paid"');

  // The totals, from the filter's output into nothing.
  await dragLink(page, 'filter/out', { x: canvas.x + 600, y: canvas.y + canvas.height / 2 + 150 });
  await page.getByRole('combobox', { name: 'Find an operator' }).fill('running');
  await page.keyboard.press('Enter');
  await node(page, 'running-aggregate').waitFor();
  await expect.poll(() => page.locator('.react-flow__edge').count()).toBe(2);
  await field(page, 'groupBy').getByRole('button', { name: 'Add', exact: true }).click();
  await field(page, 'groupBy').locator('.object-item').getByRole('combobox').last().fill('country');
  await page.keyboard.press('Escape');
  await field(page, 'aggregates').getByRole('button', { name: 'Add', exact: true }).click();
  await field(page, 'fn').getByRole('combobox').click();
  await page.getByRole('option', { name: 'sum', exact: true }).click();
  await page.locator('.object-item').getByRole('button', { name: 'More' }).click();
  await field(page, 'value').locator('textarea').click();
  await page.locator('.cm-editor').waitFor();
  await page.keyboard.type('quantity * price');
  await field(page, 'as').locator('input').fill('revenue');

  // The view, by a click in the palette: it continues the selected node.
  await page.locator('[data-operator="view.table"]').last().click();
  await node(page, 'table').waitFor();
  await expect.poll(() => page.locator('.react-flow__edge').count()).toBe(3);
  await field(page, 'name').locator('input').fill('revenue-per-country');
  await field(page, 'key').locator('input').first().fill('country');
  await page.keyboard.press('Enter');

  // Publish, after the plan said in words what will happen.
  await page.locator('.problems-list .ok').waitFor();
  await saved(page);
  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  await page.locator('.plan').getByText('4 nodes are new').waitFor();
  await page.getByRole('button', { name: 'Publish version 1' }).click();
  await page.locator('.chip[data-status=running]').waitFor({ timeout: 60_000 });

  // Orders come in; the numbers on the card and on the edge move.
  const workflow = new URL(page.url()).pathname.split('/').at(-1)!;
  const expected = new Map<string, number>();
  const countries = ['DE', 'FR', 'GB', 'NL'];
  for (let batch = 0; batch < 12; batch++) {
    const orders = Array.from({ length: 25 }, (_, n) => ({
      country: countries[(batch + n) % 4]!,
      status: n % 5 === 0 ? 'open' : 'paid',
      quantity: (n % 3) + 1,
      price: 0.1 + n,
    }));
    for (const order of orders)
      if (order.status === 'paid')
        expected.set(
          order.country,
          (expected.get(order.country) ?? 0) + Math.round(order.quantity * order.price * 100),
        );
    await server.api('POST', `/ingest/${workflow}/ingest`, orders);
    await page.waitForTimeout(250);
  }
  await expect
    .poll(() => node(page, 'filter').locator('.rate').textContent(), { timeout: 15_000 })
    .toMatch(/^[1-9]\d*(\.\d+)?\/s$/);
  await page
    .locator('.edge-nums text')
    .filter({ hasText: /[1-9].*\/s/ })
    .first()
    .waitFor();
  await node(page, 'filter').dblclick();
  await page
    .locator('.drawer .ledger-row')
    .filter({ hasText: 'Left out' })
    .getByText('60', { exact: true })
    .waitFor({ timeout: 20_000 });
  await page.keyboard.press('Escape');

  // The view has the right result, and goes on changing while it is looked at.
  await page.goto(`${server.url}/views/revenue-per-country`);
  const rows = async () =>
    Object.fromEntries(
      await page
        .locator('.view-box tbody tr')
        .evaluateAll((found) => found.map((row) => [row.children[0]!.textContent, row.children[1]!.textContent])),
    );
  const shown = () =>
    Object.fromEntries(
      [...expected].map(([country, cents]) => [
        country,
        new Intl.NumberFormat('en', { maximumFractionDigits: 3 }).format(cents / 100),
      ]),
    );
  await expect.poll(rows, { timeout: 20_000 }).toEqual(shown());
  await server.api('POST', `/ingest/${workflow}/ingest`, [{ country: 'DE', status: 'paid', quantity: 1, price: 1000 }]);
  expected.set('DE', expected.get('DE')! + 100_000);
  await expect.poll(rows, { timeout: 20_000 }).toEqual(shown());
  expect(faults).toEqual([]);
});
