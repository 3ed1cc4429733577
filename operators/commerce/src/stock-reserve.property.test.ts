import { runOperator } from '@millrace/sdk/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stockReserve } from './stock-reserve.js';

const SKUS = ['a', 'b', 'c'];
const EXPIRE = 20;
const OPENING = 4;
const LIMIT = 5;

const line = fc.record({ sku: fc.constantFrom(...SKUS), quantity: fc.integer({ min: 1, max: 4 }) });
const bad = fc.constantFrom(-1, 0, 0.5, '1', null);
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('reserve' as const),
      orderId: fc.integer({ min: 0, max: 12 }),
      customerId: fc.constantFrom('ada', 'lin'),
      lines: fc.array(line, { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('commit' as const), orderId: fc.integer({ min: 0, max: 12 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('release' as const), orderId: fc.integer({ min: 0, max: 12 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restock' as const), line }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('bad' as const), quantity: bad }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 15 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
);

type State = 'refused' | 'held' | 'sold' | 'released' | 'expired';
interface ModelOrder {
  customer: string;
  until: number;
  lines: { sku: string; quantity: number; given: number; state: State }[];
}

/** The same shop as plain as it can be said: what is free is what came in less what is held or sold by some order. */
class Model {
  readonly cameIn = new Map(SKUS.map((sku) => [sku, OPENING]));
  readonly orders = new Map<number, ModelOrder>();
  constructor(
    readonly mode: string,
    readonly limited: boolean,
  ) {}

  promised(sku: string, customer?: string): number {
    let units = 0;
    for (const order of this.orders.values()) {
      if (customer !== undefined && order.customer !== customer) continue;
      for (const one of order.lines)
        if (one.sku === sku && (one.state === 'held' || one.state === 'sold')) units += one.given;
    }
    return units;
  }

  free = (sku: string) => this.cameIn.get(sku)! - this.promised(sku);

  reserve(id: number, customer: string, wanted: { sku: string; quantity: number }[], now: number): string {
    const known = this.orders.get(id);
    if (known) {
      const same =
        JSON.stringify(known.lines.map(({ sku, quantity }) => ({ sku, quantity }))) === JSON.stringify(wanted);
      return same ? 'repeat' : 'refused';
    }
    const order: ModelOrder = { customer, until: now + EXPIRE, lines: [] };
    this.orders.set(id, order);
    for (const { sku, quantity } of wanted) {
      const room = this.limited ? Math.min(this.free(sku), LIMIT - this.promised(sku, customer)) : this.free(sku);
      const given = room >= quantity ? quantity : this.mode === 'partial' ? Math.max(0, room) : 0;
      order.lines.push({ sku, quantity, given, state: given > 0 ? 'held' : 'refused' });
    }
    if (this.mode === 'order' && order.lines.some(({ given, quantity }) => given < quantity))
      for (const one of order.lines) Object.assign(one, { given: 0, state: 'refused' });
    return order.lines.some(({ given }) => given > 0) ? 'accepted' : 'refused';
  }

  settle(id: number, to: 'sold' | 'released'): string {
    const lines = this.orders.get(id)?.lines ?? [];
    const held = lines.filter(({ state }) => state === 'held');
    for (const one of held) one.state = to;
    if (held.length > 0) return 'update';
    const done = lines.some(({ state }) =>
      to === 'sold' ? state === 'sold' : state === 'released' || state === 'expired',
    );
    return done ? 'repeat' : 'refused';
  }

  pass(watermark: number): void {
    for (const { until, lines } of this.orders.values())
      if (until <= watermark) for (const one of lines) if (one.state === 'held') one.state = 'expired';
  }
}

describe('commerce.stock-reserve under random interleavings', () => {
  it('answers as a plain model does, never goes below zero, and its ledger adds up after every step', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60 }),
        fc.constantFrom('order', 'line', 'partial'),
        fc.boolean(),
        (steps, mode, limited) => {
          const harness = runOperator(stockReserve, {
            mode,
            pool: [],
            openingStock: OPENING,
            expireAfter: EXPIRE,
            ...(limited && { limitPerCustomer: LIMIT }),
          });
          const model = new Model(mode, limited);
          const rows = new Map<string, Record<string, number | boolean>>();
          let seen = 0;
          let now = 0;
          const counts = () => ({
            accepted: harness.output('accepted').length,
            refused: harness.output('refused').length,
            update: harness.output('updates').length,
            repeat: harness.output('repeats').length,
          });
          const check = (wanted: string | undefined, before: ReturnType<typeof counts>) => {
            if (wanted !== undefined) {
              const after = counts();
              expect(Object.keys(after).filter((port) => after[port as 'update'] > before[port as 'update'])).toEqual([
                wanted,
              ]);
            }
            const ledger = harness.output('ledger');
            for (; seen < ledger.length; seen++) {
              const row = ledger[seen]!;
              expect(row).toMatchObject({ oversold: 0, balanced: true });
              expect(row.available).toBeGreaterThanOrEqual(0);
              rows.set(row.sku, row);
            }
            for (const sku of SKUS) expect(rows.get(sku)?.available ?? OPENING).toBe(model.free(sku));
          };
          for (const one of steps) {
            const before = counts();
            let wanted: string | undefined;
            if (one.do === 'wait') {
              now += one.ms;
              harness.watermark(now);
              model.pass(now);
            } else if (one.do === 'restart') harness.snapshotRestore();
            else if (one.do === 'reserve') {
              const { orderId, customerId, lines } = one;
              // Records come after the watermark, as they do unless they are late.
              harness.feed({ value: { orderId, customerId, lines }, time: now + 1 });
              wanted = model.reserve(orderId, customerId, lines, now + 1);
            } else if (one.do === 'restock') {
              harness.feed({ value: { action: 'restock', ...one.line }, time: now + 1 });
              model.cameIn.set(one.line.sku, model.cameIn.get(one.line.sku)! + one.line.quantity);
              wanted = 'update';
            } else if (one.do === 'bad') {
              harness.feed({
                value: { orderId: 99, customerId: 'ada', sku: 'a', quantity: one.quantity },
                time: now + 1,
              });
              wanted = 'refused';
            } else {
              harness.feed({ value: { action: one.do, orderId: one.orderId }, time: now + 1 });
              wanted = model.settle(one.orderId, one.do === 'commit' ? 'sold' : 'released');
            }
            check(wanted, before);
          }
          harness.end();
          model.pass(Number.MAX_SAFE_INTEGER);
          check(undefined, counts());
          expect([harness.timersPending, harness.dead]).toEqual([0, []]);
        },
      ),
      { numRuns: 300 },
    );
  });
});
