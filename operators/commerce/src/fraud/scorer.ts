import {
  durationMs,
  encodeKey,
  fieldReader,
  type MapState,
  type Setup,
  type Static,
  type StreamRecord,
  type Value,
} from '@millrace/sdk';
import { shortNumber, spanWords } from '../shared/words.js';
import type { amount, change, list, rule, velocity } from './checks.js';

export type Velocity = Static<typeof velocity>;
export type Amount = Static<typeof amount>;
export type Change = Static<typeof change>;
export type Check = Velocity | Amount | Change | Static<typeof list> | Static<typeof rule>;

/** What is remembered of a card, a device, a product ... `t`: time of its latest record. */
export type Memory =
  /** Times (and, where different values count, the values) of the latest records, oldest first. */
  | { t: number; times: number[]; values?: string[] }
  /** Mean of the logarithms of the amounts, and how many there were. */
  | { t: number; mean: number; n: number }
  /** The last value. */
  | { t: number; last: string };

export interface Reason {
  check: string;
  points: number;
  text: string;
}

/** Where a scorer keeps what it remembers; `get` and `set` speak of one entity of one check. */
export interface Memories {
  get(key: string): Memory | undefined;
  set(key: string, memory: Memory): void;
}

/** One check of one record: a reason, or undefined. */
export interface Scorer {
  look(record: StreamRecord, memories: Memories): Reason | undefined;
  /** ms after which a memory is of no more use. */
  readonly keeps: number;
}

/** Encoded values of the fields, or undefined when one is missing. */
function entityReader(fields: readonly string[], index: number): (value: Value) => string | undefined {
  const readers = fields.map(fieldReader);
  return (value) => {
    const parts: Value[] = [index];
    for (const read of readers) {
      const part = read(value);
      if (part === null) return undefined;
      parts.push(part);
    }
    return encodeKey(parts);
  };
}

function velocityScorer(check: Velocity, index: number, compile: Setup<unknown>['compile']): Scorer {
  const { per, moreThan, points } = check;
  const within = durationMs(check.within);
  const entity = entityReader(per, index);
  const counts = check.where === undefined ? undefined : compile(check.where);
  const different = check.different === undefined ? undefined : fieldReader(check.different);
  const name = check.name ?? `velocity per ${per.join(', ')}`;
  const what = different ? `different values of ${check.different}` : 'records';
  return {
    keeps: within,
    look(record, memories) {
      const key = entity(record.value);
      if (key === undefined || (counts !== undefined && counts(record.value, record) !== true)) return undefined;
      const { time } = record;
      const old = memories.get(key) as { t: number; times: number[]; values?: string[] } | undefined;
      const times = [...(old?.times ?? [])];
      const values = [...(old?.values ?? [])];
      if (different !== undefined) {
        const value = encodeKey([different(record.value)]);
        const before = values.indexOf(value);
        if (before >= 0) {
          if (times[before]! > time) return undefined;
          times.splice(before, 1);
          values.splice(before, 1);
        }
        let at = times.length;
        while (at > 0 && times[at - 1]! > time) at--;
        times.splice(at, 0, time);
        values.splice(at, 0, value);
      } else {
        let at = times.length;
        while (at > 0 && times[at - 1]! > time) at--;
        times.splice(at, 0, time);
      }
      // More than `moreThan` is all that has to be told; ten times as many are kept so that the reason can name a number.
      const over = times.length - moreThan * 10;
      if (over > 0) {
        times.splice(0, over);
        values.splice(0, over);
      }
      let n = 0;
      // Counted back from the newest one: records that arrive in another order than they happened are as many.
      const newest = times.at(-1)!;
      const end = newest - time < within ? newest : time;
      for (const t of times) if (t > end - within && t <= end) n++;
      memories.set(key, { t: Math.max(time, old?.t ?? time), times, ...(different && { values }) });
      return n > moreThan
        ? {
            check: name,
            points,
            text: `${n} ${what} within ${spanWords(within)}; more than ${moreThan} are suspicious`,
          }
        : undefined;
    },
  };
}

