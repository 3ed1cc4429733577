import { durationMs, type SourceBatch, type SourceReader, type SourceSetup, type Value } from '@millrace/sdk';
import { checkOperator, ManualClock } from '@millrace/sdk/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shop } from './shop-source.js';
import { ANOMALIES, KINDS } from './visit.js';

interface Event {
  kind: string;
  value: Value;
}

function open(
  config: Value,
  position: Value = null,
  clock = new ManualClock(1_800_000_000_000),
  wake = () => {},
): SourceReader {
  return shop.create({ config, clock, wake } as unknown as SourceSetup<Value>).open('shop', position) as SourceReader;
}

function eventsOf(batch: SourceBatch): Event[] {
  return batch.values.map((value, i) => ({ kind: batch.ports![i]!, value }));
}

/** All events of a shop that need not keep to the clock, and the batches they came in. */
function take(config: Value, max = 5000, position: Value = null): { events: Event[]; batches: SourceBatch[] } {
  const reader = open({ rate: 0, ...config }, position);
  const batches: SourceBatch[] = [];
  do batches.push(reader.poll(max) as SourceBatch);
  while (!batches.at(-1)!.end);
  return { events: batches.flatMap(eventsOf), batches };
}

const of = (events: readonly Event[], kind: string): Value[] =>
  events.filter((event) => event.kind === kind).map((event) => event.value);
const share = (values: readonly Value[], fits: (value: Value) => boolean): number =>
  values.filter(fits).length / values.length;
const cents = (amount: number): number => Math.round(amount * 100);

