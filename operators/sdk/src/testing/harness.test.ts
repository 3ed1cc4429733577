import { describe, expect, it } from 'vitest';
import { MillraceError } from '../errors.js';
import { type Behaviour, type Context, defineOperator } from '../operator.js';
import { MAX_TIME, MIN_TIME } from '../record.js';
import { Type } from '../schema.js';
import type { ListState, MapState, StateSpec, ValueState } from '../state.js';
import { runOperator } from './harness.js';

const docs = { title: 'Test', summary: 'Tests.', category: 'shape' } as const;
const anyConfig = Type.Object({ by: Type.Optional(Type.String({ default: 'id' })), ttl: Type.Optional(Type.Number()) });
const example = { title: 'none', config: {} };

interface States {
  v: ValueState<number>;
  m: MapState<number>;
  l: ListState<number>;
}
const ttl = (config: { ttl?: number }) => config.ttl;
const states: { [name: string]: StateSpec } = {
  v: { kind: 'value', ttl },
  m: { kind: 'map', ttl },
  l: { kind: 'list', ttl },
};

function operator(behaviour: () => Behaviour<States>, more: object = {}) {
  return defineOperator<typeof anyConfig, States>({
    type: 'test.operator',
    version: 1,
    docs,
    config: anyConfig,
    inputs: { in: {}, other: { required: false } },
    outputs: { out: {}, late: { side: true } },
    key: (config) => [config.by ?? ''],
    traits: { partitioning: 'by-key' },
    state: states,
    examples: [example],
    create: behaviour,
    ...more,
  });
}

