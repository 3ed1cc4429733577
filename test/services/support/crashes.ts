import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Instance } from '../lib/instance.mjs';
import { type Comparison, compare, type Row } from './records.js';
import { Child, until } from './run.js';

export interface Crashes {
  /** Graph file, run by the built command with `dataDir`. Pace its source so that it lasts 10 s or more. */
  graph: string;
  dataDir: string;
  /** Records 0 … count − 1 of `record` go through. */
  count: number;
  /** All that is visible in the target now. */
  read: () => Promise<Row[]> | Row[];
  /** How many are visible now: cheap, asked often. Default: the length of `read`. */
  progress?: () => Promise<number> | number;
  /** Bounced once, while the run is live. */
  server?: Instance;
  kills?: number;
  env?: { readonly [name: string]: string };
  tidy?: (row: Row) => Row;
  /** Delivery id of a row, where the sink hands one over: duplicates must carry the same. */
  deliveryId?: (row: Row) => string;
  /** Longest time for the rest after the last fault, ms. */
  patience?: number;
}

export interface CrashResult extends Comparison {
  /** Kills that hit a run which had moved records since it was started. */
  live: number;
  /** Records that moved between the bounce and the end: the server was bounced in the middle. */
  afterBounce: number;
  /** Duplicates whose copies carry different delivery ids, or rows without one. */
  unlike: string[];
}

/**
 * Runs a graph, kills it with -9 again and again while records move, bounces the server once, lets it come to its end, and
 * compares what the target holds with what was sent. Fails when a fault did not hit a live run.
 */
export async function crashes(options: Crashes): Promise<CrashResult> {
  const { graph, dataDir, count, read, server, kills = 5, env = {}, patience = 120_000 } = options;
  const progress = options.progress ?? (async () => (await read()).length);
  const seen = async () => {
    try {
      return await progress();
    } catch {
      // The server is down just now.
      return -1;
    }
  };
  let live = 0;
  let bouncedAt = -1;
  let lastKillAt = 0;
  let child = new Child(graph, dataDir, env);
  try {
    for (let fault = 0; fault < kills; fault++) {
      const before = Math.max(0, await seen());
      await until(
        `records to move before kill ${fault + 1}`,
        async () => fail(child) || (await seen()) > before,
        60_000,
      );
      await pause(Math.random() * 500);
      if (server && bouncedAt < 0 && fault >= Math.floor(kills / 2)) {
        bouncedAt = Math.max(0, await seen());
        await server.bounce({ down: 500 });
        await until('records to move after the bounce', async () => fail(child) || (await seen()) > bouncedAt, 60_000);
      }
      // A server that was just bounced may not answer at once.
      const [now] = await until('an answer before the kill', async () => {
        const found = await seen();
        return found >= 0 && [found];
      });
      const { signal, code } = await child.kill();
      lastKillAt = now;
      if (signal === 'SIGKILL' && now > before && now < count) live++;
      else
        process.stdout.write(
          `kill ${fault + 1} hit no live run: ${before} → ${now} of ${count}, ended with ${signal ?? code}: ${child.stderr.slice(-2000)}\n`,
        );
      child = new Child(graph, dataDir, env);
    }
    await restOf(child, count, seen, patience);
  } finally {
    if (!child.result) await child.kill('SIGTERM');
  }
  const rows = await read();
  const result = {
    live,
    afterBounce: bouncedAt < 0 ? 0 : count - bouncedAt,
    unlike: options.deliveryId ? unlike(rows, options.deliveryId) : [],
    ...compare(count, rows, options.tidy),
  };
  process.stdout.write(
    `${kills} kills (${live} live), the last at ${lastKillAt}${server ? `, 1 bounce at ${bouncedAt}` : ''} of ${count}: lost ${result.lost.length}, duplicates ${result.duplicates.length}\n`,
  );
  expect(live, 'kills that hit a live run').toBe(kills);
  if (server) expect(result.afterBounce, 'records left when the server was bounced').toBeGreaterThan(0);
  return result;
}

/** An ended child cannot be killed: the pace of the source is too high, or the run failed. */
function fail(child: Child): false {
  if (child.result) throw new Error(`the run ended by itself (${child.result.code}): ${child.stdout}\n${child.stderr}`);
  return false;
}

/** Lets the run end by itself, or pauses one that never ends when all have arrived or nothing more comes. */
async function restOf(child: Child, count: number, seen: () => Promise<number>, patience: number): Promise<void> {
  let last = -1;
  let since = Date.now();
  await until(
    'the rest of the records',
    async () => {
      if (child.result) return true;
      const now = await seen();
      if (now !== last) {
        last = now;
        since = Date.now();
      }
      return Date.now() - since > (now >= count ? 2000 : 20_000);
    },
    patience,
  );
  if (child.result) expect(child.result.code, `${child.stdout}\n${child.stderr}`).toBe(0);
}

function unlike(rows: readonly Row[], deliveryId: (row: Row) => string): string[] {
  const ids = new Map<string, string>();
  const wrong = new Set<string>();
  for (const row of rows) {
    const delivery = deliveryId(row);
    const first = ids.get(row.id);
    if (!delivery || (first !== undefined && first !== delivery)) wrong.add(row.id);
    else ids.set(row.id, delivery);
  }
  return [...wrong];
}
