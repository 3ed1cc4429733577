import { type DeadLetterRow, type DeadLetterSummary, decodeBlob } from '@millrace/engine';
import { lettersKey, replayedKey, replaysKey, runKey } from '../keys.js';
import type { RedisClient } from '../redis/connect.js';

const COUNTER = 'letters/';

/** Dead letters of the run by node and number, after the given one, at most `limit` (100). */
export async function readDeadLetters(
  redis: RedisClient,
  run: string,
  options: { after?: { node: string; number: number }; limit?: number } = {},
): Promise<DeadLetterRow[]> {
  const { after, limit = 100 } = options;
  const nodes = (await redis.hkeys(runKey(run)))
    .filter((field) => field.startsWith(COUNTER))
    .map((field) => field.slice(COUNTER.length))
    .filter((node) => after === undefined || node >= after.node)
    .sort((a, b) => (a < b ? -1 : 1));
  const rows: DeadLetterRow[] = [];
  for (const node of nodes) {
    if (rows.length >= limit) break;
    const from = node === after?.node ? `(${after.number}-0` : '-';
    const entries = await redis.xrangeBuffer(lettersKey(run, node), from, '+', 'COUNT', limit - rows.length);
    if (entries.length === 0) continue;
    const numbers = entries.map(([id]) => Number.parseInt(id.toString('latin1'), 10));
    const replayed = await redis.smismember(replayedKey(run, node), numbers);
    entries.forEach(([, [, blob]], i) => {
      const letter = decodeBlob(blob!, 'A dead letter') as Omit<DeadLetterRow, 'number'>;
      rows.push({ ...letter, node, number: numbers[i]!, ...(replayed[i] === 1 && { status: 'replayed' }) });
    });
  }
  return rows;
}

/** Reasons, most frequent first, of up to 10,000 letters. */
export async function summarise(redis: RedisClient, run: string): Promise<DeadLetterSummary[]> {
  const groups = new Map<string, DeadLetterSummary>();
  for (const { node, code, message } of await readDeadLetters(redis, run, { limit: 10_000 })) {
    const id = `${node} ${code}`;
    const group = groups.get(id);
    if (group) group.count++;
    else groups.set(id, { nodeId: node, code, message, count: 1 });
  }
  return [...groups.values()].sort((a, b) => b.count - a.count);
}

/** Notes letters to be processed again; the tasks must be told (`Task.replay`) or look at their next start. */
export async function askReplays(
  redis: RedisClient,
  run: string,
  letters: readonly { node: string; number: number }[],
): Promise<void> {
  const writes = redis.multi();
  for (const { node, number } of letters) writes.sadd(replaysKey(run, node), number);
  await writes.exec();
}