describe('runOperator', () => {
  it('gives a record to onRecord with its port, time and encoded key, and a filled-in config', () => {
    const seen: unknown[] = [];
    const harness = runOperator(
      operator(() => ({ onRecord: (record, port, ctx) => void seen.push([port, record.time, record.op, ctx.key]) })),
      {},
    );
    harness.feed({ id: 'a' }).feed({ value: { id: 7 }, port: 'other', time: 5, op: 'delete' });
    expect(seen).toEqual([
      ['in', 0, 'insert', 'a'],
      ['other', 5, 'delete', '\u0000n7'],
    ]);
  });

  it('takes back state, timers, outputs and marks of a record that threw, and keeps it with its error', () => {
    const harness = runOperator(
      operator(() => ({
        onRecord(record, _port, ctx) {
          ctx.state.v.set((ctx.state.v.get() ?? 0) + 1);
          ctx.state.m.set('x', record.value.n);
          ctx.state.l.add(record.value.n);
          ctx.timers.at(100 + record.value.n);
          ctx.timers.cancel(101);
          ctx.emit('out', { v: ctx.state.v.get(), m: [...ctx.state.m.entries()], l: ctx.state.l.get() });
          ctx.filtered();
          ctx.late(record);
          if (record.value.n === 2) throw new MillraceError('two', { code: 'TWO' });
        },
      })),
      {},
    );
    for (const n of [1, 2, 3]) harness.feed({ id: 'a', n });
    expect(harness.output()).toEqual([
      { v: 1, m: [['x', 1]], l: [1] },
      { v: 2, m: [['x', 3]], l: [1, 3] },
    ]);
    expect(harness.dead.map((d) => [d.record?.value.n, d.error.code])).toEqual([[2, 'TWO']]);
    expect([harness.filtered, harness.late.length, harness.output('late').length]).toEqual([2, 2, 2]);
    expect(harness.timers.map((t) => t.time)).toEqual([103]);
    expect(harness.stateSize).toBe(3);
  });

  it('fires event timers in (time, key, name) order when the watermark reaches them, also those set on the way', () => {
    const fired: unknown[] = [];
    const harness = runOperator(
      operator(() => ({
        onRecord: (record, _port, ctx) => ctx.timers.at(record.value.at, record.value.name),
        onTimer(timer, ctx) {
          fired.push([timer.time, timer.key, timer.name, ctx.watermark]);
          if (timer.name === 'again') ctx.timers.at(timer.time + 10, 'done');
          ctx.emit('out', timer.name);
        },
      })),
      {},
    );
    for (const [id, at, name] of [
      ['b', 10, 'x'],
      ['a', 10, 'z'],
      ['a', 10, 'again'],
      ['a', 9, 'z'],
      ['a', 10, 'z'],
      ['a', 31, 'far'],
    ] as const)
      harness.feed({ id, at, name });
    harness.watermark(8);
    expect(fired).toEqual([]);
    harness.watermark(30).watermark(12);
    expect(fired).toEqual([
      [9, 'a', 'z', 30],
      [10, 'a', 'again', 30],
      [10, 'a', 'z', 30],
      [10, 'b', 'x', 30],
      [20, 'a', 'done', 30],
    ]);
    expect(harness.records().map((r) => r.time)).toEqual([9, 10, 10, 10, 20]);
    expect(harness.timersPending).toBe(1);
    harness.end();
    expect(fired.at(-1)).toEqual([31, 'a', 'far', MAX_TIME]);
  });

  it('shows MIN_TIME as the watermark before any', () => {
    let seen = 0;
    runOperator(
      operator(() => ({
        onRecord: (_r, _p, ctx) => {
          seen = ctx.watermark;
        },
      })),
      {},
    ).feed({});
    expect(seen).toBe(MIN_TIME);
  });

  it('fires clock timers when the clock reaches them, not the watermark', () => {
    const harness = runOperator(
      operator(() => ({
        onRecord: (_r, _p, ctx) => ctx.timers.clockAt(ctx.clock.now() + 50, 'tick'),
        onTimer: (t, ctx) => ctx.emit('out', [t.kind, t.time, ctx.clock.now()]),
      })),
      {},
      { startTime: 1000 },
    );
    harness.feed({ id: 1 }).end().clock(1049);
    expect(harness.output()).toEqual([]);
    expect(harness.clock(1060).output()).toEqual([['clock', 1050, 1060]]);
  });

  it('lets state expire by the clock: a value, a map and a list, ttl after the last write to any of it', () => {
    const look = (ctx: Context<States>) => [
      ctx.state.v.get() ?? null,
      [...ctx.state.m.entries()].map(([k]) => k).sort(),
      ctx.state.l.get(),
    ];
    const harness = runOperator(
      operator(() => ({
        onRecord(record, _port, ctx) {
          if (record.value.write) {
            ctx.state.v.set(1);
            ctx.state.m.set(record.value.write, 1);
            ctx.state.l.add(1);
          }
          ctx.emit('out', look(ctx));
        },
      })),
      { ttl: 100 },
    );
    harness
      .feed({ write: 'a' })
      .clock(60)
      .feed({ write: 'b' })
      .clock(159)
      .feed({})
      .clock(160)
      .feed({})
      .snapshotRestore()
      .feed({});
    expect(harness.output()).toEqual([
      [1, ['a'], [1]],
      [1, ['a', 'b'], [1, 1]],
      [1, ['a', 'b'], [1, 1]],
      [null, [], []],
      [null, [], []],
    ]);
    expect(harness.stateSize).toBe(0);
  });

  it('keeps only what was written to state across snapshotRestore: no closures, no changes in place without set', () => {
    const harness = runOperator(
      operator(() => {
        let inClosure = 0;
        return {
          onRecord(_record, _port, ctx) {
            inClosure++;
            const map = ctx.state as unknown as { v: ValueState<{ n: number; hidden: number }> };
            const value = map.v.get() ?? { n: 0, hidden: 0 };
            if (value.n === 0) map.v.set({ n: 1, hidden: 0 });
            else value.hidden++;
            ctx.emit('out', [inClosure, map.v.get()?.hidden]);
          },
        };
      }),
      {},
    );
    harness.feed({}).feed({}).snapshotRestore().feed({});
    expect(harness.output()).toEqual([
      [1, 0],
      [2, 1],
      [1, 2],
    ]);
    expect(harness.snapshotRestore().feed({}).output().at(-1)).toEqual([1, 2]);
  });

  it('refuses state that no store could keep, and outputs that are not JSON', () => {
    const harness = runOperator(
      operator(() => ({
        onRecord: (r, _p, ctx) =>
          r.value.bad === 'state' ? ctx.state.v.set((() => 1) as never) : ctx.emit('out', { when: new Date(0) }),
      })),
      {},
    );
    expect(harness.feed({ bad: 'output' }).dead[0]?.error.code).toBe('OUTPUT_NOT_JSON');
    expect(() => harness.feed({ bad: 'state' }).snapshotRestore()).toThrow(/does not survive a commit/);
  });

  it('catches an operator that changes the record it was given, and one that emits to no port', () => {
    const harness = runOperator(
      operator(() => ({
        onRecord(record, _port, ctx) {
          if (record.value.change) record.value.change = 2;
          ctx.emit('nowhere', 1);
        },
      })),
      {},
    );
    harness.feed({ change: 1 }).feed({ id: 1 });
    expect(harness.dead[0]?.error.message).toMatch(/read only/);
    expect(harness.dead[1]?.error.code).toBe('PORT_UNKNOWN');
  });

  it('asks for a compiler when the key is more than a field name', () => {
    const spec = operator(() => ({ onRecord: (_r, _p, ctx) => ctx.emit('out', ctx.key) }));
    expect(() => runOperator(spec, { by: 'lower(id)' })).toThrow(/Pass|compile/);
    const harness = runOperator(spec, { by: 'lower(id)' }, { compile: () => (value) => value.id.toLowerCase() });
    expect(harness.feed({ id: 'AB' }).output()).toEqual(['ab']);
    expect(
      runOperator(spec, { by: 'a.b' })
        .feed({ a: { b: 3 } })
        .output(),
    ).toEqual(['\u0000n3']);
  });
});

