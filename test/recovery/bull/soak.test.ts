import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { full } from '../../services/support/records.js';
import { useServer } from '../../services/support/server.js';
import { show, Trial } from './trial.js';

const MB = 1024 * 1024;

describe('a run that goes on and on', () => {
  const redis = useServer('redis');

  it('keeps the memory of Redis and of the workers and the number of keys flat', { timeout: 900_000 }, async () => {
    // 60 % of what two cores do with this graph; the short form is long enough for the rotating snapshots to come round.
    const seconds = full ? 600 : 40;
    const trial = await Trial.start({ url: redis.url, rate: full ? 2000 : 1000, workers: 2 });
    const client = new Redis(redis.url);
    const samples: { redis: number; workers: number; keys: number; answers: number }[] = [];
    await trial.moving();
    const end = Date.now() + seconds * 1000 * 0.85;
    while (Date.now() < end && !trial.over) {
      await pause(seconds * 20);
      const info = await client.info('memory');
      samples.push({
        redis: Number(/used_memory:(\d+)/.exec(info)![1]) / MB,
        workers: trial.fleet.alive.reduce((sum, { pid }) => sum + residentMB(pid!), 0),
        keys: await client.dbsize(),
        answers: trial.answers,
      });
    }
    expect(trial.over, 'the run went on while it was watched').toBe(false);
    client.disconnect();
    const middle = samples.slice(Math.floor(samples.length * 0.3), Math.floor(samples.length * 0.6));
    const last = samples.slice(Math.floor(samples.length * 0.7));
    const mean = (list: typeof samples, of: keyof (typeof samples)[0]) =>
      list.reduce((sum, sample) => sum + sample[of], 0) / list.length;
    const growth = (of: keyof (typeof samples)[0]) => mean(last, of) - mean(middle, of);
    show(
      `soak ${seconds} s: Redis ${mean(middle, 'redis').toFixed(1)} → ${mean(last, 'redis').toFixed(1)} MB, workers ${mean(middle, 'workers').toFixed(0)} → ${mean(last, 'workers').toFixed(0)} MB, keys ${mean(middle, 'keys').toFixed(0)} → ${mean(last, 'keys').toFixed(0)}`,
    );
    // The operator remembers each order for a week: about 600 bytes that belong to the answer, not to the runtime.
    const remembered = (growth('answers') * 600) / MB;
    expect(growth('redis')).toBeLessThan(8 + remembered);
    expect(growth('workers')).toBeLessThan(60 + 3 * remembered);
    expect(growth('keys')).toBeLessThan(20);
    await trial.verify(180_000);
  });
});

function residentMB(pid: number): number {
  return (Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096) / MB;
}
