import type { RedisClient } from '../redis/connect.js';
import { linesKey } from './keys.js';
import type { LogFields, LogLevel } from './messages.js';

export type Line = { print: string } | { level: LogLevel; message: string; fields?: LogFields };

/** Entries kept for a handle that reads later. */
const KEPT = 10_000;

/** What tasks print and log, on its way to whoever holds the run's handle. */
export class Lines {
  readonly #pending = new Map<string, Line[]>();

  constructor(private readonly redis: RedisClient) {}

  print(run: string, line: string): void {
    this.#add(run, { print: line });
  }

  log(run: string, level: LogLevel, message: string, fields: LogFields): void {
    this.#add(run, { level, message, fields });
  }

  #add(run: string, line: Line): void {
    const lines = this.#pending.get(run);
    if (lines === undefined) this.#pending.set(run, [line]);
    else lines.push(line);
  }

  async flush(run: string): Promise<void> {
    const lines = this.#pending.get(run);
    if (lines === undefined) return;
    this.#pending.delete(run);
    for (let at = 0; at < lines.length; at += 500)
      await this.redis.xadd(linesKey(run), 'MAXLEN', '~', KEPT, '*', 'l', JSON.stringify(lines.slice(at, at + 500)));
  }

  async flushAll(): Promise<void> {
    for (const run of [...this.#pending.keys()]) await this.flush(run);
  }
}

/** Lines after an entry's id, oldest first, with the id of the last one. */
export async function readLines(
  redis: RedisClient,
  run: string,
  after: string,
): Promise<{ lines: Line[]; last: string }> {
  const rows = await redis.xrange(linesKey(run), `(${after}`, '+', 'COUNT', 1000);
  const lines = rows.flatMap(([, fields]) => JSON.parse(fields[1]!) as Line[]);
  return { lines, last: rows.at(-1)?.[0] ?? after };
}