describe('runOperator with asynchronous operators', () => {
  const lookup = operator(
    () => ({
      async onBatch(records, _port, ctx) {
        const results = await ctx.map(
          records,
          async (record, signal) => {
            if (record.value.hang)
              await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
            if (record.value.bad) throw new Error('no such thing');
            return record.value.id * 10;
          },
          { concurrency: 2, timeout: 1000 },
        );
        results.forEach((result, i) => {
          if (result.ok) ctx.emit('out', [result.value, records.length], records[i]!.time);
          else ctx.fail(records[i]!, result.error);
        });
      },
    }),
    { key: undefined, traits: {}, inputs: { in: {} }, outputs: { out: {} } },
  );

  it('awaits onBatch once per batch and keeps the order of the records', async () => {
    const harness = runOperator(lookup, {});
    harness.feedAll([{ id: 1 }, { id: 2 }, { id: 3, bad: true }]).feed({ id: 4 });
    expect(() => harness.output()).toThrow(/still at work/);
    await harness.settled();
    expect(harness.output()).toEqual([
      [10, 3],
      [20, 3],
      [40, 1],
    ]);
    expect(harness.dead.map((d) => [d.record?.value.id, d.error.message])).toEqual([[3, 'no such thing']]);
  });

  it('lets a call run into its timeout by the injected clock', async () => {
    const harness = runOperator(lookup, {});
    harness.feedAll([{ id: 1, hang: true }, { id: 2 }]);
    await Promise.resolve();
    await harness.clock(1000).settled();
    expect(harness.output()).toEqual([[20, 2]]);
    expect(harness.dead.map((d) => d.error.code)).toEqual(['TIMEOUT']);
  });

  it('opens again after a restore, commits before it and closes the old behaviour', async () => {
    const log: string[] = [];
    const spec = operator(() => ({
      open: async () => void log.push('open'),
      prepareCommit: () => void log.push('commit'),
      finish: async () => void log.push('finish'),
      close: async () => void log.push('close'),
      onRecord: () => void log.push('record'),
    }));
    await runOperator(spec, {}).feed({}).snapshotRestore().feed({}).end().close().settled();
    expect(log).toEqual(['open', 'record', 'commit', 'close', 'open', 'record', 'finish', 'commit', 'close']);
  });

  it('reports what open threw', async () => {
    const spec = operator(() => ({ open: () => Promise.reject(new Error('no server')), onRecord: () => undefined }));
    await expect(runOperator(spec, {}).feed({}).settled()).rejects.toThrow('no server');
  });
});
