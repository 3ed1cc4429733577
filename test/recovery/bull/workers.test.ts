import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { quantile } from '../../chaos/session.mjs';
import { full } from '../../services/support/records.js';
import { until } from '../../services/support/run.js';
import { useServer } from '../../services/support/server.js';
import { show, Trial, within } from './trial.js';

describe('workers that die, freeze and leave', () => {
  const redis = useServer('redis');

  it('are followed by others within a second when they are killed', async () => {
    const kills = full ? 10 : 4;
    const trial = await Trial.start({ url: redis.url, rate: 400 });
    const times: number[] = [];
    for (let kill = 0; kill < kills; kill++) {
      await trial.moving();
      const { worker, tasks } = await trial.busy();
      const at = Date.now();
      await worker.kill();
      times.push(await trial.takenOver(at, tasks));
      await trial.fleet.add();
    }
    show(`take-over after kill -9, ms: ${times.join(', ')}; median ${quantile(times, 0.5)}`);
    await trial.verify();
    expect(quantile(times, 0.5)).toBeLessThanOrEqual(within(1000));
  });

  it('are followed within two seconds when they freeze, and their commits are refused when they thaw', async () => {
    const trial = await Trial.start({ url: redis.url, rate: 400 });
    await trial.moving();
    const { worker, tasks } = await trial.busy();
    const former = worker.id;
    const at = Date.now();
    worker.signal('SIGSTOP');
    const ms = await trial.takenOver(at, tasks);
    // Longer than the lease of Bull itself (5 s), so that no layer still believes in it.
    await pause(Math.max(0, 7000 - (Date.now() - at)));
    await trial.moving();
    const before = trial.fenced;
    worker.signal('SIGCONT');
    await until('commits of the zombie to be refused', () => trial.fenced > before, 15_000);
    show(`take-over after a freeze: ${ms} ms; refused commits of the zombie: ${trial.fenced - before}`);
    await trial.verify();
    expect(ms).toBeLessThanOrEqual(within(2000));
    // What was given up comes back as a worker of another name.
    await until('the thawed worker to join again', async () => {
      await trial.fleet.name();
      return worker.id !== former;
    });
    expect(worker.alive).toBe(true);
  });

  it('hand over within a second when they are asked to leave, and count as no restart', async () => {
    const trial = await Trial.start({ url: redis.url, rate: 400 });
    const times: number[] = [];
    for (let leaver = 0; leaver < 3; leaver++) {
      await trial.fleet.add();
      await trial.moving();
      const { worker, tasks } = await trial.busy();
      const at = Date.now();
      worker.signal('SIGTERM');
      times.push(await trial.takenOver(at, tasks));
      await worker.ended;
      expect(worker.result?.code, worker.stderr).toBe(0);
    }
    show(`hand-over after SIGTERM, ms: ${times.join(', ')}`);
    await trial.verify();
    expect(Math.max(...times)).toBeLessThan(within(1000));
    expect(trial.session.handle.report().restarts).toBe(0);
    expect(trial.fenced).toBe(0);
  });

  it('go on when the command that started the run is killed, and the elected supervisor again and again', async () => {
    const trial = await Trial.start({ url: redis.url, rate: 400, byCommand: true });
    const times: number[] = [];
    for (let kill = 0; kill < 3; kill++) {
      await trial.moving();
      const supervisor = await until('a worker that supervises', () => trial.supervisor(), 10_000);
      const before = trial.answers;
      const at = Date.now();
      await supervisor.kill();
      await until('another supervisor', async () => {
        const next = await trial.supervisor();
        return next && next !== supervisor;
      });
      times.push(Date.now() - at);
      await until('results to move under another supervisor', () => trial.answers > before + 100, 30_000);
      await trial.fleet.add();
    }
    show(`command killed, then three supervisors: next one elected after ${times.join(', ')} ms`);
    await trial.verify();
  });

  it('go on when two of three die at once', async () => {
    const trial = await Trial.start({ url: redis.url, rate: 400 });
    const before = await trial.moving();
    await Promise.all(trial.fleet.alive.slice(0, 2).map((worker) => worker.kill()));
    await until('results to move without them', () => trial.answers > before + 100, 30_000);
    await trial.verify();
  });
});
