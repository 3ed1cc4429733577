import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readStoredRun } from '@millrace/embedded';
import { type Db, MongoClient } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { ownFolder } from '../support/folder.js';
import { crashes } from './support/crashes.js';
import { downAtStart, downInTheMiddle, slowServer, troubleAt } from './support/faults.js';
import { NetworkProxy } from './support/proxy.js';
import { full, listInList, noListInList, type Row, readLines, writeRecords } from './support/records.js';
import { roundTrip } from './support/round-trip.js';
import { type End, flow, Live, until, writeGraph } from './support/run.js';
import { useServer } from './support/server.js';

const server = useServer('mongodb');

async function database<T>(work: (db: Db) => Promise<T>): Promise<T> {
  const client = new MongoClient(server.url, { serverSelectionTimeoutMS: 2000 });
  try {
    return await work(client.db());
  } finally {
    await client.close();
  }
}

const countOf = (name: string) => database((db) => db.collection(name).countDocuments());
const rowsOf = (name: string): Promise<Row[]> =>
  database(async (db) => (await db.collection(name).find().toArray()).map(({ _id, ...row }) => row as unknown as Row));
const write = (collection: string, more: object = {}): End => ({
  operator: 'mongodb.write',
  config: { connection: server.url, collection, key: ['id'], ...more },
});
const read = (collection: string, more: object = {}): End => ({
  operator: 'mongodb.read',
  config: { connection: server.url, collection, ...more },
});
const lines = (rate?: number): End => ({
  operator: 'files.read',
  config: { path: 'in.ndjson', ...(rate && { rate }) },
});
const file: End = { operator: 'files.write', config: { path: 'out.ndjson' } };
const tidy = ({ _id, updatedAt, ...row }: Row): Row => listInList(row as Row);

async function folderWith(count: number): Promise<string> {
  const folder = ownFolder();
  await writeRecords(join(folder, 'in.ndjson'), count, noListInList);
  return folder;
}

describe('MongoDB', () => {
  it('gives back what was written, every kind of value', async () => {
    await roundTrip({
      send: noListInList,
      sink: write('trip'),
      source: read('trip', { follow: false, timeout: '5 min' }),
      ends: true,
      tidy,
    });
  });

  it('holds each line of a file once, by its id, over kills and a bounce', async () => {
    const count = full ? 30_000 : 12_000;
    const folder = await folderWith(count);
    const result = await crashes({
      graph: writeGraph(folder, flow(lines(full ? 1500 : 600), write('lines'))),
      dataDir: join(folder, 'data'),
      count,
      read: () => rowsOf('lines'),
      progress: () => countOf('lines'),
      server: server.instance,
      tidy,
    });
    expect(result).toMatchObject({ lost: [], duplicates: [], changed: [], strange: [] });
  });

  it('makes an id of its own for records without a key, the same when a record is sent again', async () => {
    const folder = await folderWith(3000);
    const live = await Live.start(folder, flow(lines(1500), write('keyless', { key: [] })));
    await until('documents', async () => (await countOf('keyless')) > 300);
    const { stage } = await until('a report of the task', () =>
      live.handle.taskReports().find(({ nodes }) => nodes.out),
    );
    await live.handle.terminateTask(stage, 0);
    await live.finished();
    const rows = await rowsOf('keyless');
    expect(rows).toHaveLength(3000);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(3000);
  });

  it('follows documents by their changed field, each version once, over a kill', async () => {
    const folder = ownFolder();
    await database((db) => db.createCollection('changing'));
    const graph = flow(read('changing', { order: 'updatedAt', every: '100 ms' }), file);
    const live = await Live.start(folder, graph);
    const write = (from: number, to: number, version: number) =>
      database(async (db) => {
        for (let n = from; n < to; n++)
          await db
            .collection('changing')
            .replaceOne({ _id: n as never }, { n, version, updatedAt: new Date() }, { upsert: true });
      });
    const seen = () => readLines(join(folder, 'out.ndjson'));
    await write(0, 100, 1);
    await until('the first versions', () => seen().length === 100);
    const { stage } = await until('a report of the task', () => live.handle.taskReports()[0]);
    await live.handle.terminateTask(stage, 0);
    await write(50, 150, 2);
    await until('the second versions', () => seen().length === 200);
    const versions = seen().map((row) => `${row.n}/${row.version}`);
    expect(new Set(versions).size).toBe(200);
    expect(seen()[0]).toMatchObject({ _id: 0, n: 0, version: 1, updatedAt: expect.stringMatching(/^\d{4}-.*Z$/) });
  });

  it('keeps what the collection refuses as dead letters with the reason, and writes the rest', async () => {
    await database((db) => db.collection('picky').createIndex({ 'nested.sku': 1 }, { unique: true }));
    const folder = await folderWith(300);
    const live = await Live.start(folder, flow(lines(), write('picky')));
    await live.finished();
    expect(await countOf('picky')).toBe(97);
    const stored = readStoredRun(join(folder, 'data'))!;
    const letters = stored.deadLetters({ limit: 1000 });
    await stored.close();
    expect(letters).toHaveLength(203);
    expect(letters[0]).toMatchObject({
      node: 'out',
      code: 'ROW_REFUSED',
      message: expect.stringContaining('uplicate'),
    });
  });

  it('takes conditions in records for what they are: values', async () => {
    await database((db) => db.collection<{ _id: string }>('victims').insertOne({ _id: 'a' }));
    const folder = ownFolder();
    writeFileSync(
      join(folder, 'in.ndjson'),
      ['{"id":{"$gt":""},"n":1}', '{"id":"b","$where":"sleep(1000)"}', '{"id":"c","deep":{"$ne":null}}'].join('\n'),
    );
    const live = await Live.start(folder, flow(lines(), write('victims')));
    await live.finished();
    const stored = readStoredRun(join(folder, 'data'))!;
    expect(
      stored
        .deadLetters()
        .map(({ code }) => code)
        .slice(0, 2),
    ).toEqual(['KEY_NOT_PLAIN', 'FIELD_NAME']);
    await stored.close();
    expect(await database((db) => db.collection<{ _id: string }>('victims').findOne({ _id: 'a' }))).toEqual({
      _id: 'a',
    });
  });
});

