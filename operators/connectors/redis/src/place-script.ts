import { createHash } from 'node:crypto';
import type { Context, StreamRecord } from '@millrace/sdk';
import type { Redis } from 'ioredis';

/**
 * The part that all scripts of sinks begin and end with. The place in the outbox up to which everything was delivered is a hash
 * beside the data; effect and place change in one step, so a record that is delivered again changes nothing.
 *
 * KEYS[1]  hash with the place: s (sequence), o (offset)
 * ARGV[1]  number of records; each record begins with its sequence and its offset
 * Answers  how many records had an effect
 */
const BEGIN = `
local kept = redis.call('HMGET', KEYS[1], 's', 'o')
local ks, ko = tonumber(kept[1] or '0'), tonumber(kept[2] or '-1')
local n, done, at = tonumber(ARGV[1]), 0, 2
local s, o = ks, ko
for i = 1, n do
  s, o = tonumber(ARGV[at]), tonumber(ARGV[at + 1])
  local fresh = s > ks or (s == ks and o > ko)
  at = at + 2
`;
const END = `
end
if s > ks or (s == ks and o > ko) then redis.call('HSET', KEYS[1], 's', s, 'o', o) end
return done
`;

/** A script whose body sees \`fresh\`, \`i\`, \`at\` (its arguments) and moves \`at\` behind them. */
export class PlaceScript {
  readonly #text: string;
  readonly #sha: string;

  constructor(body: string) {
    this.#text = `${BEGIN}${body}${END}`;
    this.#sha = createHash('sha1').update(this.#text).digest('hex');
  }

  async run(client: Redis, keys: readonly string[], args: readonly (string | Buffer | number)[]): Promise<void> {
    try {
      await client.evalsha(this.#sha, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error as Error).message.startsWith('NOSCRIPT')) throw error;
      await client.eval(this.#text, keys.length, ...keys, ...args);
    }
  }
}

/** Key under which the place of one partition of an outbox is kept. */
export function placeKey(workflow: string, nodeId: string, partition: string): string {
  return `millrace:place:${workflow}:${nodeId}:${partition}`;
}

/** Records for one script call at most, and about how many bytes. */
const RECORDS = 500;
const BYTES = 1 << 20;

/** Cuts prepared records into calls: one partition each, of bounded size, in order. */
export function* inCalls<T extends { record: StreamRecord; bytes: number }>(
  prepared: readonly T[],
  ctx: Context,
): Generator<{ partition: string; items: T[] }> {
  let items: T[] = [];
  let partition = '';
  let bytes = 0;
  for (const item of prepared) {
    const own = ctx.delivery(item.record).partition;
    if (items.length > 0 && (own !== partition || items.length >= RECORDS || bytes + item.bytes > BYTES)) {
      yield { partition, items };
      items = [];
      bytes = 0;
    }
    partition = own;
    bytes += item.bytes;
    items.push(item);
  }
  if (items.length > 0) yield { partition, items };
}
