import { join } from 'node:path';
import { readStoredRun } from '@millrace/embedded';
import { createConnection } from 'mysql2/promise';
import { describe, expect, it } from 'vitest';
import { ownFolder } from '../support/folder.js';
import { crashes } from './support/crashes.js';
import { downAtStart, downInTheMiddle, slowServer, troubleAt } from './support/faults.js';
import { NetworkProxy } from './support/proxy.js';
import { full, type Row, writeRecords } from './support/records.js';
import { roundTrip } from './support/round-trip.js';
import { type End, flow, Live, until, writeGraph } from './support/run.js';
import { useServer } from './support/server.js';
import { COLUMNS, keepWriting, type Sql, tidy } from './support/sql.js';

const server = useServer('mariadb');

async function connect(): Promise<Sql> {
  const client = await createConnection({ uri: server.url, supportBigNumbers: true, charset: 'utf8mb4' });
  client.on('error', () => undefined);
  return {
    run: async (text, values) => (await client.query(text, values))[0] as Record<string, unknown>[],
    close: async () => client.destroy(),
  };
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
const table = (name: string, more = '') =>
  sql(`CREATE TABLE ${name} (${COLUMNS.mysql}${more}) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
const write = (name: string, more: object = {}): End => ({
  operator: 'mysql.write',
  config: { connection: server.url, table: name, ...more },
});
const read = (name: string, more: object = {}): End => ({
  operator: 'mysql.read',
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

/** All rows as the source gives them. */
async function rowsOf(name: string): Promise<Row[]> {
  const parsed = (value: unknown) => (typeof value === 'string' ? JSON.parse(value) : value);
  return (await sql(`SELECT * FROM ${name}`)).map(
    (row) =>
      ({
        ...row,
        big: String(row.big),
        flag: row.flag === 1,
        nested: parsed(row.nested),
        list: parsed(row.list),
      }) as unknown as Row,
  );
}

describe('MySQL and MariaDB', () => {
  it('give back what was written, every kind of value', async () => {
    await table('trip');
    await roundTrip({ sink: write('trip'), source: read('trip', { follow: false }), tidy });
  });

  it('move a table into another exactly once over kills and a bounce, with late commits', async () => {
    const count = full ? 40_000 : 12_000;
    await table('source', ', updated_at timestamp(6) NOT NULL, KEY (updated_at, id)');
    await table('target');
    const folder = ownFolder();
    const shop = keepWriting(count, {
      connect,
      perSecond: 800,
      insert: (rows) => ({
        text: 'INSERT IGNORE INTO source (id, n, text, number, whole, big, flag, nothing, nested, list, at, large, updated_at) VALUES ?',
        values: [
          rows.map((row) => [
            ...['id', 'n', 'text', 'number', 'whole', 'big', 'flag', 'nothing'].map((name) => row[name]),
            JSON.stringify(row.nested),
            JSON.stringify(row.list),
            row.at,
            row.large ?? null,
            new Date().toISOString().replace('T', ' ').replace('Z', ''),
          ]),
        ],
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

  it('keep what the table refuses as dead letters with the reason, and write the rest', async () => {
    await sql('CREATE TABLE picky (id varchar(20) PRIMARY KEY, n int NOT NULL CHECK (n % 100 <> 7))');
    const folder = await folderWith(1000);
    const live = await Live.start(folder, flow(lines(), write('picky')));
    await live.finished();
    expect(await countOf('picky')).toBe(990);
    const stored = readStoredRun(join(folder, 'data'))!;
    const letters = stored.deadLetters();
    await stored.close();
    expect(letters).toHaveLength(10);
    expect(letters[0]).toMatchObject({
      node: 'out',
      code: 'ROW_REFUSED',
      message: expect.stringContaining('CONSTRAINT'),
    });
  });

  it('replace rows by key and look them up', async () => {
    await sql("CREATE TABLE shops (n int PRIMARY KEY, name varchar(40), note varchar(9) DEFAULT 'kept')");
    const folder = await folderWith(1000);
    const upsert = flow(lines(), write('shops', { mode: 'upsert', key: ['n'] })) as {
      nodes: object[];
      edges: object[];
    };
    upsert.nodes.push({
      id: 'set',
      operator: 'core.set-fields',
      config: { steps: [{ do: 'set', field: 'name', value: "text + ' shop'" }] },
    });
    upsert.edges.splice(0, 1, { id: 'a', source: 'in', target: 'set' }, { id: 'b', source: 'set', target: 'out' });
    for (let i = 0; i < 2; i++) await (await Live.start(await folderWith(1000), upsert)).finished();
    expect(await countOf('shops')).toBe(1000);
    await sql('CREATE TABLE found (id varchar(20) PRIMARY KEY, shop json)');
    const graph = flow(lines(), write('found')) as { nodes: object[]; edges: object[] };
    graph.nodes.push({
      id: 'look',
      operator: 'mysql.lookup',
      config: { connection: server.url, table: 'shops', key: ['n'], as: 'shop' },
    });
    graph.edges.splice(0, 1, { id: 'a', source: 'in', target: 'look' }, { id: 'b', source: 'look', target: 'out' });
    await (await Live.start(folder, graph)).finished();
    const [row] = await sql("SELECT shop FROM found WHERE id = 'r0000040'");
    expect(row!.shop).toEqual({ n: 40, name: 'plain shop', note: 'kept' });
  });
});

describe('trouble with MySQL', () => {
  it('has a name: wrong password, unknown table, a table without transactions, no unique index', async () => {
    const folder = await folderWith(10);
    const at = (name: string, config: object = {}) => ({
      folder: ownFolder(),
      graph: flow({ operator: 'files.read', config: { path: join(folder, 'in.ndjson') } }, write(name, config)),
      node: 'out' as const,
    });
    const url = new URL(server.url);
    url.password = 'hunter2';
    expect(await troubleAt(at('t', { connection: url.href }), 'hunter2')).toMatchObject({
      code: 'DATABASE_LOGIN',
      failed: false,
    });
    expect(await troubleAt(at('nowhere'))).toMatchObject({ code: 'TABLE_UNKNOWN', failed: false });
    await sql('CREATE TABLE old (id varchar(20) PRIMARY KEY) ENGINE=MyISAM');
    expect(await troubleAt(at('old'))).toMatchObject({ code: 'TABLE_NO_TRANSACTIONS', failed: false });
    await sql('CREATE TABLE loose (id varchar(20))');
    expect(await troubleAt(at('loose', { mode: 'upsert', key: ['id'] }))).toMatchObject({
      code: 'KEY_NOT_UNIQUE',
      failed: false,
    });
  });

  it('goes away by itself: the server is down at the start, or dies in the middle', async () => {
    await table('from_start');
    const folder = await folderWith(500);
    const arrived = async () => (await countOf('from_start').catch(() => 0)) === 500;
    const start = { folder, graph: flow(lines(), write('from_start')), node: 'out' as const };
    expect((await downAtStart(start, server.instance, arrived)).code).toBe('DATABASE_UNREACHABLE');
    await table('middle');
    const count = () => countOf('middle').catch(() => 0);
    const middle = { folder: await folderWith(4000), graph: flow(lines(1000), write('middle')), node: 'out' as const };
    await downInTheMiddle(middle, server.instance, {
      moving: async () => (await count()) > 300,
      arrived: async () => (await count()) === 4000,
    });
  });

  it('reaches the source as back-pressure when the server is slow, and a lost answer is read back', async () => {
    await table('slow');
    const proxy = await NetworkProxy.before(server.url);
    await slowServer(
      {
        folder: await folderWith(100_000),
        graph: flow(lines(), write('slow', { connection: proxy.through(server.url) })),
        node: 'out',
      },
      { begin: () => proxy.stall(), end: () => proxy.heal() },
      { moving: async () => (await countOf('slow')) > 500, arrived: async () => (await countOf('slow')) === 100_000 },
    );
    await table('unsure');
    const folder = await folderWith(4000);
    const live = await Live.start(
      folder,
      flow(lines(2000), write('unsure', { connection: proxy.through(server.url) })),
    );
    await until('rows', async () => (await countOf('unsure')) > 200);
    const swallowed = proxy.swallow('answers');
    await until('a statement whose answer is swallowed', () => swallowed() > 0);
    proxy.cut();
    proxy.heal();
    await live.finished();
    expect(await countOf('unsure')).toBe(4000);
  });
});
