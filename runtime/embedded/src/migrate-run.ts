import { migrateTasks, type OldTask } from '@millrace/engine';
import { keyOf, partsOf, readTask, seal, taskKey, unseal, writeTask } from '@millrace/engine/savepoint';
import type { Plan } from '@millrace/planner';
import type { Environment } from './environment.js';

/** True if entries lie in any exchange: they were addressed by the old plan and must be worked off by it. */
export function hasEntries(environment: Environment): boolean {
  for (const _ of environment.getKeys({ start: keyOf('x'), end: keyOf('y'), limit: 1 })) return true;
  return false;
}

/**
 * Turns the stored progress of a drained run into that of another plan: other parallelism, or an edited graph whose nodes are matched
 * by id. Keyed state and timers stay where they are; those of nodes that are gone are removed.
 */
export function migrateRun(environment: Environment, oldPlan: Plan, plan: Plan, epoch: number): void {
  const oldTasks: OldTask[] = [];
  const remove: Buffer[] = [];
  for (const { key, value } of environment.getRange({ start: keyOf('m'), end: keyOf('n') })) {
    const [, stage, index] = partsOf(key) as [string, string, number];
    const { finished, meta } = readTask(unseal(key, value));
    oldTasks.push({ stage, index, finished, meta });
    remove.push(Buffer.from(key));
  }
  for (const key of environment.getKeys({ start: keyOf('q'), end: keyOf('r') })) remove.push(Buffer.from(key));
  for (const letter of ['s', 't'] as const) {
    for (const key of environment.getKeys({ start: keyOf(letter), end: keyOf(letter === 's' ? 't' : 'u') })) {
      if (!((partsOf(key)[1] as string) in plan.nodes)) remove.push(Buffer.from(key));
    }
  }
  environment.transactionSync(() => {
    for (const key of remove) environment.removeSync(key);
    if (oldTasks.length === 0) return;
    for (const { stage, index, finished, meta } of migrateTasks(oldPlan, oldTasks, plan)) {
      const key = taskKey(stage, index);
      environment.putSync(key, seal(key, writeTask({ owner: 'migration', epoch, sequence: 1, finished, meta })));
    }
  });
}
