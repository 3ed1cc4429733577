import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTab, startBrowser } from './support/browser.js';
import { orders } from './support/graphs.js';
import { startServer, type TestServer } from './support/server.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let server: TestServer;
let browser: Browser;
let id: string;
let helpId: string;
/** The demo that runs from the first start on. */
let demo: string;
beforeAll(async () => {
  server = await startServer();
  browser = await startBrowser();
  const make = async (name: string, graph: object) =>
    (await server.api<{ id: string }>('POST', '/api/workflows', { name, graph })).id;
  const { workflows } = await server.api<{ workflows: { id: string; name: string }[] }>('GET', '/api/workflows');
  demo = workflows.find(({ name }) => name === 'Live shop')!.id;
  id = await make('Orders', orders);
  helpId = await make('Help', {
    schema: 1,
    name: 'Help',
    nodes: [
      { id: 'check', operator: 'commerce.order-validate', config: {}, position: { x: 0, y: 0 } },
      { id: 'watch', operator: 'commerce.monitor', config: {}, position: { x: 0, y: 300 } },
    ],
    edges: [],
  });
});
afterAll(async () => {
  await browser?.close();
  await server?.dispose();
});

/** What axe finds that is serious or critical, as `rule: element`. */
async function serious(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: {
        run(options: object): Promise<{
          violations: Array<{ id: string; impact: string; nodes: Array<{ html: string; failureSummary: string }> }>;
        }>;
      };
    };
    const { violations } = await axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] });
    return violations
      .filter((one) => one.impact === 'serious' || one.impact === 'critical')
      .flatMap((one) =>
        one.nodes.map(
          (node) => `${one.id}: ${node.html.slice(0, 160)} (${node.failureSummary.replace(/\s+/g, ' ').slice(0, 160)})`,
        ),
      );
  });
}

/** With PICTURES=FOLDER what a person sees is kept there. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.PICTURES;
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`) });
}

describe.each([
  ['light', 'en'],
  ['dark', 'en'],
  ['light', 'zh-CN'],
  ['dark', 'zh-CN'],
] as const)('axe on the %s theme in %s', (theme, language) => {
  it('finds nothing serious on any main screen', async () => {
    const { page, context, faults } = await openTab(browser, server, { theme, language });
    const found: { [screen: string]: string[] } = {};
    const look = async (screen: string) => {
      await page.waitForTimeout(400);
      await picture(page, `${screen.replaceAll(' ', '-')}-${theme}-${language}`);
      found[screen] = await serious(page);
    };
    await page.goto(server.url);
    await page.locator('.template, .templates p').first().waitFor();
    await look('home');
    for (const path of ['workflows', 'runs', 'views', 'connections']) {
      await page.goto(`${server.url}/${path}`);
      await page.locator('.page h1').waitFor();
      await look(path);
    }
    await page.goto(`${server.url}/views/top-products`);
    await page.locator('.view-box tbody tr').nth(5).waitFor();
    await look('view');
    await page.goto(`${server.url}/workflows/${demo}?mode=live`);
    await page.locator('.kpis').waitFor();
    await page.waitForTimeout(2500);
    await look('live demo');
    await page.locator('.node[data-id]').first().dblclick();
    await page.locator('.drawer-value').first().waitFor();
    await look('node in the live demo');
    await page.goto(`${server.url}/workflows/${id}?mode=draw`);
    await page.locator('.node[data-id=paid]').waitFor();
    await look('draw');
    await page.locator('.node[data-id=paid]').click();
    await page.locator('.expression textarea').click();
    await page.locator('.cm-editor').waitFor();
    await look('expression');
    await page.locator('.inspector [role=tab]').nth(2).click();
    await look('when it fails');
    await page.locator('.canvas').hover({ position: { x: 300, y: 60 } });
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    await page.locator('.quick-add').waitFor();
    await look('quick add');
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await look('keys');
    await page.keyboard.press('Escape');
    await page.locator('.top .btn.p').click();
    await page.locator('.plan').waitFor();
    await look('publish');
    await page.keyboard.press('Escape');
    await page.locator('.top .seg button').nth(1).click();
    await page.locator('.kpis').waitFor();
    await look('live');
    await page.goto(`${server.url}/workflows/${helpId}?mode=draw`);
    await page.locator('.node[data-id=check]').click();
    await page.locator('.inspector [role=tab]').nth(3).click();
    // What the text marks as a table is one: nine rows of codes with their meaning.
    await page.locator('.help .help-table thead th[scope=col]').nth(1).waitFor();
    expect(await page.locator('.help .help-table tbody tr').count()).toBe(9);
    expect(await page.locator('.help').textContent()).not.toMatch(/\|---|\*\*/);
    // What operators find in their settings is said in the reader's language.
    expect(await page.locator('.problems-list').textContent()).toContain(
      language === 'en' ? 'Say which number is watched.' : '请填写要监测的数字。',
    );
    await look('help with a table');
    await page.locator('.node[data-id=watch]').click();
    await page.locator('.inspector [role=tab]').nth(3).click();
    await page.locator('.help .markdown em, .help .markdown b').first().waitFor();
    expect(await page.locator('.help .markdown').textContent()).not.toMatch(/\*/);
    await look('help with emphasis');
    expect(found).toEqual(Object.fromEntries(Object.keys(found).map((screen) => [screen, []])));
    expect(faults).toEqual([]);
    await context.close();
  });
});
