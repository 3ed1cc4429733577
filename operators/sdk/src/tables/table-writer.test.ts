import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MillraceError } from '../errors.js';
import type { Context } from '../operator.js';
import type { StreamRecord } from '../record.js';
import { ManualClock } from '../testing/index.js';
import type { StoredPosition } from './outbox-position.js';
import { TableWriter, type TransactionalTable } from './table-writer.js';

const refused = new MillraceError('refused', { code: 'ROW_REFUSED' });
const broken = new MillraceError('broken', { code: 'DATABASE_UNREACHABLE', domain: 'external' });

/** A database that loses connections: before a write, or after it has happened and before its answer arrives. */
class Database {
  readonly rows: number[] = [];
  readonly positions = new Map<string, StoredPosition>();
  constructor(private readonly fate: () => 'well' | 'lost before' | 'lost after') {}

  connect(): TransactionalTable {
    return {
      claim: async (partition, epoch) => {
        const row = this.positions.get(partition) ?? { epoch, sequence: 0, offset: -1, refused: '' };
        if (row.epoch <= epoch) this.positions.set(partition, { ...row, epoch });
        return this.positions.get(partition)!;
      },
      write: async (deliveries, { partition, epoch, from, to }) => {
        const fate = this.fate();
        if (fate === 'lost before') throw broken;
        const row = this.positions.get(partition)!;
        if (row.epoch !== epoch || row.sequence !== from.sequence || row.offset !== from.offset) return false;
        if (deliveries.some(({ record }) => record.value < 0)) throw refused;
        this.rows.push(...deliveries.map(({ record }) => record.value));
        this.positions.set(partition, { epoch, ...to });
        if (fate === 'lost after') throw broken;
        return true;
      },
      close: async () => undefined,
    };
  }
}

function writerOf(database: Database, epoch: number): TableWriter {
  const clock = Object.assign(new ManualClock(0), { sleep: async () => undefined });
  return new TableWriter({
    setup: { clock, signal: new AbortController().signal, problem: () => undefined, epoch },
    connect: async () => database.connect(),
    explain: (thrown) => thrown as MillraceError,
  });
}

const recordOf = (value: number): StreamRecord => ({ value, time: 0, key: undefined, born: 0, op: 'insert' });

/** One life of a task: delivers the entries from `from` on; answers the letters it kept and the entry it had committed. */
async function live(
  writer: TableWriter,
  values: readonly number[],
  from: number,
  size: number,
  crashAfter: number,
): Promise<{ committed: number; letters: number[] }> {
  let pending: number[] = [];
  const letters: number[] = [];
  let committed = from;
  for (let at = from, batches = 0; at < values.length; at += size, batches++) {
    if (batches === crashAfter) return { committed, letters };
    const records = values.slice(at, at + size).map(recordOf);
    const places = new Map(records.map((record, i) => [record, { partition: 'p', sequence: at + i + 1, offset: 0 }]));
    const ctx = {
      delivery: (record: StreamRecord) => places.get(record),
      fail: (record: StreamRecord) => pending.push(record.value),
    };
    await writer.onBatch(records, 'in', ctx as unknown as Context);
    if (batches % 2 === 1) {
      writer.prepareCommit();
      letters.push(...pending);
      pending = [];
      committed = at + size;
    }
  }
  writer.prepareCommit();
  return { committed: values.length, letters: [...letters, ...pending] };
}

describe('writing into a table', () => {
  it('writes every good record once and keeps every bad one once, whatever breaks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 9 }),
        fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 6 }),
        fc.infiniteStream(
          fc.constantFrom('well' as const, 'well' as const, 'lost before' as const, 'lost after' as const),
        ),
        async (good, size, crashes, fates) => {
          const values = good.map((fine, i) => (fine ? i + 1 : -(i + 1)));
          const database = new Database(() => fates.next().value);
          const letters: number[] = [];
          let from = 0;
          for (const [life, crashAfter] of [...crashes, Number.POSITIVE_INFINITY].entries()) {
            const end = await live(writerOf(database, life + 1), values, from, size, crashAfter);
            from = end.committed;
            letters.push(...end.letters);
          }
          expect([...database.rows].sort((a, b) => a - b)).toEqual(values.filter((value) => value > 0));
          expect([...letters].sort((a, b) => b - a)).toEqual(values.filter((value) => value < 0));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('stops when a later owner has written', async () => {
    const database = new Database(() => 'well');
    const [old, young] = [writerOf(database, 1), writerOf(database, 2)];
    await live(old, [1, 2], 0, 2, Number.POSITIVE_INFINITY);
    await live(young, [1, 2, 3, 4], 2, 2, Number.POSITIVE_INFINITY);
    await expect(live(old, [1, 2, 3, 4], 2, 2, Number.POSITIVE_INFINITY)).rejects.toMatchObject({ code: 'FENCED' });
    expect(database.rows).toEqual([1, 2, 3, 4]);
  });

  it('forgets what was refused once its dead letters are sure', async () => {
    const database = new Database(() => 'well');
    await live(writerOf(database, 1), [-1, 2, -3, 4, 5, 6, 7, 8, 9, 10, 11, 12], 0, 1, Number.POSITIVE_INFINITY);
    expect(database.positions.get('p')!.refused).toBe('');
  });
});
