import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { orderGraph, type TestServer, testServer } from '../testing/test-server.js';

let made: TestServer;
beforeEach(async () => {
  made = await testServer();
});
afterEach(() => made.dispose());

const create = async (graph: object = orderGraph()) => (await made.send('/api/workflows', { body: { graph } })).body;

async function publish(graph?: object) {
  const workflow = (await made.send('/api/workflows', { body: { graph: graph ?? orderGraph() } })).body;
  const reply = await made.send(`/api/workflows/${workflow.id}/publish`, { body: { revision: workflow.revision } });
  return { workflow, reply, run: reply.body.run };
}

const filesOf = (dir: string): string[] =>
  readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

describe('a workflow', () => {
  it('is saved on the revision it was read at; a second save of it gets 409 with both versions', async () => {
    const { id, revision } = await create();
    const url = `/api/workflows/${id}`;
    expect((await made.send(url, { method: 'PUT', body: { revision, graph: orderGraph('Mine') } })).body).toMatchObject(
      { revision: revision + 1 },
    );
    const second = await made.send(url, { method: 'PUT', body: { revision, graph: orderGraph('Yours') } });
    expect(second.status).toBe(409);
    expect(second.body).toMatchObject({
      error: { code: 'REVISION_CONFLICT', params: { yours: revision } },
      theirs: { revision: revision + 1, graph: { name: 'Mine' } },
    });
    expect((await made.send(url)).body.name).toBe('Mine');
  });

  it('may be unfinished as a draft, and is then not published', async () => {
    const draft = { ...orderGraph(), edges: [] };
    const { reply } = await publish(draft);
    expect(reply.status).toBe(422);
    expect(reply.body.error).toMatchObject({
      code: 'GRAPH_INVALID',
      findings: expect.arrayContaining([expect.objectContaining({ severity: 'error' })]),
    });
    expect(made.engine.started).toHaveLength(0);
  });

  it.each([
    ['a reserved id', { nodes: [{ id: '__proto__', operator: 'core.filter' }] }, 'NODE_ID'],
    [
      'two nodes of one id',
      {
        nodes: [
          { id: 'a', operator: 'x' },
          { id: 'a', operator: 'x' },
        ],
      },
      'NODE_ID_DUPLICATE',
    ],
    ['a path as id', { nodes: [{ id: '../../etc', operator: 'x' }] }, 'NODE_ID_INVALID'],
    [
      'too many nodes',
      { nodes: Array.from({ length: 1001 }, (_, i) => ({ id: `n${i}`, operator: 'x' })) },
      'TOO_MANY_NODES',
    ],
    ['a field of the server', { ownerId: 'attacker' }, 'UNKNOWN_PROPERTY'],
    ['a link of its own', { nodes: [{ id: 'a', operator: 'x', docsUrl: 'javascript:alert(1)' }] }, 'UNKNOWN_PROPERTY'],
    [
      'a position that cannot be drawn',
      { nodes: [{ id: 'a', operator: 'x', position: { x: 'left', y: null } }] },
      'POSITION_INVALID',
    ],
  ])('with %s is not stored', async (_title, part, code) => {
    const reply = await made.send('/api/workflows', { body: { graph: { ...orderGraph(), edges: [], ...part } } });
    expect(reply.status).toBe(422);
    expect(reply.body.error.code).toMatch(code);
    expect((await made.send('/api/workflows')).body.workflows).toEqual([]);
  });

  it('is checked and described while it is broken', async () => {
    const graph = orderGraph();
    (graph.nodes[1] as { config: object }).config = { where: 'status ==' };
    const { body } = await made.send('/api/validate', { body: { graph } });
    expect(body.findings.length).toBeGreaterThan(0);
    expect(Object.keys(body.nodes).sort()).toEqual(['orders', 'paid', 'table']);
    expect(body.nodes.orders.outputs.out.mode).toEqual({ mode: 'append' });
    expect(body.nodes.paid.summary).toBeNull();
  });

  it('shows what publishing would change', async () => {
    const { workflow } = await publish();
    const graph = orderGraph();
    (graph.nodes[1] as { config: object }).config = { where: "status == 'open'" };
    await made.send(`/api/workflows/${workflow.id}`, { method: 'PUT', body: { revision: 1, graph } });
    const { body } = await made.send(`/api/workflows/${workflow.id}/plan`, { body: { revision: 2 } });
    expect(body.changes).toEqual([{ nodeId: 'paid', change: 'config', state: 'none', live: false }]);
    expect(body.restarts).toBe(true);
    expect(body.plan).toContain('orders');
  });

  it('tells files outside its folder from those inside', async () => {
    mkdirSync(join(made.dir, 'data', 'files', 'in'), { recursive: true });
    const graph = orderGraph();
    (graph.nodes[0] as { config: object }).config = { log: '../../../../proc/self' };
    expect((await publish(graph)).reply.body.error.findings).toEqual(
      expect.arrayContaining([expect.objectContaining({ code: 'PATH_OUTSIDE_ROOT', nodeId: 'orders' })]),
    );
    (graph.nodes[0] as { config: object }).config = { log: 'in/orders' };
    expect((await publish({ ...graph, name: 'Inside' })).reply.status).toBe(200);
  });

  it('keeps secrets out of every file and answer', async () => {
    const graph = orderGraph();
    (graph.nodes[0] as { config: object }).config = { secret: 'hunter2-hunter2' };
    const { workflow, reply } = await publish(graph);
    expect(reply.status).toBe(200);
    expect(workflow.graph.nodes[0].config.secret).toEqual({ $secret: expect.stringMatching(/^[0-9a-f]{24}$/) });
    await made.restart();
    expect(made.engine.started.map((start) => JSON.stringify(start)).join('')).not.toContain('hunter2');
    expect((await made.send(`/api/workflows/${workflow.id}/versions`)).text).not.toContain('hunter2');
    expect(made.logs.join('')).not.toContain('hunter2');
    for (const file of filesOf(join(made.dir, 'data')))
      expect(readFileSync(file, 'latin1').includes('hunter2'), file).toBe(false);
  });

  it('that runs is deleted only by name, with everything that belongs to it', async () => {
    const { workflow } = await publish();
    expect((await made.send(`/api/workflows/${workflow.id}`, { method: 'DELETE' })).status).toBe(409);
    expect((await made.send(`/api/workflows/${workflow.id}?confirm=Orders`, { method: 'DELETE' })).status).toBe(204);
    expect((await made.send('/api/runs')).body.runs).toEqual([]);
    expect(readdirSync(join(made.dir, 'data', 'ingest'))).toEqual([]);
  });
});

describe('expressions', () => {
  it('are checked and tried on samples', async () => {
    const check = async (body: object) => (await made.send('/api/expressions/check', { body })).body;
    expect(await check({ expression: 'qty * 2 > 5', type: null, samples: [{ qty: 3 }, { qty: 'x' }] })).toMatchObject({
      findings: [],
      results: [
        { ok: true, value: true },
        { ok: false, error: { code: expect.any(String) } },
      ],
    });
    expect((await check({ expression: 'qty *', type: null })).findings[0]).toMatchObject({
      severity: 'error',
      range: expect.any(Object),
    });
  });
});
