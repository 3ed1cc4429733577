import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { full } from '../../services/support/records.js';
import { useServer } from '../../services/support/server.js';
import { show, Trial } from './trial.js';

const MB = 1024 * 1024;

interface Sample {
  /** MB in use. */
  redis: number;
  /** Resident MB of all workers. */
  workers: number;
  keys: number;
  /** Batches between tasks. */
  queued: number;
  jobs: number;
}

describe('a run that goes on and on', () => {
  const redis = useServer('redis');

  it('keeps the memory of Redis and of the workers and the number of keys flat', { timeout: 900_000 }, async () => {
    // 60 % of what two cores do with this graph; the short form is long enough for the rotating snapshots to come round.
    const seconds = full ? 600 : 40;
    // An order comes each 2 ms of their time: after a twentieth of the run as many orders are forgotten as come.
    const rate = full ? 2000 : 1000;
    const rememberFor = `${Math.round((seconds / 20) * rate * 0.002)} s`;
    const trial = await Trial.start({ url: redis.url, rate, workers: 2, rememberFor });
    const client = new Redis(redis.url);
    const samples: Sample[] = [];
    await trial.moving();
    const end = Date.now() + seconds * 1000 * 0.85;
    while (Date.now() < end && !trial.over) {
      await pause(seconds * 20);
      const info = await client.info('memory');
      samples.push({
        redis: Number(/used_memory:(\d+)/.exec(info)![1]) / MB,
        workers: trial.fleet.alive.reduce((sum, { pid }) => sum + residentMB(pid!), 0),
        keys: await client.dbsize(),
        queued: await queued(client),
        jobs: await jobs(client),
      });
    }
    expect(trial.over, 'the run went on while it was watched').toBe(false);
    client.disconnect();
    const middle = samples.slice(Math.floor(samples.length * 0.3), Math.floor(samples.length * 0.6));
    const last = samples.slice(Math.floor(samples.length * 0.7));
    const mean = (list: Sample[], of: keyof Sample) => list.reduce((sum, sample) => sum + sample[of], 0) / list.length;
    const growth = (of: keyof Sample) => mean(last, of) - mean(middle, of);
    const words = (of: keyof Sample) => `${mean(middle, of).toFixed(1)} → ${mean(last, of).toFixed(1)}`;
    show(
      `soak ${seconds} s: Redis ${words('redis')} MB, workers ${words('workers')} MB, keys ${words('keys')}, batches under way ${words('queued')}, jobs ${words('jobs')}`,
    );
    expect(growth('redis')).toBeLessThan(8);
    expect(growth('workers')).toBeLessThan(60);
    expect(growth('keys')).toBeLessThan(20);
    expect(growth('queued')).toBeLessThan(50);
    expect(growth('jobs')).toBeLessThan(5);
    await trial.verify(180_000);
  });
});

/** Batches between tasks. */
async function queued(client: Redis): Promise<number> {
  const sizes = await sizesOf(client, 'stream', '*:lane:*', (key) => client.xlen(key));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Jobs in the lists and sets of Bull, whatever became of them. */
async function jobs(client: Redis): Promise<number> {
  let sum = 0;
  for (const [type, size] of [
    ['list', (key: string) => client.llen(key)],
    ['zset', (key: string) => client.zcard(key)],
  ] as const) {
    for (const state of ['wait', 'active', 'paused', 'delayed', 'failed', 'completed', 'prioritized'])
      sum += (await sizesOf(client, type, `*:${state}`, size)).reduce((total, n) => total + n, 0);
  }
  return sum;
}

async function sizesOf(client: Redis, type: string, pattern: string, size: (key: string) => Promise<number>) {
  const sizes: number[] = [];
  let cursor = '0';
  do {
    const [next, keys] = await client.scan(cursor, 'MATCH', pattern, 'COUNT', 1000, 'TYPE', type);
    for (const key of keys) sizes.push(await size(key));
    cursor = next;
  } while (cursor !== '0');
  return sizes;
}

function residentMB(pid: number): number {
  return (Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096) / MB;
}
