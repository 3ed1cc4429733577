import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bag, changesOf, type Event, inTime, RUNS, tableOf, traces, ways } from './engine.js';

const keys = { leftKey: ['k'], rightKey: ['k'], select: 'nest' };
const types = fc.constantFrom('inner', 'left', 'right', 'full');

interface Pair {
  left: Event | null;
  right: Event | null;
}

/** All pairs of a nested loop, and what has no partner where the type keeps it. */
function pairs(
  left: readonly Event[],
  right: readonly Event[],
  type: string,
  fits: (l: Event, r: Event) => boolean,
): Pair[] {
  const found: Pair[] = [];
  for (const l of left) for (const r of right) if (fits(l, r)) found.push({ left: l, right: r });
  if (type === 'left' || type === 'full')
    for (const l of left) if (!right.some((r) => fits(l, r))) found.push({ left: l, right: null });
  if (type === 'right' || type === 'full')
    for (const r of right) if (!left.some((l) => fits(l, r))) found.push({ left: null, right: r });
  return found;
}

const sameKey = (l: Event, r: Event): boolean => l.k !== null && l.k === r.k;
const short = traces.map((events) => events.slice(0, 25));

describe('joins are those of a nested loop', () => {
  it('in time', async () => {
    const bounds = fc.tuple(fc.integer({ min: -15, max: 15 }), fc.integer({ min: 0, max: 20 }));
    await fc.assert(
      fc.asyncProperty(short, short, ways, types, bounds, async (left, right, way, type, [lower, width]) => {
        const upper = lower + width;
        const config = { ...keys, type, lower: `${lower} ms`, upper: `${upper} ms` };
        const changes = await changesOf({ operator: 'core.interval-join', config, inputs: { left, right } }, way);
        const fits = (l: Event, r: Event) => sameKey(l, r) && r.t >= l.t + lower && r.t <= l.t + upper;
        expect(bag(changes.map(({ value }) => value))).toEqual(bag(pairs(left, right, type, fits)));
      }),
      RUNS,
    );
  });

  it('per window', async () => {
    await fc.assert(
      fc.asyncProperty(
        short,
        short,
        ways,
        types,
        fc.integer({ min: 5, max: 40 }),
        async (left, right, way, type, size) => {
          const config = { ...keys, type, window: 'tumbling', size };
          const changes = await changesOf({ operator: 'core.window-join', config, inputs: { left, right } }, way);
          const start = ({ t }: Event) => Math.floor(t / size) * size;
          const wanted = pairs(left, right, type, (l, r) => sameKey(l, r) && start(l) === start(r)).map((pair) => {
            const windowStart = start((pair.left ?? pair.right)!);
            return { ...pair, windowStart, windowEnd: windowStart + size };
          });
          expect(bag(changes.map(({ value }) => value))).toEqual(bag(wanted));
        },
      ),
      RUNS,
    );
  });

  it('without a bound', async () => {
    await fc.assert(
      fc.asyncProperty(short, short, ways, types, async (left, right, way, type) => {
        const config = {
          ...keys,
          type,
          select: 'merge',
          leftPrefix: 'l_',
          rightPrefix: 'r_',
          leftId: ['n'],
          rightId: ['n'],
        };
        const changes = await changesOf({ operator: 'core.join', config, inputs: { left, right } }, way);
        const wanted = pairs(left, right, type, sameKey).map((pair) => ({
          ...(pair.left && named('l_', pair.left)),
          ...(pair.right && named('r_', pair.right)),
        }));
        const found =
          type === 'inner' ? bag(changes.map(({ value }) => value)) : tableOf(changes, ['l_k', 'l_n', 'r_n', 'r_k']);
        expect(found).toEqual(bag(wanted));
      }),
      RUNS,
    );
  });

  it('with the version of a table that was valid then', async () => {
    await fc.assert(
      fc.asyncProperty(
        short,
        short,
        ways,
        fc.constantFrom('inner', 'left'),
        fc.boolean(),
        async (left, right, way, type, latest) => {
          const config = { ...keys, type };
          const job = { operator: 'core.temporal-join', config, inputs: { left, right } };
          // All changes are versions; of a table that `core.latest` made, those that came after a newer one are missing.
          const changes = await changesOf({ ...job, ...(latest && { tables: { right: ['k'] } }) }, way);
          const versions = inTime(latest ? newestOnArrival(right) : right);
          const wanted = left.flatMap((l): Pair[] => {
            const valid = versions.filter((r) => sameKey(l, r) && r.t <= l.t);
            const newest = valid.at(-1);
            if (newest === undefined) return type === 'left' ? [{ left: l, right: null }] : [];
            return [{ left: l, right: newest }];
          });
          expect(bag(changes.map(({ value }) => value))).toEqual(bag(wanted));
        },
      ),
      RUNS,
    );
  });
});

/** Without the events that were older than one of their key that had come before them. */
function newestOnArrival(events: readonly Event[]): Event[] {
  const newest = new Map<string | null, number>();
  return events.filter(({ k, t }) => {
    if (t < (newest.get(k) ?? Number.NEGATIVE_INFINITY)) return false;
    newest.set(k, t);
    return true;
  });
}

function named(prefix: string, one: Event): object {
  return Object.fromEntries(Object.entries(one).map(([name, value]) => [prefix + name, value]));
}