describe('generator.shop', () => {
  it('does what its examples say', async () => {
    await checkOperator(shop);
  });

  it('gives the same events for the same seed, and others for another', () => {
    const one = take({ count: 2000, seed: 3 }).events;
    expect(take({ count: 2000, seed: 3 }).events).toEqual(one);
    expect(take({ count: 2000, seed: 4 }).events).not.toEqual(one);
  });

  it('goes on exactly at every position, whatever the settings', { timeout: 60_000 }, () => {
    const settings = fc.record(
      {
        seed: fc.nat({ max: 2_147_483_647 }),
        kinds: fc.subarray([...KINDS], { minLength: 1 }),
        disorder: fc.constantFrom(0, 1, '2 s', '1 min'),
        duplicates: fc.constantFrom(0, 0.3),
        anomalies: fc.constantFrom(0, 0.2),
        label: fc.boolean(),
        daily: fc.boolean(),
        flashSale: fc.constant({ every: '2 s', duration: '500 ms', factor: 20 }),
        customers: fc.integer({ min: 1, max: 50 }),
        skus: fc.integer({ min: 1, max: 20 }),
      },
      { requiredKeys: ['seed', 'customers', 'skus'] },
    );
    fc.assert(
      fc.property(settings, fc.integer({ min: 1, max: 3000 }), (config, max) => {
        const { events, batches } = take({ ...config, count: 3000 }, max);
        expect(events.length).toBe(3000);
        const cut = batches[Math.floor(batches.length / 2)]!;
        const done = cut.position.done as number;
        expect(take({ ...config, count: 3000 }, 777, structuredClone(cut.position)).events).toEqual(events.slice(done));
      }),
      { numRuns: 12 },
    );
  });

  it('goes on exactly far from the start, where visits reach over many blocks', () => {
    const { events, batches } = take({ count: 120_000, seed: 11, duplicates: 0.1 }, 10_000);
    const late = batches[10]!.position;
    expect(late.block).toBeGreaterThan(50);
    expect(take({ count: 120_000, seed: 11, duplicates: 0.1 }, 10_000, late).events).toEqual(events.slice(late.done));
  });

  it('lets no event arrive further out of order than set, duplicates included', () => {
    for (const disorder of ['0 ms', '500 ms', '10 s']) {
      const { events } = take({ count: 30_000, disorder, duplicates: 0.1 });
      let latest = 0;
      let worst = 0;
      for (const { value } of events) {
        latest = Math.max(latest, value.ts);
        worst = Math.max(worst, latest - value.ts);
      }
      expect(worst).toBeLessThanOrEqual(durationMs(disorder));
      if (disorder !== '0 ms') expect(worst).toBeGreaterThan(0.9 * durationMs(disorder));
    }
  });

  it('repeats the share of events that is set, each unchanged', () => {
    const { events } = take({ count: 40_000, duplicates: 0.1, kinds: ['payments'] });
    const seen = new Map<string, string>();
    let repeated = 0;
    let changed = 0;
    for (const { value } of events) {
      const before = seen.get(value.paymentId);
      if (before === undefined) seen.set(value.paymentId, JSON.stringify(value));
      else {
        repeated++;
        if (JSON.stringify(value) !== before) changed++;
      }
    }
    expect(changed).toBe(0);
    expect(repeated / seen.size).toBeCloseTo(0.1, 1);
  });

  it('tells one story: orders follow carts and clicks, payments and stock follow orders', { timeout: 30_000 }, () => {
    const { events } = take({ count: 120_000, disorder: 0, seed: 5 });
    const wrong: string[] = [];
    const check = (holds: boolean, what: string, value: Value): void => {
      if (!holds) wrong.push(`${what}: ${JSON.stringify(value)}`);
    };
    const visit = (id: string): number => Number(id.slice(2, 10));
    const start = events[0]!.value.ts;
    // Visits that began before the shop was opened to the outside are seen in part.
    const before = Math.max(...of(events, 'clicks').flatMap((c) => (c.ts < start + 5000 ? visit(c.sessionId) : [])));
    const customers = new Set(of(events, 'customers').map((c) => c.customerId));
    const clicked = new Set(of(events, 'clicks').map((c) => `${visit(c.sessionId)}:${c.sku}`));
    const carts = new Map<number, Map<string, number>>();
    for (const change of of(events, 'carts')) {
      const { cartId, action, sku, quantity } = change;
      if (visit(cartId) <= before) continue;
      check(clicked.has(`${visit(cartId)}:${sku}`), 'in the cart unseen', change);
      const cart = carts.get(visit(cartId)) ?? new Map<string, number>();
      carts.set(visit(cartId), cart);
      if (action === 'add') cart.set(sku, quantity);
      else check(cart.delete(sku), 'taken out, never put in', change);
    }
    const placed = new Map<string, Value>();
    const cancelled = new Set<string>();
    let fromCarts = 0;
    for (const order of of(events, 'orders')) {
      const goods = order.items.reduce((sum: number, item: Value) => sum + item.quantity * cents(item.price), 0);
      check(customers.has(order.customerId), 'customer unknown', order);
      check(cents(order.total) === goods + cents(order.shipping), 'total', order);
      check(/^\d+(\.\d{1,2})?$/.test(String(order.total)), 'digits', order);
      if (order.status === 'cancelled') {
        check(placed.get(order.orderId)?.ts <= order.ts, 'cancelled before it was placed', order);
        cancelled.add(order.orderId);
        continue;
      }
      placed.set(order.orderId, order);
      if (visit(order.orderId) <= before) continue;
      fromCarts++;
      const cart = [...(carts.get(visit(order.orderId)) ?? [])].map(([sku, quantity]) => `${quantity} ${sku}`);
      check(
        cart.join() === order.items.map((item: Value) => `${item.quantity} ${item.sku}`).join(),
        'not what was in the cart',
        order,
      );
    }
    for (const payment of of(events, 'payments')) {
      const order = placed.get(payment.orderId);
      check(
        order?.customerId === payment.customerId && order.currency === payment.currency,
        'of another order',
        payment,
      );
      check(payment.ts > order?.ts, 'before the order', payment);
    }
    const moved = new Map<string, number>();
    for (const movement of of(events, 'stock')) {
      const { orderId, change, reason } = movement;
      if (orderId === null) check(reason === 'initial' || reason === 'restock', 'without an order', movement);
      else moved.set(orderId, (moved.get(orderId) ?? 0) + change);
    }
    for (const [id, change] of moved)
      check(change === (cancelled.has(id) ? 0 : -placed.get(id)?.quantity), `moved ${change}`, placed.get(id));
    expect(wrong).toEqual([]);
    expect(fromCarts).toBeGreaterThan(1000);
    expect(cancelled.size).toBeGreaterThan(50);
  });

  it('keeps to its distributions', { timeout: 30_000 }, () => {
    const { events } = take({ count: 200_000, disorder: 0, seed: 9 });
    const placed = new Map(
      of(events, 'orders').flatMap((order) => (order.status === 'placed' ? [[order.orderId, order]] : [])),
    );
    const payments = of(events, 'payments');
    const clicks = of(events, 'clicks');
    const captured = payments.filter((payment) => payment.status === 'captured');
    expect(share(payments, (p) => p.status === 'declined')).toBeCloseTo(0.07, 1.5);
    expect(share(captured, (p) => p.amount !== placed.get(p.orderId).total)).toBeCloseTo(0.015, 2);
    expect(share(payments, (p) => p.cardCountry !== placed.get(p.orderId).country)).toBeCloseTo(0.01, 2);
    // Zipf over 200 products: 1 / (1 + 1/2 + … + 1/200) = 0.170.
    expect(share(clicks, (click) => click.sku === 'SKU-0001')).toBeCloseTo(0.17, 2);
    const visits = new Map(clicks.map((click) => [click.sessionId, click.customerId]));
    const newcomers = [...visits.values()].filter((id) => Number(id.slice(2)) >= 1000);
    expect(newcomers.length / visits.size).toBeGreaterThan(0.03);
    expect(newcomers.length / visits.size).toBeLessThan(0.06);
    expect(new Set([...placed.values()].map((order) => order.currency)).size).toBe(6);
    const stock = of(events, 'stock');
    const sum = (reasons: readonly string[]): number =>
      stock.reduce((total, m) => total + (reasons.includes(m.reason) ? m.change : 0), 0);
    expect(sum(['restock']) / -sum(['sale'])).toBeGreaterThan(0.7);
    expect(sum(['restock']) / -sum(['sale'])).toBeLessThan(1.3);
  });

  it('is as busy at the start as later', () => {
    const { events } = take({ count: 30_000, kinds: ['clicks', 'carts'] });
    const seconds = new Array<number>(30).fill(0);
    for (const { value } of events) {
      const second = Math.floor((value.ts - events[0]!.value.ts) / 1000);
      if (second >= 0 && second < 30) seconds[second]!++;
    }
    for (const count of seconds.slice(0, 28)) expect(Math.abs(count - 1000)).toBeLessThan(250);
  });

  it('labels anomalies only when told to, and makes as many as set', () => {
    const { events } = take({ count: 50_000, anomalies: 0.1, label: true });
    const visits = new Map(of(events, 'orders').map((order) => [order.orderId, order.label]));
    const strange = [...visits.values()].filter((label) => label !== null);
    expect(new Set(events.map((event) => event.value.label))).toEqual(new Set([null, ...ANOMALIES]));
    // Strange visits, bots apart, all end in an order; 16.5 % of the others do.
    expect(strange.length / visits.size).toBeCloseTo((0.1 * 0.8) / (0.1 * 0.8 + 0.9 * 0.165), 1);
    const bulky = of(events, 'orders').filter((order) => order.items[0].quantity >= 50);
    expect(bulky.length).toBeGreaterThan(10);
    expect(bulky.every((order) => order.label === 'bulk-order')).toBe(true);
    expect(take({ count: 5000, anomalies: 0.1 }).events.some((event) => 'label' in event.value)).toBe(false);
  });

  it('draws a rush on one product in a flash sale', () => {
    const config = {
      rate: 0,
      count: 100_000,
      disorder: 0,
      flashSale: { every: '20 s', duration: '5 s', factor: 8, sku: 'SKU-0042' },
    };
    const { events } = take(config);
    const start = events[0]!.value.ts;
    const clicks = of(events, 'clicks');
    const perSecond = (from: number, to: number): number =>
      clicks.filter((c) => c.ts >= start + from * 1000 && c.ts < start + to * 1000).length / (to - from);
    expect(perSecond(21, 25) / perSecond(10, 20)).toBeGreaterThan(2);
    const sold = (from: number, to: number): Value[] =>
      of(events, 'orders').filter(
        (o) => o.status === 'placed' && o.ts >= start + from * 1000 && o.ts < start + to * 1000,
      );
    expect(share(sold(21, 27), (o) => o.items[0].sku === 'SKU-0042')).toBeGreaterThan(0.5);
    expect(share(sold(0, 20), (o) => o.items[0].sku === 'SKU-0042')).toBeLessThan(0.1);
  });

  it('makes only the kinds that are asked for, at the whole rate', () => {
    const { events } = take({ count: 60_000, kinds: ['orders', 'payments'] });
    expect(new Set(events.map((event) => event.kind))).toEqual(new Set(['orders', 'payments']));
    const span = events.at(-1)!.value.ts - events[0]!.value.ts;
    expect(60_000 / (span / 1000)).toBeGreaterThan(900);
    expect(60_000 / (span / 1000)).toBeLessThan(1100);
  });

  it('says what is wrong with a config', () => {
    const codes = (config: Value): string[] => shop.lint!(config).map((finding) => finding.code);
    expect(codes({})).toEqual([]);
    expect(codes({ disorder: '1 min' })).toEqual(['GENERATOR_LATE']);
    expect(codes({ startTime: 'soon', flashSale: { duration: '1 h', sku: 'SKU-0900' } })).toEqual([
      'TIME_INVALID',
      'GENERATOR_SALE_LENGTH',
      'GENERATOR_SALE_SKU',
    ]);
  });
});

