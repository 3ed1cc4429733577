import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readStoredRun } from '@millrace/embedded';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { ownFolder } from '../support/folder.js';
import { crashes } from './support/crashes.js';
import { downAtStart, downInTheMiddle, slowServer, troubleAt } from './support/faults.js';
import { NetworkProxy } from './support/proxy.js';
import { full, type Row, readLines, record, writeRecords } from './support/records.js';
import { roundTrip } from './support/round-trip.js';
import { type End, flow, Live, until, writeGraph } from './support/run.js';
import { useServer } from './support/server.js';
import { COLUMNS, keepWriting, type Sql, tidy } from './support/sql.js';

const server = useServer('postgres');

async function connect(): Promise<Sql> {
  const client = new pg.Client(server.url);
  client.on('error', () => undefined);
  await client.connect();
  return { run: async (text, values) => (await client.query(text, values)).rows, close: () => client.end() };
}

/** One statement over a connection of its own. */
async function sql(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = await connect();
  try {
    return await client.run(text, values);
  } finally {
    await client.close();
  }
}

const countOf = async (table: string) => Number((await sql(`SELECT count(*) AS n FROM ${table}`))[0]!.n);
const table = (name: string, more = '') => sql(`CREATE TABLE ${name} (${COLUMNS.postgres}${more})`);
const write = (name: string, more: object = {}): End => ({
  operator: 'postgres.write',
  config: { connection: server.url, table: name, ...more },
});
const read = (name: string, more: object = {}): End => ({
  operator: 'postgres.read',
  config: { connection: server.url, table: name, key: ['id'], ...more },
});
const lines = (rate?: number): End => ({
  operator: 'files.read',
  config: { path: 'in.ndjson', ...(rate && { rate }) },
});

async function folderWith(count: number): Promise<string> {
  const folder = ownFolder();
  await writeRecords(join(folder, 'in.ndjson'), count);
  return folder;
}

/** All rows as the source gives them, by another client than ours. */
async function rowsOf(name: string): Promise<Row[]> {
  const rows = await sql(`SELECT to_jsonb(t) || jsonb_build_object('big', t.big::text) AS row FROM ${name} t`);
  return rows.map(({ row }) => row as Row);
}

