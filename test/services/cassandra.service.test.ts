import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readStoredRun } from '@millrace/embedded';
import { Client, type ClientOptions } from 'cassandra-driver';
import { describe, expect, it } from 'vitest';
import { ownFolder } from '../support/folder.js';
import { crashes } from './support/crashes.js';
import { downInTheMiddle, troubleAt } from './support/faults.js';
import { compare, full, type Row, readLines, record, writeRecords } from './support/records.js';
import { type End, flow, Live, writeGraph } from './support/run.js';
import { useServer } from './support/server.js';

const server = useServer('cassandra');

async function cql(query: string, params: unknown[] = []): Promise<Record<string, unknown>[]> {
  const url = new URL(server.url.replace(/^cassandra/, 'http'));
  const client = new Client({
    contactPoints: [url.host],
    localDataCenter: url.searchParams.get('datacenter') ?? 'datacenter1',
    keyspace: url.pathname.slice(1),
    credentials: { username: url.username, password: url.password },
    encoding: { useBigIntAsLong: true },
    socketOptions: { readTimeout: 60_000 },
  } as ClientOptions);
  try {
    const rows: Record<string, unknown>[] = [];
    for await (const row of await client.execute(query, params, { prepare: true, fetchSize: 1000 })) rows.push(row);
    return rows;
  } finally {
    await client.shutdown();
  }
}

const COLUMNS =
  'id text PRIMARY KEY, n int, text text, number double, whole bigint, big bigint, flag boolean, nothing text, nested text, list text, at bigint, large text';
const countOf = async (table: string) => (await cql(`SELECT id FROM ${table}`)).length;
const write = (table: string, more: object = {}): End => ({
  operator: 'cassandra.write',
  config: { connection: server.url, table, ...more },
});
const lines = (rate?: number): End => ({
  operator: 'files.read',
  config: { path: 'in.ndjson', time: { field: 'at' }, ...(rate && { rate }) },
});

async function rowsOf(table: string): Promise<Row[]> {
  return (await cql(`SELECT * FROM ${table}`)).map((row) => {
    const { large, ...rest } = row;
    const value = large === null ? rest : row;
    return {
      ...value,
      whole: Number(row.whole),
      big: String(row.big),
      at: Number(row.at),
      nested: JSON.parse(row.nested as string),
      list: JSON.parse(row.list as string),
    } as unknown as Row;
  });
}

async function folderWith(count: number): Promise<string> {
  const folder = ownFolder();
  await writeRecords(join(folder, 'in.ndjson'), count);
  return folder;
}

