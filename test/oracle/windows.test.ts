import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bag, byKey, changesOf, type Event, inTime, RUNS, tableOf, traces, ways } from './engine.js';

/** Recomputed from scratch over everything: what a window's row must say. */
const facts = (k: string | null, events: readonly Event[]) => ({
  k,
  n: events.length,
  total: events.reduce((sum, { v }) => sum + v, 0),
  most: Math.max(...events.map(({ v }) => v)),
  different: new Set(events.map(({ v }) => v)).size,
  big: events.filter(({ v }) => v > 3).length,
});

const aggregates = [
  { fn: 'count', as: 'n' },
  { fn: 'sum', field: 'v', as: 'total' },
  { fn: 'max', field: 'v', as: 'most' },
  { fn: 'distinct', field: 'v', as: 'different' },
  { fn: 'count', as: 'big', where: 'v > 3' },
];

function expected(events: readonly Event[], windowsOf: (t: number) => { start: number; end: number }[]): object[] {
  const rows: object[] = [];
  for (const [k, own] of byKey(events)) {
    const windows = new Map<string, { start: number; end: number; events: Event[] }>();
    for (const one of own) {
      for (const { start, end } of windowsOf(one.t)) {
        const window = windows.get(`${start}/${end}`) ?? { start, end, events: [] };
        window.events.push(one);
        windows.set(`${start}/${end}`, window);
      }
    }
    for (const { start, end, events: inside } of windows.values())
      rows.push({ ...facts(k, inside), windowStart: start, windowEnd: end });
  }
  return rows;
}

const sizes = fc.integer({ min: 1, max: 12 });

describe('windows are those of a recomputation', () => {
  it('tumbling and hopping', async () => {
    await fc.assert(
      fc.asyncProperty(traces, ways, sizes, fc.integer({ min: 1, max: 4 }), async (events, way, slide, times) => {
        const size = slide * times;
        const config = { window: 'hopping', size, slide, groupBy: ['k'], aggregates };
        const changes = await changesOf({ operator: 'core.window-aggregate', config, inputs: { in: events } }, way);
        const wanted = expected(events, (t) =>
          Array.from({ length: times }, (_, i) => {
            const start = Math.floor(t / slide) * slide - i * slide;
            return { start, end: start + size };
          }),
        );
        expect(bag(changes.map(({ value }) => value))).toEqual(bag(wanted));
      }),
      RUNS,
    );
  });

  it('cumulating', async () => {
    await fc.assert(
      fc.asyncProperty(traces, ways, sizes, fc.integer({ min: 1, max: 4 }), async (events, way, slide, times) => {
        const size = slide * times;
        const config = { window: 'cumulating', size, slide, groupBy: ['k'], aggregates };
        const changes = await changesOf({ operator: 'core.window-aggregate', config, inputs: { in: events } }, way);
        const wanted = expected(events, (t) => {
          const start = Math.floor(t / size) * size;
          return Array.from({ length: times }, (_, i) => ({ start, end: start + (i + 1) * slide })).filter(
            ({ end }) => t < end,
          );
        });
        expect(bag(changes.map(({ value }) => value))).toEqual(bag(wanted));
      }),
      RUNS,
    );
  });

  it('sessions', async () => {
    await fc.assert(
      fc.asyncProperty(traces, ways, sizes, async (events, way, gap) => {
        const config = { window: 'session', gap, groupBy: ['k'], aggregates };
        const changes = await changesOf({ operator: 'core.window-aggregate', config, inputs: { in: events } }, way);
        const wanted: object[] = [];
        for (const [k, own] of byKey(inTime(events))) {
          let session: Event[] = [];
          const close = () => {
            if (session.length === 0) return;
            wanted.push({ ...facts(k, session), windowStart: session[0]!.t, windowEnd: session.at(-1)!.t + gap });
            session = [];
          };
          for (const one of own) {
            if (session.length > 0 && one.t - session.at(-1)!.t > gap) close();
            session.push(one);
          }
          close();
        }
        expect(bag(changes.map(({ value }) => value))).toEqual(bag(wanted));
      }),
      RUNS,
    );
  });

  it('running totals, of facts and of a table', async () => {
    await fc.assert(
      fc.asyncProperty(traces, ways, fc.boolean(), async (events, way, table) => {
        const config = { groupBy: ['k'], aggregates };
        const tables: { [port: string]: string[] } = table ? { in: ['v'] } : {};
        const changes = await changesOf(
          { operator: 'core.running-aggregate', config, inputs: { in: events }, tables },
          { ...way, parallelism: table ? 1 : way.parallelism },
        );
        const rows = new Map<number, Event>();
        for (const one of events) if (one.t >= (rows.get(one.v)?.t ?? Number.NEGATIVE_INFINITY)) rows.set(one.v, one);
        const wanted = [...byKey(table ? [...rows.values()] : events)].map(([k, own]) => facts(k, own));
        expect(tableOf(changes, ['k'])).toEqual(bag(wanted));
      }),
      RUNS,
    );
  });
});