/** Newer amounts count more once there are this many: prices and habits change. */
const MEAN_OF = 50;

function amountScorer(check: Amount, index: number, compile: Setup<unknown>['compile'], keeps: number): Scorer {
  const { per = [], times = 5, side = 'high', learn = 10, points } = check;
  const entity = entityReader(per, index);
  const read = compile(check.value);
  const limit = Math.log(times);
  const name = check.name ?? `unusual ${check.value}`;
  return {
    keeps,
    look(record, memories) {
      const key = entity(record.value);
      const value: Value = read(record.value, record);
      if (key === undefined || typeof value !== 'number' || !(value > 0)) return undefined;
      const log = Math.log(value);
      const old = (memories.get(key) as { t: number; mean: number; n: number } | undefined) ?? {
        t: record.time,
        mean: log,
        n: 0,
      };
      const off = log - old.mean;
      const known = old.n >= learn;
      // Rounded: 100 is not less than 20 times 5.
      const high = side !== 'low' && off >= limit - 1e-9;
      const low = side !== 'high' && -off >= limit - 1e-9;
      // A suspicious amount moves the usual one only as far as the limit: nobody can teach it a fraud with one order.
      const clipped = known ? Math.max(-limit, Math.min(limit, off)) : off;
      const n = old.n + 1;
      memories.set(key, {
        t: Math.max(record.time, old.t),
        mean: old.mean + clipped / Math.min(n, MEAN_OF),
        n: Math.min(n, 1e9),
      });
      if (!known || !(high || low)) return undefined;
      const usual = Math.exp(old.mean);
      return {
        check: name,
        points,
        text: high
          ? `${shortNumber(value)} is ${shortNumber(value / usual)} times the usual ${shortNumber(usual)}`
          : `${shortNumber(value)} is a ${shortNumber(usual / value)}th of the usual ${shortNumber(usual)}`,
      };
    },
  };
}

function changeScorer(check: Change, index: number): Scorer {
  const { field, per, points } = check;
  const within = durationMs(check.within ?? '2 h');
  const entity = entityReader(per, index);
  const read = fieldReader(field);
  const name = check.name ?? `change of ${field}`;
  return {
    keeps: within,
    look(record, memories) {
      const key = entity(record.value);
      const value: Value = read(record.value);
      if (key === undefined || value === null) return undefined;
      const now = String(value);
      const old = memories.get(key) as { t: number; last: string } | undefined;
      if (old === undefined || record.time >= old.t) memories.set(key, { t: record.time, last: now });
      if (old === undefined || old.last === now || Math.abs(record.time - old.t) > within) return undefined;
      return {
        check: name,
        points,
        text: `${field} is ${now}, ${spanWords(Math.abs(record.time - old.t))} before it was ${old.last}`,
      };
    },
  };
}

/** A working check; `index` tells its memories from those of the others, `keeps` is how long habits are remembered, ms. */
export function scorerOf(check: Check, index: number, compile: Setup<unknown>['compile'], keeps: number): Scorer {
  switch (check.check) {
    case 'velocity':
      return velocityScorer(check, index, compile);
    case 'amount':
      return amountScorer(check, index, compile, keeps);
    case 'change':
      return changeScorer(check, index);
    case 'list': {
      const read = fieldReader(check.field);
      const values = new Set<Value>(check.values);
      const name = check.name ?? `list of ${check.field}`;
      return {
        keeps: 0,
        look: ({ value }) => {
          const found: Value = read(value);
          return values.has(found)
            ? { check: name, points: check.points, text: `${check.field} ${found} is on the list` }
            : undefined;
        },
      };
    }
    default: {
      const holds = compile(check.where);
      const name = check.name ?? check.where;
      return {
        keeps: 0,
        look: (record) =>
          holds(record.value, record) === true
            ? { check: name, points: check.points, text: `${check.where} is true` }
            : undefined,
      };
    }
  }
}

export type MemoryState = MapState<Memory, string>;
