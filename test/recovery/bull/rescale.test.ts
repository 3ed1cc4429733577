import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { quantile } from '../../chaos/session.mjs';
import { full } from '../../services/support/records.js';
import { until } from '../../services/support/run.js';
import { useServer } from '../../services/support/server.js';
import { show, Trial } from './trial.js';

describe('a run that is cut anew while its sources run', () => {
  const redis = useServer('redis');

  it('has the answer of an undisturbed one after 1 → 3 → 2 tasks', async () => {
    const steps = full ? [3, 2, 1, 3, 2, 4, 1, 3, 2] : [3, 2];
    const trial = await Trial.start({ url: redis.url, rate: 400, parallelism: 1 });
    const pauses: number[] = [];
    for (const parallelism of steps) {
      await trial.moving();
      await pause(1000);
      const watch = watchPauses(() => trial.answers);
      trial.session.close();
      await trial.reopen(parallelism);
      const stage = trial.session.plan.nodes.stock!.stage;
      expect(trial.session.plan.stages.find(({ id }) => id === stage)!.parallelism).toBe(parallelism);
      await until('all tasks of the new cut at work', async () => {
        const placed: Map<string, string[]> = await trial.fleet.placement(trial.run);
        return [...placed.values()].flat().filter((task) => task.startsWith(`${stage}/`)).length === parallelism;
      });
      await trial.moving();
      await pause(500);
      pauses.push(watch.stop());
    }
    show(
      `rescale 1 → ${steps.join(' → ')}: pause of the results p95 ${quantile(pauses, 0.95)} ms (${pauses.join(', ')})`,
    );
    await trial.verify();
  });
});

/** The longest time without a new result, ms. */
function watchPauses(count: () => number) {
  let last = count();
  let since = performance.now();
  let longest = 0;
  const timer = setInterval(() => {
    const now = count();
    if (now === last) return;
    longest = Math.max(longest, performance.now() - since);
    last = now;
    since = performance.now();
  }, 20);
  return {
    stop: () => {
      clearInterval(timer);
      return Math.round(longest);
    },
  };
}
