import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bag, byKey, changesOf, type Event, inTime, RUNS, tableOf, traces, ways } from './engine.js';

const values = (changes: readonly { value: unknown }[]) => changes.map(({ value }) => value);

describe('rows are those of a recomputation', () => {
  it('sorted by event time, then by fields', async () => {
    await fc.assert(
      fc.asyncProperty(traces, ways, async (events, way) => {
        const config = { orderBy: [{ field: 'v', direction: 'desc' }, { field: 'n' }] };
        const changes = await changesOf({ operator: 'core.sort', config, inputs: { in: events } }, way);
        expect(values(changes)).toEqual([...events].sort((a, b) => a.t - b.t || b.v - a.v || a.n - b.n));
      }),
      RUNS,
    );
  });

  it('without repeats: the first or last of each key, when that is certain', async () => {
    await fc.assert(
      fc.asyncProperty(traces, ways, fc.constantFrom('first', 'last'), async (events, way, keep) => {
        const config = { by: ['k'], keep, emit: 'updating', tieBreak: [{ field: 'n' }] };
        const changes = await changesOf({ operator: 'core.dedupe', config, inputs: { in: events } }, way);
        const wanted = [...byKey(inTime(events))]
          .filter(([k]) => k !== null)
          .map(([, own]) => (keep === 'first' ? own[0]! : own.at(-1)!));
        expect(tableOf(changes, ['k'])).toEqual(bag(wanted));
      }),
      RUNS,
    );
  });

  it('without repeats within a span of time', async () => {
    await fc.assert(
      fc.asyncProperty(traces, ways, fc.integer({ min: 1, max: 30 }), async (events, way, within) => {
        const config = {
          by: ['k'],
          keep: 'first',
          emit: 'final',
          remember: 'event-time',
          within,
          tieBreak: [{ field: 'n' }],
        };
        const changes = await changesOf({ operator: 'core.dedupe', config, inputs: { in: events } }, way);
        const wanted: Event[] = [];
        for (const [k, own] of byKey(inTime(events))) {
          if (k === null) continue;
          let until = Number.NEGATIVE_INFINITY;
          for (const one of own) {
            if (one.t < until) continue;
            wanted.push(one);
            until = one.t + within;
          }
        }
        expect(bag(values(changes))).toEqual(bag(wanted));
      }),
      RUNS,
    );
  });

  it('the newest of each key', async () => {
    await fc.assert(
      fc.asyncProperty(traces, ways, async (events, way) => {
        const changes = await changesOf(
          { operator: 'core.latest', config: { by: ['k'] }, inputs: { in: events } },
          { ...way, parallelism: 1 },
        );
        const newest = new Map<string, Event>();
        for (const one of events) if (one.k !== null && one.t >= (newest.get(one.k)?.t ?? 0)) newest.set(one.k, one);
        expect(tableOf(changes, ['k'])).toEqual(bag([...newest.values()]));
      }),
      RUNS,
    );
  });

  it('the best of each group, so far and per window', async () => {
    await fc.assert(
      fc.asyncProperty(traces, ways, fc.integer({ min: 1, max: 4 }), fc.boolean(), async (events, way, n, windows) => {
        const best = (own: readonly Event[]) => [...own].sort((a, b) => b.v - a.v || a.n - b.n).slice(0, n);
        const orderBy = [{ field: 'v', direction: 'desc' }, { field: 'n' }];
        const per = windows ? { per: 'window', size: 25 } : { per: 'so-far', rows: 'rows', rowKey: ['n'] };
        const config = { n, groupBy: ['k'], orderBy, ...per };
        const changes = await changesOf({ operator: 'core.top-n', config, inputs: { in: events } }, way);
        const wanted: object[] = [];
        for (const own of byKey(events).values()) {
          if (!windows) wanted.push(...best(own));
          else
            for (let start = 0; start <= 125; start += 25)
              wanted.push(
                ...best(own.filter(({ t }) => t >= start && t < start + 25)).map((one) => ({
                  ...one,
                  windowStart: start,
                  windowEnd: start + 25,
                })),
              );
        }
        const plain = (list: readonly object[]) =>
          bag(
            list.map(({ k, n: number, t, v }: { k?: unknown; n?: unknown; t?: unknown; v?: unknown }) => ({
              k,
              n: number,
              t,
              v,
            })),
          );
        if (windows) expect(plain(values(changes) as object[])).toEqual(plain(wanted));
        else expect(plain(tableOf(changes, ['k', 'n']).map((row) => JSON.parse(row) as object))).toEqual(plain(wanted));
      }),
      RUNS,
    );
  });

  it('one event followed by another, and missing it', async () => {
    await fc.assert(
      fc.asyncProperty(
        traces,
        ways,
        fc.integer({ min: 1, max: 30 }),
        fc.boolean(),
        async (events, way, within, absence) => {
          const config = {
            find: absence ? 'absence' : 'sequence',
            first: 'v > 5',
            second: 'v < 0',
            within,
            by: ['k'],
            tieBreak: [{ field: 'n' }],
          };
          const changes = await changesOf(
            { operator: 'core.pattern', config, inputs: { in: events }, output: 'match' },
            way,
          );
          const wanted: object[] = [];
          for (const [k, own] of byKey(inTime(events))) {
            if (k === null) continue;
            own.forEach((a, i) => {
              if (a.v <= 5) return;
              const b = own.slice(i + 1).find(({ v }) => v < 0);
              const found = b !== undefined && b.t <= a.t + within;
              if (found && !absence) wanted.push({ a, b });
              if (!found && absence) wanted.push(a);
            });
          }
          expect(bag(values(changes))).toEqual(bag(wanted));
        },
      ),
      RUNS,
    );
  });
});
