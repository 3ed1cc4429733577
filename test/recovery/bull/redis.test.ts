import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { NetworkProxy } from '../../services/support/proxy.js';
import { full } from '../../services/support/records.js';
import { until } from '../../services/support/run.js';
import { useServer } from '../../services/support/server.js';
import { show, Trial } from './trial.js';

describe('a Redis that is killed and started again', () => {
  const redis = useServer('redis', { appendfsync: 'everysec' });

  it('is met again by workers that were not restarted, with nothing lost or twice', async () => {
    const bounces = full ? 5 : 2;
    const trial = await Trial.start({ url: redis.url, rate: 300 });
    const times: number[] = [];
    for (let bounce = 0; bounce < bounces; bounce++) {
      await trial.moving(30_000);
      await pause(full ? 18_000 : 4000);
      const before = await trial.moving();
      const at = Date.now();
      await redis.instance.bounce({ down: 300 });
      await until('results after the restart', () => trial.answers > before + 50, 30_000);
      times.push(Date.now() - at);
    }
    show(`Redis killed ${bounces} times: results again after ${times.join(', ')} ms (its own start included)`);
    await trial.verify();
    expect(trial.fleet.alive.length).toBe(3);
  });
});

describe('a Redis that is full', () => {
  const redis = useServer('redis', { maxmemory: '40mb' });

  it('lets what is under way drain, holds the sources back, and goes on by itself when there is room', async () => {
    const trial = await Trial.start({ url: redis.url, rate: 400 });
    await trial.moving();
    const client = new Redis(redis.url);
    const junk: string[] = [];
    // Someone else's data fills it to the last byte.
    for (let i = 0; ; i++) {
      const key = `{junk}:${i}`;
      try {
        await client.set(key, 'x'.repeat(256 * 1024));
        junk.push(key);
      } catch (error) {
        expect(String(error)).toContain('OOM');
        break;
      }
    }
    const filledAt = trial.answers;
    // Sources hold still: the results come to a stand, and no task fails for it.
    let last = -1;
    await until(
      'the results to come to a stand',
      async () => {
        const now = trial.answers;
        const still = now === last;
        last = now;
        await pause(1000);
        return still;
      },
      40_000,
    );
    const stood = trial.answers;
    await pause(2000);
    expect(trial.answers - stood, 'results while there is no room').toBeLessThan(50);
    await client.unlink(...junk);
    await until('results when there is room again', () => trial.answers > stood + 50, 30_000);
    client.disconnect();
    show(`Redis full: ${stood - filledAt} results drained, then stood; went on by itself`);
    await trial.verify();
  });
});

describe('a network between a worker and Redis', () => {
  const redis = useServer('redis');

  it('that stalls costs the worker its tasks, and its late commits are refused', async () => {
    const proxy = await NetworkProxy.before(redis.url);
    const trial = await Trial.start({ url: redis.url, rate: 400, firstThrough: proxy.through(redis.url) });
    const cut = trial.fleet.workers[0]!;
    await trial.moving();
    const { tasks } = await trial.busy((worker) => worker === cut);
    const at = Date.now();
    proxy.stall();
    const ms = await trial.takenOver(at, tasks);
    await pause(Math.max(0, 6000 - (Date.now() - at)));
    await trial.moving();
    const before = trial.fenced;
    proxy.heal();
    await until('the late commits to be refused', () => trial.fenced > before, 15_000);
    show(`network stalled: take-over after ${ms} ms; late commits refused: ${trial.fenced - before}`);
    await trial.verify();
    expect(cut.alive).toBe(true);
  });

  it('that is cut again and again loses and doubles nothing', async () => {
    const proxy = await NetworkProxy.before(redis.url);
    const trial = await Trial.start({ url: redis.url, rate: 400, firstThrough: proxy.through(redis.url) });
    for (let cut = 0; cut < (full ? 10 : 4); cut++) {
      await trial.moving();
      await trial.busy((worker) => worker === trial.fleet.workers[0]);
      proxy.cut();
      await pause(cut % 2 === 0 ? 50 : 700);
      proxy.heal();
      await pause(1000);
    }
    await trial.verify();
  });

  it('whose answers are lost leaves the outcome of a commit unknown, and it is read back', async () => {
    const proxy = await NetworkProxy.before(redis.url);
    const trial = await Trial.start({ url: redis.url, rate: 400, firstThrough: proxy.through(redis.url) });
    // Half one of a commit: the request never arrives. Half two: it is stored, and the answer never comes.
    for (const direction of ['answers', 'requests', 'answers', 'requests'] as const) {
      await trial.moving();
      await trial.busy((worker) => worker === trial.fleet.workers[0]);
      const swallowed = proxy.swallow(direction);
      await until(`${direction} to be swallowed`, () => swallowed() > 0, 10_000);
      await pause(100);
      proxy.cut();
      await pause(50);
      proxy.heal();
      await pause(1500);
    }
    await trial.verify();
  });

  it('the same when the worker is killed in that very moment', async () => {
    for (const direction of ['answers', 'requests'] as const) {
      const proxy = await NetworkProxy.before(redis.url);
      const trial = await Trial.start({
        url: redis.url,
        rate: 400,
        firstThrough: proxy.through(redis.url),
      });
      await trial.moving();
      const { worker, tasks } = await trial.busy((one) => one === trial.fleet.workers[0]);
      const swallowed = proxy.swallow(direction);
      await until(`${direction} to be swallowed`, () => swallowed() > 0, 10_000);
      const at = Date.now();
      await worker.kill();
      proxy.cut();
      await trial.takenOver(at, tasks);
      await trial.verify();
    }
  });
});
