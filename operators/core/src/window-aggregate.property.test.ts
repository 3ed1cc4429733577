import { compileExpression } from '@millrace/graph';
import { compareKeys, MAX_TIME, MIN_TIME, nextPeriod, startOfPeriod } from '@millrace/sdk';
import { type OperatorHarness, runOperator } from '@millrace/sdk/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { windowAggregate } from './window-aggregate.js';

/** A record with a value in cents, or a watermark. */
type Step = { key: string; time: number; cents: number | null } | { wm: number };

interface Result {
  key: string;
  start: number;
  end: number;
  n: number;
  sum: number | null;
  low: number | null;
  first: number | null;
  users: number;
}

const aggregates = [
  { fn: 'count', as: 'n' },
  { fn: 'sum', field: 'price', as: 'sum' },
  { fn: 'min', field: 'price', as: 'low' },
  { fn: 'first', field: 'price', as: 'first' },
];

/** Time goes up by small steps with jumps back; watermarks follow it at a distance that sometimes is too short. */
const trace: fc.Arbitrary<Step[]> = fc
  .array(
    fc.record({
      forward: fc.integer({ min: 0, max: 12 }),
      back: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 30 })),
      key: fc.constantFrom('a', 'b', 'ü', '\u{1F6D2}'),
      cents: fc.option(fc.integer({ min: -500, max: 100_000 }), { freq: 8 }),
      mark: fc.option(fc.integer({ min: 0, max: 15 }), { freq: 2 }),
    }),
    { maxLength: 60 },
  )
  .map((parts) => {
    const steps: Step[] = [];
    let now = -40;
    for (const { forward, back, key, cents, mark } of parts) {
      now += forward;
      steps.push({ key, time: now - back, cents });
      if (mark !== null) steps.push({ wm: now - mark });
    }
    return steps;
  });

type Placed = { time: number; cents: number | null };

function resultOf(key: string, start: number, end: number, records: readonly Placed[], distinct: boolean): Result {
  const values = records.filter((record) => record.cents !== null);
  const cents = values.map((record) => record.cents as number);
  const earliest = values.reduce<Placed | undefined>(
    (best, record) => (best === undefined || record.time < best.time ? record : best),
    undefined,
  );
  return {
    key,
    start,
    end,
    n: records.length,
    sum: cents.length === 0 ? null : Number((BigInt(cents.reduce((a, b) => a + b, 0)) * 1n).toString()) / 100,
    low: cents.length === 0 ? null : Math.min(...cents) / 100,
    first: earliest === undefined ? null : (earliest.cents as number) / 100,
    users: distinct ? new Set(cents).size : -1,
  };
}

/** Results from scratch: every record into every window of `windowsOf` that is open when it arrives, every window once at its end. */
function recompute(
  steps: readonly Step[],
  windowsOf: (time: number) => [number, number][],
  distinct: boolean,
): { results: Result[]; late: number } {
  const open = new Map<string, { key: string; start: number; end: number; records: Placed[] }>();
  const results: Result[] = [];
  let watermark = MIN_TIME;
  let late = 0;
  const fire = (to: number) => {
    watermark = Math.max(watermark, to);
    const due = [...open]
      .filter(([, w]) => w.end - 1 <= watermark)
      .sort(([, a], [, b]) => a.end - b.end || compareKeys(a.key, b.key));
    for (const [id, w] of due) {
      results.push(resultOf(w.key, w.start, w.end, w.records, distinct));
      open.delete(id);
    }
  };
  for (const step of steps) {
    if ('wm' in step) {
      fire(step.wm);
      continue;
    }
    const all = windowsOf(step.time);
    const alive = all.filter(([, end]) => end - 1 > watermark);
    if (all.length > 0 && alive.length === 0) late++;
    for (const [start, end] of alive) {
      const id = `${step.key} ${start} ${end}`;
      const window = open.get(id) ?? { key: step.key, start, end, records: [] };
      window.records.push(step);
      open.set(id, window);
    }
  }
  fire(MAX_TIME);
  return { results, late };
}

function play(
  config: object,
  steps: readonly Step[],
  between: (harness: OperatorHarness) => void,
  distinct: boolean,
): { results: Result[]; late: number } {
  const computed = distinct ? [...aggregates, { fn: 'distinct', field: 'price', as: 'users' }] : aggregates;
  const harness = runOperator(
    windowAggregate,
    { ...config, groupBy: ['key'], aggregates: computed },
    { compile: compileExpression },
  );
  for (const step of steps) {
    if ('wm' in step) harness.watermark(step.wm);
    else
      harness.feed({ value: { key: step.key, price: step.cents === null ? null : step.cents / 100 }, time: step.time });
    between(harness);
  }
  harness.end();
  expect([harness.dead, harness.stateSize, harness.timersPending]).toEqual([[], 0, 0]);
  const results = harness
    .output()
    .map(({ windowStart, windowEnd, users = -1, ...rest }) => ({ ...rest, users, start: windowStart, end: windowEnd }));
  return { results, late: harness.late.length };
}

