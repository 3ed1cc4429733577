import { decodeBlob } from '@millrace/engine';
import { runKey } from '../keys.js';
import type { RedisClient } from '../redis/connect.js';
import { keysWith } from '../redis/scan.js';
import { loadState } from './load-state.js';
import { readRun } from './runs.js';

/** Rows of a view node, in no order: the `row` of each cell of its task state `rows`. Reads the tasks' stored state; not many times a second. */
export async function readView(redis: RedisClient, run: string, node: string): Promise<unknown[]> {
  const stored = await readRun(redis, run);
  const stage = stored?.plan.stages.find(({ nodes }) => nodes.includes(node));
  if (stored === undefined || stage === undefined) return [];
  const rows: unknown[] = [];
  for (let index = 0; index < stage.parallelism; index++) {
    const cells = new Map<unknown, Uint8Array>();
    await loadState(
      (send) => send(redis),
      { run, layout: stored.layout, stage: stage.id, index },
      {
        row: ({ node: of, table, key, sub }, value) => {
          if (of !== node || table !== 'rows') return;
          const cell = sub === undefined ? key : JSON.stringify([key, sub]);
          if (value === undefined) cells.delete(cell);
          else cells.set(cell, value);
        },
        timer: () => undefined,
      },
    );
    for (const blob of cells.values()) {
      const [, cell] = decodeBlob(blob, 'A view row') as [number, { row: unknown }];
      rows.push(cell.row);
    }
  }
  return rows;
}

/** Bytes of Redis memory the run takes, by what it is for. */
export interface RunMemory {
  total: number;
  state: number;
  exchanges: number;
  deadLetters: number;
}

export async function runMemory(redis: RedisClient, run: string): Promise<RunMemory> {
  const memory: RunMemory = { total: 0, state: 0, exchanges: 0, deadLetters: 0 };
  for await (const keys of keysWith(redis, runKey(run))) {
    const asked = await Promise.all(keys.map((key) => redis.memory('USAGE', key, 'SAMPLES', 20)));
    keys.forEach((key, i) => {
      const bytes = asked[i] ?? 0;
      const [first, second = ''] = key.slice(runKey(run).length + 1).split(':');
      memory.total += bytes;
      if (first === 'letters' || first === 'replayed' || first === 'replays') memory.deadLetters += bytes;
      else if (second === 'log' || second === 'snap') memory.state += bytes;
      else if (second === 'lane') memory.exchanges += bytes;
    });
  }
  return memory;
}
