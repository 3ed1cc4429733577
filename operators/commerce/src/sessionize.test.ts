import { compileExpression } from '@millrace/graph';
import { checkOperator, runOperator } from '@millrace/sdk/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sessionize } from './sessionize.js';

const compile = compileExpression;

describe('commerce.sessionize', () => {
  it('does what its examples say', async () => {
    await checkOperator(sessionize, { compile });
  });

  it('makes the same visits whatever the order of arrival, as a loop over sorted events does', () => {
    const click = fc.record({ u: fc.constantFrom('a', 'b'), time: fc.integer({ min: 0, max: 100 }) });
    fc.assert(
      fc.property(fc.array(click, { maxLength: 40 }), fc.boolean(), fc.nat(), (clicks, limited, cut) => {
        const harness = runOperator(sessionize, { by: ['u'], gap: 5, ...(limited && { atMost: 12 }) }, { compile });
        clicks.forEach(({ u, time }, i) => {
          harness.feed({ value: { u, i }, time });
          if (i === cut % (clicks.length + 1)) harness.snapshotRestore();
        });
        harness.end();
        const expected: { u: string; startedAt: number; endedAt: number; events: number }[] = [];
        for (const who of ['a', 'b']) {
          let visit: (typeof expected)[number] | undefined;
          for (const { time } of clicks.filter(({ u }) => u === who).sort((a, b) => a.time - b.time)) {
            if (visit && time - visit.endedAt <= 5 && !(limited && time - visit.startedAt >= 12)) {
              visit.endedAt = time;
              visit.events++;
            } else {
              visit = { u: who, startedAt: time, endedAt: time, events: 1 };
              expected.push(visit);
            }
          }
        }
        const order = (a: { u: string; startedAt: number }, b: typeof a) =>
          a.u === b.u ? a.startedAt - b.startedAt : a.u < b.u ? -1 : 1;
        const found = harness
          .output('visits')
          .map(({ u, startedAt, endedAt, events }) => ({ u, startedAt, endedAt, events }));
        expect(found.sort(order)).toEqual(expected.sort(order));
        expect(harness.output('events')).toHaveLength(clicks.length);
        expect([harness.stateSize, harness.timersPending]).toEqual([0, 0]);
      }),
    );
  });

  it('keeps what a visit began and ended with, and orders events of one moment', () => {
    const harness = runOperator(
      sessionize,
      { by: ['u'], gap: 10, first: ['page'], last: ['page'], orderBy: 'n' },
      { compile },
    );
    harness
      .feed({ value: { u: 'a', n: 2, page: '/cart' }, time: 1 })
      .feed({ value: { u: 'a', n: 1, page: '/' }, time: 1 })
      .watermark(1)
      .feed({ value: { u: 'a', n: 0, page: '/late' }, time: 1 })
      .end();
    expect(harness.output('visits')).toMatchObject([{ events: 2, first: { page: '/' }, last: { page: '/cart' } }]);
    expect(harness.late).toHaveLength(1);
  });
});
