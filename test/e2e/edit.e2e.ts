import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTab, saved, startBrowser } from './support/browser.js';
import { orders } from './support/graphs.js';
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

interface Draft {
  revision: number;
  graph: {
    name: string;
    nodes: Array<{ id: string; label?: string; config?: unknown; position?: unknown }>;
    edges: unknown[];
  };
}
const draft = (id: string) => server.api<Draft>('GET', `/api/workflows/${id}`);
async function newWorkflow(name: string): Promise<string> {
  return (await server.api<{ id: string }>('POST', '/api/workflows', { name, graph: { ...orders, name } })).id;
}
async function open(page: Page, id: string): Promise<void> {
  await page.goto(`${server.url}/workflows/${id}?mode=draw`);
  await page.locator('.node[data-id=paid]').waitFor();
}
async function rename(page: Page, id: string, label: string): Promise<void> {
  await page.locator(`.node[data-id=${id}]`).click();
  await page.keyboard.press('F2');
  await page.locator('.rename').fill(label);
  await page.keyboard.press('Enter');
  await page.locator(`.node[data-id=${id}] .lb`).filter({ hasText: label }).waitFor();
}

describe('undo', () => {
  it('takes back switching off and grouping', async () => {
    const id = await newWorkflow('Off');
    const { page, context, faults } = await openTab(browser, server);
    await open(page, id);
    const start = (await draft(id)).graph;
    await page.locator('.node[data-id=paid]').click();
    await page.keyboard.press('d');
    await page.locator('.node.is-disabled[data-id=paid]').getByText('Records pass by').waitFor();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Control+g');
    const name = page.locator('.group-name');
    await name.dblclick();
    await page.locator('input.group-name').fill('Money');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Money' }).waitFor();
    await saved(page);
    const after = (await draft(id)).graph as { groups?: unknown; nodes: { id: string; disabled?: boolean }[] };
    expect(after.groups).toMatchObject([{ label: 'Money', nodes: ['orders', 'paid', 'revenue', 'board'] }]);
    expect(after.nodes.find((node) => node.id === 'paid')?.disabled).toBe(true);
    await page.screenshot({
      path: process.env.MILLRACE_SHOTS ? `${process.env.MILLRACE_SHOTS}/groups.png` : '/dev/null',
      type: 'png',
    });
    for (let i = 0; i < 3; i++) await page.keyboard.press('Control+z');
    await saved(page);
    expect((await draft(id)).graph).toEqual(start);
    expect(faults).toEqual([]);
    await context.close();
  });

  it('takes back every kind of edit and brings it again', async () => {
    const id = await newWorkflow('Undo');
    const { page, context, faults } = await openTab(browser, server);
    await open(page, id);
    const start = (await draft(id)).graph;
    await rename(page, 'paid', 'Paid orders');
    const card = (await page.locator('.node[data-id=board]').boundingBox())!;
    await page.mouse.move(card.x + 60, card.y + 20);
    await page.mouse.down();
    await page.mouse.move(card.x + 60, card.y + 160, { steps: 6 });
    await page.mouse.up();
    await page.locator('.node[data-id=revenue]').click();
    await page.keyboard.press('Control+c');
    await page.keyboard.press('Control+v');
    await page.locator('.node[data-id=revenue-2]').waitFor();
    await page.keyboard.press('Control+d');
    await page.locator('.node[data-id=revenue-3]').waitFor();
    await page.locator('.node[data-id=paid]').click();
    await page.keyboard.press('Control+Delete');
    await expect.poll(() => page.locator('.node').count()).toBe(5);
    await page.getByRole('button', { name: 'Tidy up' }).click();
    await page.getByText('Layout tidied up').waitFor();
    await saved(page);
    const end = (await draft(id)).graph;
    expect(end.nodes.map((node) => node.id).sort()).toEqual(['board', 'orders', 'revenue', 'revenue-2', 'revenue-3']);
    expect(end.edges).toHaveLength(2);

    for (let i = 0; i < 6; i++) await page.keyboard.press('Control+z');
    await expect.poll(() => page.locator('.node').count()).toBe(4);
    await expect.poll(async () => (await draft(id)).graph, { timeout: 15_000 }).toEqual(start);
    for (let i = 0; i < 6; i++) await page.keyboard.press('Control+y');
    await expect.poll(async () => (await draft(id)).graph, { timeout: 15_000 }).toEqual(end);
    expect(faults).toEqual([]);
    await context.close();
  });
});