describe('PostgreSQL', () => {
  it('gives back what was written, every kind of value', async () => {
    await table('trip');
    await roundTrip({ sink: write('trip'), source: read('trip', { follow: false }), tidy });
  });

  it('moves a table into another exactly once over kills and a bounce, with late commits', async () => {
    const count = full ? 100_000 : 25_000;
    await table('source', ', updated_at timestamptz NOT NULL DEFAULT clock_timestamp()');
    await sql('CREATE INDEX ON source (updated_at, id)');
    await table('target');
    const folder = ownFolder();
    const shop = keepWriting(count, {
      connect,
      perSecond: full ? 4000 : 1000,
      insert: (rows) => ({
        text: 'INSERT INTO source SELECT * FROM jsonb_populate_recordset(NULL::source, $1) ON CONFLICT DO NOTHING',
        values: [JSON.stringify(rows.map((row) => ({ ...row, updated_at: new Date().toISOString() })))],
      }),
    });
    const result = await crashes({
      graph: writeGraph(folder, flow(read('source', { order: 'updated_at', every: '100 ms' }), write('target'))),
      dataDir: join(folder, 'data'),
      count,
      read: () => rowsOf('target'),
      progress: () => countOf('target'),
      server: server.instance,
      tidy,
    });
    await shop.done;
    expect(result).toMatchObject({ lost: [], duplicates: [], changed: [], strange: [] });
  });

  it('writes each line of a file once into a table without a key, over kills and a bounce', async () => {
    const count = 30_000;
    await table('facts');
    await sql('ALTER TABLE facts DROP CONSTRAINT facts_pkey');
    const folder = await folderWith(count);
    const result = await crashes({
      graph: writeGraph(folder, flow(lines(1500), write('facts'))),
      dataDir: join(folder, 'data'),
      count,
      read: () => rowsOf('facts'),
      progress: () => countOf('facts'),
      server: server.instance,
      tidy,
    });
    expect(result).toMatchObject({ lost: [], duplicates: [], changed: [], strange: [] });
  });

  it('keeps what the table refuses as dead letters with the reason, and writes the rest', async () => {
    await sql('CREATE TABLE picky (id text PRIMARY KEY, n int NOT NULL CHECK (n % 100 <> 7), big bigint)');
    const folder = await folderWith(3000);
    const live = await Live.start(folder, flow(lines(), write('picky')));
    await live.finished();
    expect(await countOf('picky')).toBe(2970);
    const stored = readStoredRun(join(folder, 'data'))!;
    const letters = stored.deadLetters();
    await stored.close();
    expect(letters).toHaveLength(30);
    expect(letters[0]).toMatchObject({
      node: 'out',
      code: 'ROW_REFUSED',
      message: expect.stringContaining('picky_n_check'),
    });
  });

  it('replaces rows by key and removes them, the latest record last', async () => {
    await sql('CREATE TABLE stock (sku text PRIMARY KEY, left_over int, note text DEFAULT $$kept$$)');
    const folder = ownFolder();
    const graph = flow(lines(), write('stock', { mode: 'upsert', key: ['sku'] })) as {
      nodes: object[];
      edges: object[];
    };
    graph.nodes.push({
      id: 'sum',
      operator: 'core.running-aggregate',
      config: { groupBy: ['sku'], aggregates: [{ fn: 'sum', field: 'change', as: 'leftOver' }] },
    });
    graph.edges.splice(0, 1, { id: 'a', source: 'in', target: 'sum' }, { id: 'b', source: 'sum', target: 'out' });
    const changes = Array.from({ length: 5000 }, (_, i) => ({ sku: `S${i % 50}`, change: i % 3 }));
    writeFileSync(join(folder, 'in.ndjson'), changes.map((change) => JSON.stringify(change)).join('\n'));
    const live = await Live.start(folder, graph);
    await live.finished();
    const sums = new Map<string, number>();
    for (const { sku, change } of changes) sums.set(sku, (sums.get(sku) ?? 0) + change);
    const rows = await sql('SELECT sku, left_over, note FROM stock');
    expect(new Map(rows.map((row) => [row.sku, row.left_over]))).toEqual(sums);
    expect(rows.every(({ note }) => note === 'kept')).toBe(true);
  });

  it('looks up rows for records, null where there is none', async () => {
    await sql('CREATE TABLE shops (n int PRIMARY KEY, name text, opened timestamptz)');
    await sql("INSERT INTO shops SELECT i, 'shop ' || i, '2024-01-05T10:00:00Z' FROM generate_series(0, 499) i");
    await sql('CREATE TABLE found (id text PRIMARY KEY, shop jsonb)');
    const folder = await folderWith(1000);
    const graph = flow(lines(), write('found')) as { nodes: object[]; edges: object[] };
    graph.nodes.push({
      id: 'look',
      operator: 'postgres.lookup',
      config: { connection: server.url, table: 'shops', key: ['n'], as: 'shop' },
    });
    graph.edges.splice(0, 1, { id: 'a', source: 'in', target: 'look' }, { id: 'b', source: 'look', target: 'out' });
    const live = await Live.start(folder, graph);
    await live.finished();
    expect(await sql('SELECT shop FROM found WHERE id = $1', [record(42).id])).toEqual([
      { shop: { n: 42, name: 'shop 42', opened: '2024-01-05T10:00:00Z' } },
    ]);
    expect(await sql("SELECT count(*)::int AS n FROM found WHERE shop IS NULL OR shop = 'null'")).toEqual([{ n: 500 }]);
  });
});

