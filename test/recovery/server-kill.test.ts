import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { publish, serverProcess } from '../support/server.mjs';

const KILLS = 4;
/** Records sent between two kills, and how many requests are under way at once. */
const PER_LIFE = 1200;
const AT_ONCE = 40;

const graph = {
  schema: 1,
  name: 'Once',
  nodes: [
    { id: 'orders', operator: 'http.ingest', config: {} },
    { id: 'valid', operator: 'core.filter', config: { where: 'id != null' } },
    {
      id: 'count',
      operator: 'core.running-aggregate',
      config: { groupBy: ['id'], aggregates: [{ fn: 'count', as: 'n' }] },
    },
    { id: 'seen', operator: 'view.table', config: { name: 'seen', key: ['id'] } },
  ],
  edges: [
    { id: 'e1', source: 'orders', target: 'valid' },
    { id: 'e2', source: 'valid', target: 'count' },
    { id: 'e3', source: 'count', target: 'seen' },
  ],
};

type Server = Awaited<ReturnType<typeof serverProcess>>;
const dir = mkdtempSync(join(tmpdir(), 'server-kill-'));
let server: Server | undefined;
afterEach(async () => {
  await server?.kill();
  rmSync(dir, { recursive: true, force: true });
});

/** Sends numbered records until the server is gone or all are sent; answers the numbers that got a 202. */
async function load(path: string, from: number, to: number, answered: Set<number>, killAt: number): Promise<void> {
  let next = from;
  const current = server!;
  const one = async () => {
    while (next < to) {
      const id = next++;
      if (id === killAt) void current.kill('SIGKILL');
      try {
        const { status } = await current.call(path, { body: { id }, headers: { 'idempotency-key': `order-${id}` } });
        if (status === 202) answered.add(id);
      } catch {
        return;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
}

async function rows(): Promise<{ id: number; n: number }[]> {
  const { body } = await server!.call('/api/views/seen?limit=10000');
  return body.rows;
}

it('every record that got its 202 is in the result once, however often the server is killed', async () => {
  const data = join(dir, 'data');
  const answered = new Set<number>();
  let sent = 0;
  server = await serverProcess(data);
  const { id, run } = await publish(server, graph);
  const path = `/ingest/${id}/orders`;
  for (let life = 0; life < KILLS; life++) {
    const before = answered.size;
    await load(path, sent, sent + PER_LIFE, answered, sent + Math.floor(PER_LIFE * (0.4 + 0.15 * life)));
    sent += PER_LIFE;
    // A kill that interrupted nothing proves nothing.
    expect(answered.size - before).toBeGreaterThan(100);
    expect(answered.size).toBeLessThan(sent);
    await server.kill();
    server = await serverProcess(data);
    expect((await server.call(`/api/runs/${run.id}`)).body.status).toBe('running');
  }
  await load(path, sent, sent + 200, answered, Number.NaN);
  // Sent again with their keys, those that were taken before are not taken twice.
  for (const again of [...answered].slice(-50)) {
    expect(
      (await server.call(path, { body: { id: again }, headers: { 'idempotency-key': `order-${again}` } })).status,
    ).toBe(202);
  }
  const missing = async () => {
    const there = new Set((await rows()).map((row) => row.id));
    return [...answered].filter((order) => !there.has(order));
  };
  await expect.poll(missing, { timeout: 20_000 }).toEqual([]);
  const result = new Map((await rows()).map((row) => [row.id, row.n]));
  expect([...answered].filter((order) => result.get(order) !== 1)).toEqual([]);
  expect([...result.values()].filter((n) => n !== 1)).toEqual([]);
});