describe('Cassandra', () => {
  it('holds what was written, every kind of value', async () => {
    const count = full || process.env.CI === 'true' ? 100_000 : 20_000;
    await cql(`CREATE TABLE trip (${COLUMNS})`);
    const folder = await folderWith(count);
    const started = performance.now();
    await (await Live.start(folder, flow(lines(), write('trip')))).finished(300_000);
    const written = performance.now();
    // By its own client: there is no source of Cassandra.
    const rows = await rowsOf('trip');
    expect(compare(count, rows)).toEqual({ lost: [], duplicates: [], changed: [], strange: [] });
    const speed = Math.round(count / ((written - started) / 1000)).toLocaleString('en');
    process.stdout.write(`cassandra.write: ${count} records equal; in ${speed} records/s (start included)\n`);
  });

  it('holds each line of a file once, every kind of value, over kills and a bounce', async () => {
    const count = full ? 100_000 : 8000;
    await cql(`CREATE TABLE lines (${COLUMNS})`);
    const folder = await folderWith(count);
    const result = await crashes({
      graph: writeGraph(folder, flow(lines(full ? 3000 : 600), write('lines'))),
      dataDir: join(folder, 'data'),
      count,
      read: () => rowsOf('lines'),
      progress: () => countOf('lines'),
      server: server.instance,
    });
    expect(result).toMatchObject({ lost: [], duplicates: [], changed: [], strange: [] });
  });

  it('keeps the newer value, whatever comes later', async () => {
    await cql('CREATE TABLE prices (sku text PRIMARY KEY, price decimal)');
    const folder = ownFolder();
    const prices = [
      { sku: 'a', price: 2, at: 2000 },
      { sku: 'a', price: 1, at: 1000 },
    ];
    writeFileSync(join(folder, 'in.ndjson'), prices.map((price) => JSON.stringify(price)).join('\n'));
    await (await Live.start(folder, flow(lines(), write('prices')))).finished();
    expect(String((await cql('SELECT price FROM prices'))[0]!.price)).toBe('2');
    const again = ownFolder();
    writeFileSync(
      join(again, 'in.ndjson'),
      JSON.stringify({ sku: 'b', price: 1, at: 9 }).concat('\n', JSON.stringify({ sku: 'b', price: 5, at: 1 })),
    );
    await (await Live.start(again, flow(lines(), write('prices', { writeTime: 'order' })))).finished();
    expect(String((await cql("SELECT price FROM prices WHERE sku = 'b'"))[0]!.price)).toBe('5');
  });

  it('looks up rows for records, null where there is none; what does not fit is a dead letter', async () => {
    await cql('CREATE TABLE shops (n int PRIMARY KEY, name text)');
    for (let n = 0; n < 20; n++) await cql('INSERT INTO shops (n, name) VALUES (?, ?)', [n, `shop ${n}`]);
    const folder = await folderWith(40);
    const graph = flow(lines(), { operator: 'files.write', config: { path: 'out.ndjson' } }) as {
      nodes: object[];
      edges: object[];
    };
    graph.nodes.push({
      id: 'look',
      operator: 'cassandra.lookup',
      config: { connection: server.url, table: 'shops', key: ['n'], as: 'shop' },
    });
    graph.edges.splice(0, 1, { id: 'a', source: 'in', target: 'look' }, { id: 'b', source: 'look', target: 'out' });
    await (await Live.start(folder, graph)).finished();
    const rows = readLines(join(folder, 'out.ndjson'));
    expect(rows.map(({ shop }) => shop)).toEqual(
      rows.map(({ n }) => ((n as number) < 20 ? { n, name: `shop ${n}` } : null)),
    );
    const bad = ownFolder();
    writeFileSync(
      join(bad, 'in.ndjson'),
      ['{"n":"seven","name":"x","at":1}', '{"n":100,"name":"good","at":1}'].join('\n'),
    );
    await (await Live.start(bad, flow(lines(), write('shops')))).finished();
    const stored = readStoredRun(join(bad, 'data'))!;
    expect(stored.deadLetters()).toMatchObject([{ code: 'ROW_REFUSED', node: 'out' }]);
    await stored.close();
    expect(await cql('SELECT name FROM shops WHERE n = 100')).toMatchObject([{ name: 'good' }]);
  });
});

describe('trouble with Cassandra', () => {
  it('has a name: wrong password, unknown table, a table of counters', async () => {
    const folder = await folderWith(10);
    const at = (table: string, config: object = {}) => ({
      folder: ownFolder(),
      graph: flow({ operator: 'files.read', config: { path: join(folder, 'in.ndjson') } }, write(table, config)),
      node: 'out' as const,
    });
    const wrong = server.url.replace(/:[^:@/]+@/, ':hunter2@');
    expect(await troubleAt(at('t', { connection: wrong }), 'hunter2')).toMatchObject({
      code: 'DATABASE_LOGIN',
      failed: false,
    });
    expect(await troubleAt(at('nowhere'))).toMatchObject({ code: 'TABLE_UNKNOWN', failed: false });
    await cql('CREATE TABLE views (id text PRIMARY KEY, n counter)');
    expect(await troubleAt(at('views'))).toMatchObject({ code: 'TABLE_COUNTS', failed: false });
  });

  it('goes away by itself when the cluster dies in the middle', async () => {
    await cql(`CREATE TABLE middle (${COLUMNS})`);
    const count = () => countOf('middle').catch(() => 0);
    await downInTheMiddle(
      { folder: await folderWith(4000), graph: flow(lines(500), write('middle')), node: 'out' },
      server.instance,
      {
        moving: async () => (await count()) > 300,
        arrived: async () => (await count()) === 4000,
      },
    );
    expect((await rowsOf('middle')).map(({ id }) => id)).toContain(record(3999).id);
  });
});
