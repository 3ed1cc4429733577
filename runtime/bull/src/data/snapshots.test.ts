import type { RowKey, TimerRow } from '@millrace/engine/ports';
import { KEY_GROUPS, keyGroupOf } from '@millrace/sdk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logKey, snapshotKey } from '../keys.js';
import type { RedisClient } from '../redis/connect.js';
import { loadState } from './load-state.js';
import { Snapshots } from './snapshots.js';
import { readState, StateWriter } from './state-codec.js';
import { StateCopy } from './state-copy.js';

const place = { run: 'r', layout: 1, stage: 's', index: 0 };
const LOG = logKey('r', 1, 's', 0);
const SNAPSHOTS = snapshotKey('r', 1, 's', 0);
const GROUPS: [number, number] = [0, KEY_GROUPS - 1];

/** The two keys of a task's state as Redis would hold them, and a task that writes to them as the store does. */
class Shelf {
  readonly fields = new Map<string, Buffer>();
  readonly log: { sequence: number; blob: Buffer }[] = [];
  copy = new StateCopy();
  sequence = 0;
  /** Bytes of snapshots that rode along with the largest commit. */
  largest = 0;
  written = 0;
  #writer = new StateWriter();
  #snapshots = new Snapshots(SNAPSHOTS, this.copy, this.#writer, GROUPS);

  get logBytes(): number {
    return this.log.reduce((sum, { blob }) => sum + blob.length, 0);
  }

  commit(rows: readonly [RowKey, Uint8Array | undefined][], timers: readonly [TimerRow, boolean][] = []): void {
    const sequence = ++this.sequence;
    const writer = this.#writer;
    writer.begin(sequence);
    for (const [key, value] of rows) {
      writer.row(key.node, key.table, key.group, key.key, key.sub, value);
      this.copy.row(key, value);
    }
    for (const [timer, add] of timers) {
      writer.timer(timer, add);
      this.copy.timer(timer, add);
    }
    const blob = writer.end(`${LOG}/${sequence}`);
    this.log.push({ sequence, blob });
    const { fields, keepFrom } = this.#snapshots.advance(sequence, blob.length);
    let bytes = 0;
    for (const { field, blob: part } of fields) {
      if (part) this.fields.set(field, part);
      else this.fields.delete(field);
      bytes += part?.length ?? 0;
    }
    this.largest = Math.max(this.largest, bytes);
    this.written += bytes;
    while (keepFrom > 0 && this.log.length > 0 && this.log[0]!.sequence < keepFrom) this.log.shift();
  }

  /** A new owner takes over. */
  async restore(): Promise<void> {
    this.copy = new StateCopy();
    this.#snapshots = new Snapshots(SNAPSHOTS, this.copy, this.#writer, GROUPS);
    const { parts, logBytes } = await loadState((send) => send(this.#client()), place, this.copy);
    this.#snapshots.restored(parts, logBytes);
  }

  #client(): RedisClient {
    return {
      hkeys: async () => [...this.fields.keys()],
      hmgetBuffer: async (_key: string, ...fields: string[]) => fields.map((field) => this.fields.get(field) ?? null),
      xrangeBuffer: async (_key: string, from: string, _to: string, _count: string, count: number) => {
        const after = from === '-' ? 0 : Number.parseInt(from.slice(1), 10);
        return this.log
          .filter(({ sequence }) => sequence > after)
          .slice(0, count)
          .map(({ sequence, blob }) => [Buffer.from(`${sequence}-0`), [Buffer.from('d'), blob]]);
      },
    } as unknown as RedisClient;
  }
}

function contents(copy: StateCopy): Map<string, string> {
  const found = new Map<string, string>();
  copy.visit(
    ({ key, value }) => found.set(JSON.stringify(key), Buffer.from(value).toString('hex')),
    (timer) => found.set(JSON.stringify(timer), 'timer'),
  );
  return found;
}

const name = fc.string({ unit: 'grapheme', maxLength: 60 });
const keys = fc.record({
  node: name,
  table: name,
  group: fc.integer({ min: 0, max: 127 }),
  key: fc.string({ unit: 'grapheme', maxLength: 200 }),
});
const subs = fc.option(fc.oneof(fc.double({ noNaN: true }), name), { nil: undefined });

describe('changes of state as bytes', () => {
  it('come back as they were, names, keys of any language and values of any size', () => {
    const operation = fc.oneof(
      fc.tuple(keys, subs, fc.option(fc.uint8Array({ maxLength: 300 }), { nil: undefined })),
      fc.tuple(keys, fc.boolean(), fc.double({ noNaN: true }), fc.constantFrom(0 as const, 1 as const)),
    );
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 40 }), fc.nat(), (operations, sequence) => {
        const writer = new StateWriter();
        writer.begin(sequence);
        const expected: unknown[] = [];
        for (const each of operations) {
          if (each.length === 3) {
            const [key, sub, value] = each;
            writer.row(key.node, key.table, key.group, key.key, sub, value);
            expected.push([{ ...key, ...(sub !== undefined && { sub }) }, value && [...value]]);
          } else {
            const [{ node, group, key, table }, add, time, kind] = each;
            writer.timer({ node, group, key, kind, time, name: table }, add);
            expected.push([{ node, group, key, kind, time, name: table }, add]);
          }
        }
        const read: unknown[] = [];
        readState('here', writer.end('here'), {
          row: (key, value) => read.push([key, value && [...value]]),
          timer: (timer, add) => read.push([timer, add]),
        });
        expect(read).toEqual(expected);
      }),
    );
  });

  it('are refused at another place, and when a bit has flipped', () => {
    const writer = new StateWriter();
    writer.begin(1);
    writer.row('n', 't', 0, 'k', undefined, Buffer.from('value'));
    const blob = writer.end('here');
    const nothing = { row: () => undefined, timer: () => undefined };
    expect(() => readState('there', blob, nothing)).toThrow(/damaged/);
    for (let at = 1; at < blob.length; at++) {
      const flipped = Buffer.from(blob);
      flipped[at]! ^= 1 << (at & 7);
      expect(() => readState('here', flipped, nothing)).toThrow(/damaged/);
    }
    blob[0] = 9;
    expect(() => readState('here', blob, nothing)).toThrow(/format 9/);
  });
});