describe('nothing is lost', () => {
  it('by a reload right after typing', async () => {
    const id = await newWorkflow('Reload');
    const { page, context } = await openTab(browser, server);
    await open(page, id);
    await rename(page, 'paid', 'Typed just now');
    await page.reload();
    await page.locator('.node[data-id=paid] .lb').filter({ hasText: 'Typed just now' }).waitFor();
    await saved(page);
    expect((await draft(id)).graph.nodes.find((node) => node.id === 'paid')?.label).toBe('Typed just now');
    await context.close();
  });

  it('while the network is gone, and when it comes back', async () => {
    const id = await newWorkflow('Network');
    const { page, context } = await openTab(browser, server);
    await open(page, id);
    await context.setOffline(true);
    await rename(page, 'paid', 'Without a network');
    await page.locator('.save[data-save=offline]').waitFor();
    await page.locator('.offline').waitFor();
    expect(await page.locator('.top .btn.p').getAttribute('aria-disabled')).toBe('true');
    await rename(page, 'board', 'Still working');
    await context.setOffline(false);
    await saved(page);
    await page.locator('.offline').waitFor({ state: 'detached' });
    const labels = (await draft(id)).graph.nodes.map((node) => node.label);
    expect(labels).toContain('Without a network');
    expect(labels).toContain('Still working');
    await context.close();
  });

  it('when the server is killed in the middle of editing and started again', async () => {
    const id = await newWorkflow('Restart');
    const { page, context } = await openTab(browser, server);
    await open(page, id);
    await rename(page, 'paid', 'Before the crash');
    await server.stop('SIGKILL');
    await rename(page, 'board', 'During the crash');
    await page.locator('.save[data-save=offline]').waitFor();
    await server.start();
    await saved(page);
    const labels = (await draft(id)).graph.nodes.map((node) => node.label);
    expect(labels).toContain('Before the crash');
    expect(labels).toContain('During the crash');
    await page.reload();
    await page.locator('.node[data-id=board] .lb').filter({ hasText: 'During the crash' }).waitFor();
    await context.close();
  });

  it('when two people change different things and merge', async () => {
    const id = await newWorkflow('Merge');
    const { page, context, faults } = await openTab(browser, server);
    await open(page, id);
    const { revision, graph } = await draft(id);
    await context.setOffline(true);
    await rename(page, 'paid', 'Mine');
    const theirs = {
      ...graph,
      nodes: graph.nodes.map((node) => (node.id === 'board' ? { ...node, label: 'Theirs' } : node)),
    };
    await server.api('PUT', `/api/workflows/${id}`, { revision, graph: theirs });
    await context.setOffline(false);
    const dialog = page.getByRole('dialog', { name: 'Someone else changed this workflow' });
    await dialog.getByText('Merging keeps the changes of both.').waitFor();
    await dialog.getByRole('button', { name: 'Merge', exact: true }).click();
    await saved(page);
    const labels = (await draft(id)).graph.nodes.map((node) => node.label);
    expect(labels).toEqual(expect.arrayContaining(['Mine', 'Theirs']));
    expect(faults).toEqual([]);
    await context.close();
  });

  it('when two people save: both versions are shown and the choice counts', async () => {
    const id = await newWorkflow('Two people');
    const { page, context } = await openTab(browser, server);
    await open(page, id);
    await context.setOffline(true);
    await rename(page, 'paid', 'Mine');
    const before = await draft(id);
    const theirs = {
      ...before.graph,
      nodes: before.graph.nodes.map((node) => (node.id === 'board' ? { ...node, label: 'Theirs' } : node)),
    };
    await server.api('PUT', `/api/workflows/${id}`, { revision: before.revision, graph: theirs });
    await context.setOffline(false);
    await page.getByRole('button', { name: 'Take theirs' }).click();
    await page.locator('.node[data-id=board] .lb').filter({ hasText: 'Theirs' }).waitFor();
    // Taking theirs is an edit like any other: undo brings mine back, and saves it.
    await page.keyboard.press('Control+z');
    await page.locator('.node[data-id=paid] .lb').filter({ hasText: 'Mine' }).waitFor();
    await saved(page);
    expect((await draft(id)).graph.nodes.find((node) => node.id === 'paid')?.label).toBe('Mine');
    await context.close();
  });
});
