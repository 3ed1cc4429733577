import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { ownFolder } from '../support/folder.js';
import { crashes } from './support/crashes.js';
import { NetworkProxy } from './support/proxy.js';
import { compare, readLines, record, writeRecords } from './support/records.js';
import { roundTrip } from './support/round-trip.js';
import { flow, until, writeGraph } from './support/run.js';
import { useServer } from './support/server.js';

// The harness itself: it must find what it is there to find.
describe('the harness of the service suites', () => {
  it('sends every kind of JSON value through files and gets it back', async () => {
    const folder = ownFolder();
    const path = join(folder, 'between.ndjson');
    await roundTrip({
      count: 3000,
      sink: { operator: 'files.write', config: { path } },
      source: { operator: 'files.read', config: { path } },
    });
  });

  it('sees lost, doubled, changed and strange records', () => {
    const rows = [0, 1, 1, 3, 7].map(record);
    rows.push({ ...record(4), nested: {} }, { id: 'x' });
    const { lost, duplicates, changed, strange } = compare(5, rows);
    expect({ lost, duplicates, strange, changed: changed.map(({ id }) => id) }).toEqual({
      lost: ['r0000002'],
      duplicates: ['r0000001'],
      strange: ['r0000007', 'x'],
      changed: ['r0000004'],
    });
  });

  it('kills live runs, and finds nothing lost in files', async () => {
    const folder = ownFolder();
    await writeRecords(join(folder, 'in.ndjson'), 24_000);
    const graph = writeGraph(
      folder,
      flow(
        { operator: 'files.read', config: { path: 'in.ndjson', rate: 1500 } },
        { operator: 'files.write', config: { path: 'out.ndjson' } },
      ),
    );
    const out = join(folder, 'out.ndjson');
    const result = await crashes({
      graph,
      dataDir: join(folder, 'data'),
      count: 24_000,
      read: () => readLines(out),
      progress: () => (existsSync(out) ? readFileSync(out, 'utf8').split('\n').length - 1 : 0),
    });
    expect(result).toMatchObject({ live: 5, lost: [], duplicates: [], changed: [], strange: [] });
  });
});

describe('a server and the network before it', () => {
  const redis = useServer('redis');

  it('keeps its data and its port over a bounce', async () => {
    const client = new Redis(redis.url, { maxRetriesPerRequest: null, retryStrategy: () => 50 });
    client.on('error', () => {});
    await client.set('kept', 'yes');
    await redis.instance.bounce({ down: 200 });
    expect(await client.get('kept')).toBe('yes');
    client.disconnect();
  });

  it('stands behind a proxy that stalls, cuts and heals', async () => {
    const proxy = await NetworkProxy.before(redis.url);
    const client = new Redis(proxy.through(redis.url), { maxRetriesPerRequest: null, retryStrategy: () => 50 });
    client.on('error', () => {});
    expect(await client.set('a', '1')).toBe('OK');
    proxy.stall();
    let answered = false;
    const asked = client.get('a').then((value) => {
      answered = true;
      return value;
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(answered).toBe(false);
    proxy.heal();
    expect(await asked).toBe('1');
    proxy.cut();
    await until('the connection to be cut', () => client.status !== 'ready');
    await new Promise<void>((resolve) =>
      connect(proxy.port, '127.0.0.1')
        .once('error', () => resolve())
        .once('close', () => resolve()),
    );
    proxy.heal();
    expect(await client.get('a')).toBe('1');
    client.disconnect();
  });
});