describe('a shop that keeps to the clock', () => {
  it('gives events at the rate without drift, and wakes the task for the next', async () => {
    const clock = new ManualClock(1_800_000_000_000);
    let wakes = 0;
    const reader = open({ rate: 100, kinds: ['clicks'] }, null, clock, () => void wakes++);
    let seen = 0;
    let early = 0;
    for (let t = 0; t <= 120_000; t += 50) {
      clock.set(1_800_000_000_000 + t);
      await Promise.resolve();
      for (let batch = reader.poll(1000); batch !== null; batch = reader.poll(1000)) {
        const { values } = batch as SourceBatch;
        seen += values.length;
        early += values.filter((value) => value.ts > clock.now()).length;
      }
    }
    expect(early).toBe(0);
    expect(wakes).toBeGreaterThan(1000);
    expect(seen).toBeGreaterThan(120 * 100 * 0.9);
    expect(seen).toBeLessThan(120 * 100 * 1.1);
  });

  it('catches up after a pause, at the position where it stopped', () => {
    const clock = new ManualClock(1_800_000_000_000);
    const first = open({ rate: 50 }, null, clock);
    clock.set(clock.now() + 10_000);
    const { position } = first.poll(100_000) as SourceBatch;
    expect(first.poll(10)).toBeNull();
    clock.set(clock.now() + 60_000);
    const missed = open({ rate: 50 }, structuredClone(position), clock).poll(100_000) as SourceBatch;
    expect(missed.values.length).toBeGreaterThan(60 * 50 * 0.9);
    expect(Math.min(...missed.values.map((v) => v.ts))).toBeLessThan(1_800_000_000_000 + 13_000);
    expect(missed.values).toEqual((first.poll(100_000) as SourceBatch).values);
  });

  it('ends after the count, having waited for each event', async () => {
    const clock = new ManualClock(0);
    const reader = open({ rate: 100, count: 300, kinds: ['clicks'] }, null, clock);
    const times: number[] = [];
    for (let end = false; !end; ) {
      const polled = reader.poll(1000);
      const polling = Promise.resolve(polled as SourceBatch);
      let batch: SourceBatch | undefined;
      while (batch === undefined) {
        batch = await Promise.race([
          polling,
          new Promise<undefined>((resolve) => setImmediate(() => resolve(undefined))),
        ]);
        if (batch === undefined) clock.set(clock.now() + 5);
      }
      expect(batch.values.length).toBeGreaterThan(0);
      times.push(...batch.values.map((v) => v.ts));
      end = batch.end ?? false;
    }
    expect(times.length).toBe(300);
    expect(new Date(Math.min(...times)).toISOString()).toMatch(/^2026-01-05T00:00:0/);
    expect(clock.now()).toBeGreaterThan(2000);
  });
});
