import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { orderGraph, type TestServer, testServer } from '../testing/test-server.js';

let made: TestServer;
beforeEach(async () => {
  made = await testServer();
});
afterEach(() => made.dispose());

async function publish(graph?: object) {
  const workflow = (await made.send('/api/workflows', { body: { graph: graph ?? orderGraph() } })).body;
  const reply = await made.send(`/api/workflows/${workflow.id}/publish`, { body: { revision: workflow.revision } });
  return { workflow, reply, run: reply.body.run };
}

describe('a run', () => {
  it('goes on after the server has stopped and started', async () => {
    const { run } = await publish();
    expect(run.status).toBe('running');
    await made.restart();
    expect((await made.send(`/api/runs/${run.id}`)).body.status).toBe('running');
    expect(made.engine.started.map((start) => start.dataDir)).toEqual([
      join(made.dir, 'data', 'runs', run.id),
      join(made.dir, 'data', 'runs', run.id),
    ]);
  });

  it('that was paused stays paused over a restart, and resumes', async () => {
    const { run } = await publish();
    expect((await made.send(`/api/runs/${run.id}/pause`, { method: 'POST' })).body.status).toBe('paused');
    await made.restart();
    expect(made.engine.started).toHaveLength(1);
    expect((await made.send(`/api/runs/${run.id}/resume`, { method: 'POST' })).body.status).toBe('running');
    expect((await made.send(`/api/runs/${run.id}/finish`, { method: 'POST' })).body).toMatchObject({
      status: 'finished',
      endedAt: expect.any(Number),
    });
    expect((await made.send(`/api/runs/${run.id}/resume`, { method: 'POST' })).status).toBe(409);
  });

  it('that cannot start leaves the one before running', async () => {
    const { workflow, run } = await publish();
    await made.send(`/api/workflows/${workflow.id}`, {
      method: 'PUT',
      body: { revision: 1, graph: orderGraph('Two') },
    });
    made.engine.refuse = new Error('no room');
    expect(
      (await made.send(`/api/workflows/${workflow.id}/publish`, { body: { revision: 2 } })).status,
    ).toBeGreaterThanOrEqual(500);
    expect((await made.send(`/api/runs/${run.id}`)).body.status).toBe('running');
    expect((await made.send(`/api/workflows/${workflow.id}`)).body.publishedVersion).toBe(1);
  });

  it('does not lose state without leave', async () => {
    const { workflow } = await publish();
    const graph = orderGraph();
    (graph.nodes[2] as { config: object }).config = { name: 'paid-orders', key: ['orderId'] };
    await made.send(`/api/workflows/${workflow.id}`, { method: 'PUT', body: { revision: 1, graph } });
    const url = `/api/workflows/${workflow.id}/publish`;
    const refused = await made.send(url, { body: { revision: 2 } });
    expect(refused.status).toBe(409);
    expect(refused.body.error).toMatchObject({ code: 'STATE_LOSS', params: { nodes: ['table', 'orders'] } });
    const accepted = await made.send(url, { body: { revision: 2, acceptStateLoss: ['orders', 'table'] } });
    expect(accepted.body.version).toBe(2);
    expect(made.engine.started.map((start) => start.migrate)).toEqual([false, false]);
  });

  it('hands its state on to the next version, and a run that stops is gone with its directory', async () => {
    const { workflow, run } = await publish();
    const dir = made.engine.started[0]!.dataDir;
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, 'state'), 'x');
    const graph = orderGraph();
    (graph.nodes[1] as { config: object }).config = { where: "status == 'open'" };
    await made.send(`/api/workflows/${workflow.id}`, { method: 'PUT', body: { revision: 1, graph } });
    const next = (await made.send(`/api/workflows/${workflow.id}/publish`, { body: { revision: 2 } })).body.run;
    expect(made.engine.started[1]).toMatchObject({ migrate: true });
    expect(readFileSync(join(made.engine.started[1]!.dataDir, 'state'), 'utf8')).toBe('x');
    expect((await made.send(`/api/runs/${run.id}`)).body.status).toBe('killed');
    expect((await made.send(`/api/workflows/${workflow.id}`)).body.run).toMatchObject({
      id: next.id,
      status: 'running',
    });
    expect(readdirSync(join(made.dir, 'data', 'runs'))).toEqual([next.id]);
  });

  it('has a savepoint: one file', async () => {
    const { run } = await publish();
    const { status, body } = await made.send(`/api/runs/${run.id}/savepoint`, { method: 'POST' });
    expect(status).toBe(201);
    expect(readFileSync(join(made.dir, 'data', 'savepoints', body.savepoint), 'utf8')).toBe('state');
  });

  it('that failed says why, and can be resumed', async () => {
    const { run } = await publish();
    made.engine.alive[0]!.end({ status: 'failed', error: { code: 'OPERATOR_THREW', message: 'no' } });
    await expect
      .poll(async () => (await made.send(`/api/runs/${run.id}`)).body)
      .toMatchObject({ status: 'failed', error: { code: 'OPERATOR_THREW' } });
    await made.restart();
    expect((await made.send(`/api/runs/${run.id}`)).body.status).toBe('failed');
    const resumed = (await made.send(`/api/runs/${run.id}/resume`, { method: 'POST' })).body;
    expect(resumed).toMatchObject({ status: 'running' });
    expect(resumed.error).toBeUndefined();
  });

  it('is rescaled by a pause that drains and a start with the new numbers', async () => {
    const { run } = await publish();
    expect((await made.send(`/api/runs/${run.id}/rescale`, { body: { nodes: { paid: 2 } } })).body.status).toBe(
      'running',
    );
    expect(made.engine.started[1]).toMatchObject({ migrate: true, dataDir: made.engine.started[0]!.dataDir });
    expect(made.engine.started[1]!.plan.stages.some((stage) => stage.parallelism === 2)).toBe(true);
  });

  it('shows views while it runs and after', async () => {
    const { run } = await publish();
    made.engine.alive[0]!.rows = { table: [{ id: 'b', n: 2 }, { id: 'a', n: 10 }, { id: 'c' }] };
    const read = async () => (await made.send('/api/views/paid-orders?sort=n&desc=1&limit=2')).body;
    expect(await read()).toMatchObject({
      name: 'paid-orders',
      columns: ['id', 'n'],
      rows: [
        { id: 'a', n: 10 },
        { id: 'b', n: 2 },
      ],
      total: 3,
    });
    await made.send(`/api/runs/${run.id}/pause`, { method: 'POST' });
    expect((await read()).rows).toHaveLength(2);
    expect((await made.send('/api/views')).body.views).toEqual([
      { name: 'paid-orders', workflowId: 'orders', nodeId: 'table', title: 'paid-orders', rows: 3 },
    ]);
  });

  it('lets samples, dead letters and replays through to the engine', async () => {
    const { run } = await publish();
    expect((await made.send(`/api/runs/${run.id}/edges/e1/sample?limit=5`)).body.records[0].value).toEqual({
      edgeId: 'e1',
      limit: 5,
    });
    expect((await made.send(`/api/runs/${run.id}/edges/nope/sample`)).status).toBe(404);
    expect((await made.send(`/api/runs/${run.id}/dead-letters`)).body.letters).toEqual([{ id: 'paid:1' }]);
    expect((await made.send(`/api/runs/${run.id}/dead-letters/replay`, { body: { ids: ['paid:1'] } })).body).toEqual({
      replayed: 1,
    });
    expect(
      (
        await made.send(`/api/runs/${run.id}/dead-letters/replay`, {
          body: { ids: ['paid:1'] },
          token: made.tokens.viewer,
        })
      ).status,
    ).toBe(403);
  });

  it('is written into the audit with who did it', async () => {
    const { workflow, run } = await publish();
    await made.send(`/api/runs/${run.id}/kill`, { method: 'POST', token: made.tokens.editor });
    const { entries } = (await made.send('/api/audit')).body;
    expect(entries.slice(0, 3)).toMatchObject([
      { action: 'run.kill', user: 'editor', target: run.id },
      { action: 'workflow.publish', user: 'admin', target: workflow.id },
      { action: 'workflow.create', user: 'admin' },
    ]);
  });
});