function fixed(size: number, slide: number, offset: number): (time: number) => [number, number][] {
  return (time) => {
    const found: [number, number][] = [];
    const last = Math.floor((time - offset) / slide) * slide + offset;
    for (let start = last; start > time - size; start -= slide) found.unshift([start, start + size]);
    return found;
  };
}

function cumulating(size: number, step: number): (time: number) => [number, number][] {
  return (time) => {
    const start = Math.floor(time / size) * size;
    const found: [number, number][] = [];
    for (let end = start + step; end <= start + size; end += step) if (end > time) found.push([start, end]);
    return found;
  };
}

const kinds: { name: string; config: object; windowsOf: (time: number) => [number, number][] }[] = [
  { name: 'tumbling 10', config: { window: 'tumbling', size: 10 }, windowsOf: fixed(10, 10, 0) },
  { name: 'tumbling 7 at 3', config: { window: 'tumbling', size: 7, offset: 3 }, windowsOf: fixed(7, 7, 3) },
  { name: 'hopping 30 every 10', config: { window: 'hopping', size: 30, slide: 10 }, windowsOf: fixed(30, 10, 0) },
  {
    name: 'hopping 25 every 10 at 4',
    config: { window: 'hopping', size: 25, slide: 10, offset: 4 },
    windowsOf: fixed(25, 10, 4),
  },
  { name: 'hopping 7 every 3', config: { window: 'hopping', size: 7, slide: 3 }, windowsOf: fixed(7, 3, 0) },
  { name: 'hopping 40 every 1', config: { window: 'hopping', size: 40, slide: 1 }, windowsOf: fixed(40, 1, 0) },
  { name: 'hopping 5 every 8', config: { window: 'hopping', size: 5, slide: 8 }, windowsOf: fixed(5, 8, 0) },
  { name: 'cumulating 40 by 10', config: { window: 'cumulating', size: 40, slide: 10 }, windowsOf: cumulating(40, 10) },
  {
    name: 'calendar day',
    config: { window: 'calendar', period: 'day', zone: 'Asia/Kolkata' },
    windowsOf: (time) => {
      const start = startOfPeriod(time, 'day', 'Asia/Kolkata');
      return [[start, nextPeriod(start, 'day', 'Asia/Kolkata')]];
    },
  },
];

describe.each(kinds)('core.window-aggregate, $name, over random disordered traces', ({ config, windowsOf }) => {
  it.each([false, true])('equals the computation from scratch (with sets: %s)', (distinct) => {
    fc.assert(
      fc.property(trace, (steps) => {
        expect(play(config, steps, () => undefined, distinct)).toEqual(recompute(steps, windowsOf, distinct));
      }),
      { numRuns: 60 },
    );
  });

  it('gives the same when state is restored after every step, and after some', () => {
    fc.assert(
      fc.property(trace, fc.integer({ min: 1, max: 4 }), (steps, every) => {
        let n = 0;
        const restored = play(config, steps, (harness) => void (n++ % every === 0 && harness.snapshotRestore()), false);
        expect(restored).toEqual(recompute(steps, windowsOf, false));
      }),
      { numRuns: 40 },
    );
  });
});

describe('session windows over random disordered traces', () => {
  /** Open sessions by brute force: lists of times; a record joins every session within the gap. */
  function sessions(steps: readonly Step[], gap: number): { found: string[]; late: number } {
    let open: { key: string; times: number[] }[] = [];
    const found: string[] = [];
    let watermark = MIN_TIME;
    let late = 0;
    const fire = (to: number) => {
      watermark = Math.max(watermark, to);
      const due = open.filter(({ times }) => Math.max(...times) + gap <= watermark);
      for (const { key, times } of due)
        found.push(`${key} ${Math.min(...times)} ${Math.max(...times) + gap} ${times.length}`);
      open = open.filter((session) => !due.includes(session));
    };
    for (const step of steps) {
      if ('wm' in step) {
        fire(step.wm);
        continue;
      }
      const touched = open.filter(
        ({ key, times }) => key === step.key && times.some((time) => Math.abs(time - step.time) <= gap),
      );
      if (touched.length === 0 && step.time + gap <= watermark) late++;
      else {
        open = open.filter((session) => !touched.includes(session));
        open.push({ key: step.key, times: [...touched.flatMap(({ times }) => times), step.time] });
      }
    }
    fire(MAX_TIME);
    return { found: found.sort(), late };
  }

  it('equal the computation from scratch, with and without restores', () => {
    fc.assert(
      fc.property(trace, fc.integer({ min: 1, max: 20 }), fc.boolean(), (steps, gap, restore) => {
        const { results, late } = play(
          { window: 'session', gap },
          steps,
          (harness) => void (restore && harness.snapshotRestore()),
          false,
        );
        const found = results.map(({ key, start, end, n }) => `${key} ${start} ${end} ${n}`).sort();
        expect({ found, late }).toEqual(sessions(steps, gap));
      }),
      { numRuns: 150 },
    );
  });
});
