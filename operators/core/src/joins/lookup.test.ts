import { MillraceError, type OperatorSpec } from '@millrace/sdk';
import { runOperator } from '@millrace/sdk/testing';
import { describe, expect, it } from 'vitest';
import { AsyncLookup, type LookupTarget } from './lookup.js';
import { cachedTarget } from './lookup-cache.js';

const limits = { concurrency: 4, timeout: 10_000, retries: 2, backoff: 100 };
const unknown = () => undefined;

function harnessOf(target: LookupTarget, keep = true) {
  const spec = {
    type: 'test.lookup',
    version: 1,
    docs: { title: 'Test', summary: 'Test.', category: 'combine' },
    config: { type: 'object' },
    inputs: { in: {} },
    outputs: { out: {} },
    examples: [],
    create: ({ clock }: { clock: never }) =>
      new AsyncLookup(
        { target, key: [(value) => value.k], keep, pair: (left, right) => ({ ...left, row: right }), accept: (v) => v },
        { ...limits, clock },
      ),
  } as unknown as OperatorSpec;
  return runOperator(spec, {});
}

/** Lets promises that are ready run. */
const turn = () => new Promise((done) => setImmediate(done));

describe('AsyncLookup', () => {
  it('keeps the order of records, however long each lookup takes', async () => {
    const waiting = new Map<string, (row: string) => void>();
    const target = {
      known: unknown,
      ask: (key: string) => new Promise<string[]>((answer) => waiting.set(key, (row) => answer([row]))),
    };
    const harness = harnessOf(target).feedAll([{ k: 'a' }, { k: 'b' }, { k: 'c' }]);
    await turn();
    for (const key of ['c', 'a', 'b']) waiting.get(key)!(key.toUpperCase());
    await harness.settled();
    expect(harness.output().map((value) => value.row)).toEqual(['A', 'B', 'C']);
  });

  it('repeats a failed lookup, and fails only the record that still has no answer', async () => {
    const asked: { [key: string]: number } = {};
    const target: LookupTarget = {
      known: unknown,
      async ask(key) {
        asked[key] = (asked[key] ?? 0) + 1;
        if (key === 'never') throw new MillraceError('No.', { code: 'REFUSED', domain: 'user' });
        if (key === 'down' || (key === 'shaky' && asked[key] < 3)) throw new Error('connection lost');
        return [key];
      },
    };
    const harness = harnessOf(target).feedAll([{ k: 'shaky' }, { k: 'down' }, { k: 'never' }, { k: 'good' }]);
    for (const now of [100, 300, 700]) {
      await turn();
      harness.clock(now);
    }
    await harness.settled();
    expect(harness.output().map((value) => value.row)).toEqual(['shaky', 'good']);
    expect(harness.dead.map((d) => [d.record?.value.k, d.error.code])).toEqual([
      ['down', 'LOOKUP_FAILED'],
      ['never', 'REFUSED'],
    ]);
    expect(asked).toEqual({ shaky: 3, down: 3, never: 1, good: 1 });
  });

  it('does not ask for null keys, and leaves out what is not found unless it is kept', async () => {
    const keys: string[] = [];
    const ask = async (key: string) => {
      keys.push(key);
      return [];
    };
    const harness = await harnessOf({ known: unknown, ask }, false)
      .feedAll([{ k: null }, { k: 'x' }])
      .settled();
    expect([keys, harness.output(), harness.filtered]).toEqual([['x'], [], 2]);
  });
});

describe('cachedTarget', () => {
  const signal = new AbortController().signal;
  function counting(size = 10) {
    let now = 0;
    const asked: string[] = [];
    const target: LookupTarget = {
      known: unknown,
      async ask(key) {
        asked.push(key);
        if (key === 'bad') throw new Error('no');
        return key === 'none' ? [] : [key];
      },
    };
    const clock = { now: () => now, sleep: async () => undefined };
    return { cache: cachedTarget(target, { clock, size, ttl: 100 }), asked, at: (ms: number) => (now = ms) };
  }

  it('believes an answer for its time, "no such row" too', async () => {
    const { cache, at } = counting();
    await cache.ask('a', signal);
    await cache.ask('none', signal);
    at(99);
    expect([cache.known('a'), cache.known('none'), cache.known('b')]).toEqual([['a'], [], undefined]);
    at(100);
    expect(cache.known('a')).toBeUndefined();
  });

  it('asks once for a key that several want, and again after a failure', async () => {
    const { cache, asked } = counting();
    await Promise.all([cache.ask('a', signal), cache.ask('a', signal)]);
    await expect(cache.ask('bad', signal)).rejects.toThrow('no');
    await expect(cache.ask('bad', signal)).rejects.toThrow('no');
    expect(asked).toEqual(['a', 'bad', 'bad']);
  });

  it('drops the answer that was not used for longest', async () => {
    const { cache } = counting(2);
    await cache.ask('a', signal);
    await cache.ask('b', signal);
    cache.known('a');
    await cache.ask('c', signal);
    expect(['a', 'b', 'c'].map((key) => cache.known(key))).toEqual([['a'], undefined, ['c']]);
  });
});
