import type { Clock } from '@millrace/sdk';
import type { Answer, LookupTarget } from './lookup.js';

export interface CacheOptions {
  readonly clock: Clock;
  /** Answers kept; the one not used for longest goes first. */
  readonly size: number;
  /** ms an answer is believed; "no such row" too. */
  readonly ttl: number;
}

/** Keeps the answers of a slow target for a while, and asks once for a key that several records want at the same time. */
export function cachedTarget(target: LookupTarget, { clock, size, ttl }: CacheOptions): LookupTarget {
  // A Map keeps the order of insertion, so its first entry is the one not used for longest.
  const answers = new Map<string, { rows: Answer; until: number }>();
  const asking = new Map<string, Promise<Answer>>();
  const fetch = async (key: string, signal: AbortSignal): Promise<Answer> => {
    const rows = await target.ask(key, signal);
    answers.delete(key);
    answers.set(key, { rows, until: clock.now() + ttl });
    if (answers.size > size) answers.delete(answers.keys().next().value!);
    return rows;
  };
  return {
    ...(target.open && { open: () => target.open!() }),
    known(key) {
      const found = answers.get(key);
      if (found === undefined) return target.known(key);
      answers.delete(key);
      if (found.until <= clock.now()) return undefined;
      answers.set(key, found);
      return found.rows;
    },
    ask(key, signal) {
      const running = asking.get(key);
      if (running !== undefined) return running;
      const asked = fetch(key, signal).finally(() => asking.delete(key));
      asking.set(key, asked);
      return asked;
    },
    ...(target.close && { close: () => target.close!() }),
  };
}
