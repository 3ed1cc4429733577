import { compileExpression } from '@millrace/graph';
import type { Value } from '@millrace/sdk';
import { checkOperator, runOperator } from '@millrace/sdk/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conversionFunnel } from './conversion-funnel.js';
import { answersOf, haveRealData, print, rowsOf, timeOf } from './shared/testing/real-data.js';

const compile = compileExpression;
const PORTS = ['views', 'carts', 'checkouts', 'purchases'];

describe('commerce.conversion-funnel', () => {
  it('does what its examples say', async () => {
    await checkOperator(conversionFunnel, { compile });
  });

  it('cuts visits as from scratch, whatever the disorder', () => {
    const event = fc.record({
      forward: fc.nat({ max: 8 }),
      back: fc.nat({ max: 15 }),
      who: fc.constantFrom('a', 'b'),
      step: fc.nat({ max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), fc.boolean(), (parts, implied) => {
        const harness = runOperator(conversionFunnel, { by: ['who'], gap: 10, skipped: implied }, { compile });
        let now = 100;
        const events = parts.map(({ forward, back, who, step }) => {
          now += forward;
          return { who, step, time: now - back, mark: now - 16 };
        });
        for (const { who, step, time, mark } of events)
          harness.feed({ value: { who }, port: PORTS[step]!, time }).watermark(mark);
        harness.end();
        expect([harness.late.length, harness.stateSize, harness.timersPending]).toEqual([0, 0, 0]);
        const expected: Value[] = [];
        for (const who of ['a', 'b']) {
          const own = events.filter((event) => event.who === who).sort((x, y) => x.time - y.time);
          own.forEach((event, i) => {
            if (i === 0 || event.time - own[i - 1]!.time > 10) expected.push({ who, steps: [], start: event.time });
            expected.at(-1).steps.push(event.step);
          });
        }
        const found = harness.output('visits').map((row) => ({
          who: row.who,
          start: row.visitStart,
          events: row.events,
          steps: [row.view, row.cart, row.checkout, row.purchase],
        }));
        const wanted = expected.map(({ who, start, steps }) => {
          const most = Math.max(...steps);
          return {
            who,
            start,
            events: steps.length,
            steps: [0, 1, 2, 3].map((i) => (steps.includes(i) || (implied && i < most) ? 1 : 0)),
          };
        });
        const sort = (rows: { who: string; start: number }[]) =>
          rows.sort((x, y) => x.start - y.start || (x.who < y.who ? -1 : 1));
        expect(sort(found)).toEqual(sort(wanted));
      }),
    );
  });

  it('lets what comes after its visit is over go as late, and leaves strangers out', () => {
    const harness = runOperator(conversionFunnel, { gap: 10 }, { compile });
    harness
      .watermark(100)
      .feed({ value: { customerId: 1 }, port: 'views', time: 90 })
      .feed({ value: { customerId: 1 }, port: 'views', time: 91 });
    harness.feed({ value: {}, port: 'views', time: 200 });
    expect([harness.late.length, harness.filtered]).toEqual([1, 1]);
    expect(conversionFunnel.lint!({ gap: 0 } as never)).toHaveLength(1);
  });
});

const here = haveRealData('conversion-funnel.test.ts');
describe.skipIf(!here)('the funnel of real clicks (taobao)', { timeout: 240_000 }, () => {
  it('has as many visits as two other engines counted, and the steps of a recomputation', () => {
    const rows = rowsOf('taobao');
    const port: { [behavior: string]: string } = { pv: 'views', fav: 'views', cart: 'carts', buy: 'purchases' };
    const harness = runOperator(conversionFunnel, { by: ['user_id'], skipped: false }, { compile });
    for (const value of rows) harness.feed({ value, port: port[value.behavior]!, time: timeOf(value) });
    const visits = harness.end().output('visits');
    const [{ sessions, events }] = answersOf('taobao').sessions_30m;
    expect([visits.length, visits.reduce((sum, { events: n }) => sum + n, 0)]).toEqual([sessions, events]);

    // Per user, in order of time: a new visit after more than half an hour.
    const last = new Map<string, { time: number; steps: Set<string> }>();
    const reached: Record<string, number> = { views: 0, carts: 0, purchases: 0 };
    const count = ({ steps }: { steps: Set<string> }) => {
      for (const step of steps) reached[step]!++;
    };
    for (const row of rows) {
      const time = timeOf(row);
      const visit = last.get(row.user_id);
      if (visit && time - visit.time <= 1_800_000) {
        visit.time = time;
        visit.steps.add(port[row.behavior]!);
      } else {
        if (visit) count(visit);
        last.set(row.user_id, { time, steps: new Set([port[row.behavior]!]) });
      }
    }
    for (const visit of last.values()) count(visit);
    const sum = (step: string) => visits.reduce((total, row) => total + row[step], 0);
    expect([sum('view'), sum('cart'), sum('purchase')]).toEqual([reached.views, reached.carts, reached.purchases]);
    print(
      `conversion-funnel, taobao: ${visits.length} visits, view ${sum('view')}, cart ${sum('cart')}, purchase ${sum('purchase')}`,
    );
  });
});