describe('snapshots of key groups that ride along with commits', () => {
  const rowOf = (n: number, bytes: number, fill: number): [RowKey, Uint8Array] => {
    const key = `key ${n}`;
    return [{ node: 'sum', table: 'total', group: keyGroupOf(key), key }, Buffer.alloc(bytes, fill)];
  };

  it('with the log give the state of the last commit, whenever an owner is lost', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            first: fc.nat(300),
            count: fc.integer({ min: 1, max: 120 }),
            bytes: fc.integer({ min: 0, max: 3_000 }),
            remove: fc.boolean(),
            lost: fc.boolean(),
          }),
          { minLength: 20, maxLength: 60 },
        ),
        async (commits) => {
          const shelf = new Shelf();
          for (const { first, count, bytes, remove, lost } of commits) {
            const rows = Array.from({ length: count }, (_, i) => rowOf(first + i, bytes, i & 255));
            const timers = rows.map(([{ key, group }], i): [TimerRow, boolean] => [
              { node: 'sum', group, kind: 0, time: i % 3, key, name: '' },
              !remove,
            ]);
            shelf.commit(
              rows.map(([key, value]) => [key, remove ? undefined : value]),
              timers,
            );
            if (!lost) continue;
            const before = contents(shelf.copy);
            await shelf.restore();
            expect(contents(shelf.copy)).toEqual(before);
          }
        },
      ),
      { numRuns: 15 },
    );
  });

  it('keep the log short, write about twice what changes, and never all at once', () => {
    const shelf = new Shelf();
    let changed = 0;
    let longest = 0;
    for (let i = 0; i < 3_000; i++) {
      const rows = Array.from({ length: 40 }, (_, j) => rowOf((i * 41 + j * 769) % 20_000, 200, i & 255));
      shelf.commit(rows);
      changed += 40 * 200;
      if (i > 2_000) longest = Math.max(longest, shelf.logBytes);
    }
    const state = shelf.copy.bytes;
    expect(state).toBeGreaterThan(4_000_000);
    expect(longest).toBeLessThan(2.5 * state);
    expect(shelf.written).toBeLessThan(3 * changed);
    expect(shelf.largest).toBeLessThan(state / 4);
  });

  it('leave nothing of a state that was removed', async () => {
    const shelf = new Shelf();
    for (let round = 0; round < 40; round++) {
      const rows = Array.from({ length: 100 }, (_, i) => rowOf(i, 1_000, round));
      shelf.commit(rows);
      if (round % 2 === 1) shelf.commit(rows.map(([key]) => [key, undefined]));
    }
    await shelf.restore();
    expect(contents(shelf.copy).size).toBe(0);
    expect(shelf.copy.bytes).toBe(0);
    expect(shelf.logBytes).toBeLessThan(4_000_000);
  });
});
