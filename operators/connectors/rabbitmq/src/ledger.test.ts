import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ledger, type LedgerState } from './ledger.js';

const WINDOW = 50;

describe('the ledger of a queue', () => {
  it('acknowledges only what a commit holds, all of it at once', () => {
    const ledger = new Ledger(null, WINDOW);
    for (let tag = 1; tag <= 5; tag++) expect(ledger.arrived(tag, `m${tag}`)).toBe(true);
    expect(ledger.take(3)).toBe(0);
    expect(ledger.acknowledgeable()).toBeUndefined();
    expect(ledger.committed(ledger.state(2))).toBe(2);
    expect(ledger.committed(ledger.state(3))).toBe(3);
    expect(ledger.committed(ledger.state(3))).toBeUndefined();
  });

  it('drops what comes again on the same channel and on another, and acknowledges it once it is committed', () => {
    const ledger = new Ledger(null, WINDOW);
    ledger.arrived(1, 'a');
    ledger.arrived(2, 'b');
    ledger.take(2);
    expect(ledger.arrived(3, 'a')).toBe(false);
    ledger.reset();
    // Another order than before: "b" must not be acknowledged together with "a".
    expect(ledger.arrived(1, 'b')).toBe(false);
    expect(ledger.arrived(2, 'a')).toBe(false);
    expect(ledger.committed(ledger.state(1))).toBeUndefined();
    expect(ledger.committed(ledger.state(2))).toBe(2);
  });

  it('takes messages without id as new, each time', () => {
    const ledger = new Ledger(null, WINDOW);
    expect(ledger.arrived(1, undefined)).toBe(true);
    expect(ledger.arrived(2, undefined)).toBe(true);
  });

  it('remembers across a restart, within its window', () => {
    const before = new Ledger(null, WINDOW);
    for (let n = 0; n < 200; n++) before.arrived(n + 1, `m${n}`);
    before.take(200);
    const after = new Ledger(before.state(200), WINDOW);
    expect(after.arrived(1, 'm199')).toBe(false);
    expect(after.arrived(2, 'm150')).toBe(false);
    expect(after.acknowledgeable()).toBe(2);
    expect(after.arrived(3, 'm149')).toBe(true);
  });

  it('loses nothing and counts nothing twice, whatever is cut when', () => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ do: fc.constant('deliver' as const), n: fc.integer({ min: 1, max: 8 }) }) },
      { weight: 6, arbitrary: fc.record({ do: fc.constant('process' as const), n: fc.integer({ min: 1, max: 8 }) }) },
      { weight: 4, arbitrary: fc.record({ do: fc.constant('commit' as const), lostAck: fc.boolean() }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('reconnect' as const), seed: fc.nat(5) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const), seed: fc.nat(5) }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const queue = new Server(60);
        let ledger = new Ledger(null, WINDOW);
        let stored: { state: LedgerState; results: string[] } = { state: { done: 0, ids: '' }, results: [] };
        let results: string[] = [];
        let waiting: string[] = [];
        const drain = () => deliver(60, 0);
        const deliver = (n: number, _seed: number) => {
          for (const { tag, id } of queue.deliver(n)) if (ledger.arrived(tag, id)) waiting.push(id);
        };
        const process = (n: number) => {
          const some = waiting.splice(0, n);
          ledger.take(some.length);
          results.push(...some);
        };
        const commit = (lostAck: boolean) => {
          stored = { state: ledger.state(results.length), results: [...results] };
          const tag = ledger.committed(stored.state);
          if (tag !== undefined && !lostAck) queue.acknowledge(tag);
        };
        for (const one of steps) {
          if (one.do === 'deliver') deliver(one.n, 0);
          else if (one.do === 'process') process(one.n);
          else if (one.do === 'commit') commit(one.lostAck);
          else {
            queue.disconnect(one.seed);
            waiting = [];
            if (one.do === 'reconnect') ledger.reset();
            else {
              ledger = new Ledger(stored.state, WINDOW);
              results = [...stored.results];
            }
          }
        }
        queue.disconnect(0);
        waiting = [];
        ledger.reset();
        drain();
        process(60);
        commit(false);
        expect([...results].sort()).toEqual(queue.all.sort());
      }),
      { numRuns: 300 },
    );
  });
});

/** A queue as a server keeps it: what is not acknowledged comes again, in an order of its own. */
class Server {
  readonly all: string[];
  #ready: string[];
  #out: { tag: number; id: string }[] = [];
  #tag = 0;

  constructor(count: number) {
    this.all = Array.from({ length: count }, (_, n) => `message ${n}`);
    this.#ready = [...this.all];
  }

  deliver(n: number) {
    const some = this.#ready.splice(0, n).map((id) => ({ tag: ++this.#tag, id }));
    this.#out.push(...some);
    return some;
  }

  acknowledge(upTo: number) {
    this.#out = this.#out.filter(({ tag }) => tag > upTo);
  }

  disconnect(seed: number) {
    const back = this.#out.map(({ id }) => id);
    for (let i = 0; i < seed && back.length > 1; i++) back.push(back.shift()!);
    this.#ready = [...back, ...this.#ready];
    this.#out = [];
    this.#tag = 0;
  }
}
