import type { RedisClient } from '../redis/connect.js';

/** A record that could not be processed, with its reason. */
export interface DeadLetterRow {
  node: string;
  number: number;
  port: string;
  code: string;
  message: string;
  hint: string | null;
  /** Wall clock of the failure, ms. */
  at: number;
  value: unknown;
  time: number;
  /** Set once a replay has processed it again. */
  status?: 'replayed';
}

export interface DeadLetterSummary {
  nodeId: string;
  code: string;
  message: string;
  count: number;
}

/** Dead letters of the run by node and number, after the given one, at most `limit` (100). */
export async function readDeadLetters(
  redis: RedisClient,
  run: string,
  options: { after?: { node: string; number: number }; limit?: number } = {},
): Promise<DeadLetterRow[]> {
  throw new Error(`not yet: ${run} ${options.limit} ${redis.status}`);
}

/** Reasons, most frequent first, of up to 10,000 letters. */
export async function summarise(redis: RedisClient, run: string): Promise<DeadLetterSummary[]> {
  throw new Error(`not yet: ${run} ${redis.status}`);
}

/** Notes letters to be processed again; the tasks must be told (`Task.replay`) or look at their next start. */
export async function askReplays(
  redis: RedisClient,
  run: string,
  letters: readonly { node: string; number: number }[],
): Promise<void> {
  throw new Error(`not yet: ${run} ${redis.status} ${letters.length}`);
}
