import { decodeBlob } from '@millrace/engine';
import { loadState } from '../data/load-state.js';
import { readRun } from '../data/runs.js';
import { StateCopy } from '../data/state-copy.js';
import type { RedisClient } from '../redis/connect.js';

/** Stored values of a node's list state, in their order; task after task. */
export async function readRows(redis: RedisClient, run: string, node: string): Promise<unknown[]> {
  const stored = await readRun(redis, run);
  const stage = stored?.plan.stages.find(({ nodes }) => nodes.includes(node));
  if (stored === undefined || stage === undefined) return [];
  const values: unknown[] = [];
  for (let index = 0; index < stage.parallelism; index++) {
    const copy = new StateCopy();
    await loadState((send) => send(redis), { run, layout: stored.layout, stage: stage.id, index }, copy);
    const rows: [number, unknown][] = [];
    copy.visit(
      ({ key, value }) => {
        if (key.node === node) rows.push([key.sub as number, (decodeBlob(value, 'A row') as [number, unknown])[1]]);
      },
      () => undefined,
    );
    for (const [, value] of rows.sort((a, b) => a[0] - b[0])) values.push(value);
  }
  return values;
}