describe('trouble with PostgreSQL', () => {
  it('names a wrong password, an unknown database and an unknown table, and waits for the repair', async () => {
    const url = new URL(server.url);
    url.password = 'hunter2';
    const folder = await folderWith(10);
    const at = (config: object, node: 'in' | 'out' = 'out') => ({
      folder: ownFolder(),
      graph:
        node === 'out'
          ? flow({ operator: 'files.read', config: { path: join(folder, 'in.ndjson') } }, write('nowhere', config))
          : flow(read('nowhere', config), { operator: 'files.write', config: { path: 'out.ndjson' } }),
      node,
    });
    for (const node of ['in', 'out'] as const) {
      const login = await troubleAt(at({ connection: url.href }, node), 'hunter2');
      expect(login).toMatchObject({ code: 'DATABASE_LOGIN', failed: false });
      const unknown = new URL(server.url);
      unknown.pathname = '/nosuch';
      expect(await troubleAt(at({ connection: unknown.href }, node))).toMatchObject({
        code: 'DATABASE_UNKNOWN',
        failed: false,
      });
      expect(await troubleAt(at({}, node))).toMatchObject({ code: 'TABLE_UNKNOWN', failed: false });
    }
    // The table is made while the nodes wait for it.
    const live = await Live.start(folder, flow(lines(), write('late_table')));
    expect(await live.trouble('out')).toMatchObject({ code: 'TABLE_UNKNOWN', failed: false });
    await table('late_table');
    await live.finished(30_000);
    expect(await countOf('late_table')).toBe(10);
  });

  it('tells how to make the table of positions when its user may not', async () => {
    const name = `plain_${Date.now()}`;
    await sql(`CREATE USER ${name} PASSWORD 'x'`);
    await sql('CREATE DATABASE walled');
    const url = new URL(server.url);
    url.pathname = '/walled';
    const client = new pg.Client(url.href);
    await client.connect();
    await client.query(
      `CREATE TABLE orders (id text); GRANT ALL ON orders TO ${name}; REVOKE CREATE ON SCHEMA public FROM PUBLIC`,
    );
    await client.end();
    url.username = name;
    url.password = 'x';
    const folder = await folderWith(10);
    const trouble = await troubleAt({
      folder,
      graph: flow(lines(), write('orders', { connection: url.href })),
      node: 'out',
    });
    expect(trouble).toMatchObject({ code: 'POSITIONS_MISSING', hint: expect.stringContaining('CREATE TABLE') });
  });

  it('goes on by itself when the server is down at the start, sink and source', async () => {
    await table('from_start');
    const folder = await folderWith(1000);
    const arrived = async () => (await countOf('from_start').catch(() => 0)) === 1000;
    const sink = { folder, graph: flow(lines(), write('from_start')), node: 'out' as const };
    expect((await downAtStart(sink, server.instance, arrived)).code).toBe('DATABASE_UNREACHABLE');
    const graph = flow(read('from_start', { follow: false }), {
      operator: 'files.write',
      config: { path: 'out.ndjson' },
    });
    const source = { folder: ownFolder(), graph, node: 'in' as const };
    await downAtStart(source, server.instance, () => readLines(join(source.folder, 'out.ndjson')).length === 1000);
  });

  it('goes on by itself when the server dies in the middle', async () => {
    await table('middle');
    const folder = await folderWith(6000);
    const count = () => countOf('middle').catch(() => 0);
    await downInTheMiddle({ folder, graph: flow(lines(1500), write('middle')), node: 'out' }, server.instance, {
      moving: async () => (await count()) > 500,
      arrived: async () => (await count()) === 6000,
    });
    expect(await rowsOf('middle')).toHaveLength(6000);
  });

  it('slows the source down when it is slow itself, and keeps memory flat', async () => {
    await table('slow');
    const proxy = await NetworkProxy.before(server.url);
    const folder = await folderWith(100_000);
    await slowServer(
      { folder, graph: flow(lines(), write('slow', { connection: proxy.through(server.url) })), node: 'out' },
      { begin: () => proxy.stall(), end: () => proxy.heal() },
      {
        moving: async () => (await countOf('slow')) > 2000,
        arrived: async () => (await countOf('slow')) === 100_000,
      },
    );
  });

  it('reads the position back when the answer to a commit is lost', async () => {
    await table('unsure');
    const proxy = await NetworkProxy.before(server.url);
    const folder = await folderWith(5000);
    const live = await Live.start(
      folder,
      flow(lines(2500), write('unsure', { connection: proxy.through(server.url) })),
    );
    await until('rows', async () => (await countOf('unsure')) > 200);
    for (let i = 0; i < 3; i++) {
      const before = await countOf('unsure');
      const swallowed = proxy.swallow('answers');
      await until('a statement whose answer is swallowed', () => swallowed() > 0);
      proxy.cut();
      proxy.heal();
      await until('rows to come again', async () => (await countOf('unsure')) > before + 100);
    }
    await live.finished();
    expect(await countOf('unsure')).toBe(5000);
  });
});