describe('trouble with MongoDB', () => {
  it('names a wrong password and an unknown collection, and waits for the repair', async () => {
    const wrong = server.url.replace(/:[^:@/]+@/, ':hunter2@');
    const folder = await folderWith(10);
    const sink = { folder, graph: flow(lines(), write('nowhere', { connection: wrong })), node: 'out' as const };
    expect(await troubleAt(sink, 'hunter2')).toMatchObject({ code: 'DATABASE_LOGIN', failed: false });
    const source = { folder: ownFolder(), graph: flow(read('missing'), file), node: 'in' as const };
    expect(await troubleAt(source)).toMatchObject({ code: 'TABLE_UNKNOWN', failed: false });
  });

  it('goes on by itself when the server is down at the start', async () => {
    const folder = await folderWith(500);
    const arrived = async () => (await countOf('from_start').catch(() => 0)) === 500;
    const trouble = await downAtStart(
      { folder, graph: flow(lines(), write('from_start')), node: 'out' },
      server.instance,
      arrived,
    );
    expect(trouble.code).toBe('DATABASE_UNREACHABLE');
  });

  it('goes on by itself when the server dies in the middle', async () => {
    const folder = await folderWith(4000);
    const count = () => countOf('middle').catch(() => 0);
    await downInTheMiddle({ folder, graph: flow(lines(1000), write('middle')), node: 'out' }, server.instance, {
      moving: async () => (await count()) > 300,
      arrived: async () => (await count()) === 4000,
    });
    expect(new Set((await rowsOf('middle')).map(({ id }) => id)).size).toBe(4000);
  });

  it('slows the source down when it is slow itself, and keeps memory flat', async () => {
    const proxy = await NetworkProxy.before(server.url);
    const folder = await folderWith(80_000);
    await slowServer(
      { folder, graph: flow(lines(), write('slow', { connection: proxy.through(server.url) })), node: 'out' },
      { begin: () => proxy.stall(), end: () => proxy.heal() },
      { moving: async () => (await countOf('slow')) > 500, arrived: async () => (await countOf('slow')) === 80_000 },
    );
  });
});
