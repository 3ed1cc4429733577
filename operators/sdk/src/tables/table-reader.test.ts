import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toMillraceError } from '../errors.js';
import type { SourceBatch } from '../operator.js';
import type { Value } from '../record.js';
import { ManualClock } from '../testing/index.js';
import type { Cursor } from './cursor-window.js';
import { type TableClient, TableReader, type TableRow } from './table-reader.js';

interface Row {
  id: number;
  at: number;
  /** When its transaction commits. */
  visible: number;
}

const pad = (n: number) => String(n).padStart(12, '0');
const placeOf = (row: Row): Cursor => [pad(row.at), pad(row.id)];
const after = (a: Cursor, b: Cursor | null) => b === null || a.join() > b.join();

/** A table in memory whose rows turn up when their transaction commits. */
function tableOf(rows: readonly Row[], clock: ManualClock, overlap: number, aged: boolean): TableClient {
  const settled = (row: Row) => aged && row.at < clock.now() - overlap;
  const seen = () =>
    rows.filter((row) => row.visible <= clock.now()).sort((a, b) => (placeOf(a).join() < placeOf(b).join() ? -1 : 1));
  const full = (row: Row): TableRow => ({ value: row.id, at: placeOf(row), time: row.at, settled: settled(row) });
  return {
    aged,
    page: async (from, limit, only) => ({
      rows: seen()
        .filter((row) => after(placeOf(row), from) && (!only || settled(row)))
        .slice(0, limit)
        .map(full),
      bytes: 100,
    }),
    scan: async (from, upTo, limit) =>
      seen()
        .map(placeOf)
        .filter((place) => after(place, from) && !after(place, upTo))
        .slice(0, limit),
    rowsAt: async (places) =>
      seen()
        .map(full)
        .filter(({ at }) => places.some((place) => place.join() === at.join())),
    close: async () => undefined,
  };
}

const OVERLAP = 1000;

async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** Reads until `until`; while `crashes` lasts, a reader dies after the first so many values of a batch. */
async function read(rows: readonly Row[], until: number, aged: boolean, crashes: number[]): Promise<Value[]> {
  const clock = new ManualClock(0);
  const done: Value[] = [];
  let position: Value | null = null;
  const open = () =>
    new TableReader(
      {
        setup: { clock, signal: new AbortController().signal, problem: () => undefined, wake: () => undefined },
        connect: async () => tableOf(rows, clock, OVERLAP, aged),
        explain: toMillraceError,
        live: true,
        every: 50,
        overlap: OVERLAP,
      },
      position,
    );
  let reader = open();
  while (clock.now() < until) {
    const batch = (await reader.poll(7)) as SourceBatch | null;
    if (batch === null) {
      clock.set(clock.now() + 50);
      await settle();
      continue;
    }
    // A commit may hold any part of a batch; what is after it is read again by the next reader.
    const n = Math.min(batch.values.length, crashes.shift() ?? 1000);
    if (n > 0) {
      done.push(...batch.values.slice(0, n));
      position = JSON.parse(JSON.stringify(n === batch.values.length ? batch.position : batch.after!(n)));
    }
    if (n < batch.values.length) {
      await reader.close();
      reader = open();
    }
    await settle();
  }
  await reader.close();
  return done;
}

describe('reading a table that others write to', () => {
  it('gives every row once, though transactions commit late and readers die', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ at: fc.integer({ min: 1, max: 4000 }), late: fc.integer({ min: 0, max: 800 }) }), {
          maxLength: 60,
        }),
        fc.boolean(),
        fc.array(fc.integer({ min: 0, max: 7 }), { maxLength: 12 }),
        async (spec, aged, crashes) => {
          const rows = spec.map(({ at, late }, id) => ({ id, at, visible: at + late }));
          const ids = await read(rows, 8000, aged, [...crashes]);
          expect([...ids].sort((a, b) => a - b)).toEqual(rows.map(({ id }) => id));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('reads the old part of a table without remembering it', async () => {
    const clock = new ManualClock(10_000_000);
    const rows = Array.from({ length: 300 }, (_, id) => ({ id, at: id, visible: 0 }));
    const reader = new TableReader(
      {
        setup: { clock, signal: new AbortController().signal, problem: () => undefined, wake: () => undefined },
        connect: async () => tableOf(rows, clock, OVERLAP, true),
        explain: toMillraceError,
        live: true,
        every: 50,
        overlap: OVERLAP,
      },
      null,
    );
    expect(await reader.poll(1000)).toBeNull();
    await settle();
    const batch = (await reader.poll(1000)) as SourceBatch;
    expect(batch.position).toMatchObject({ low: [pad(199), pad(199)], read: [] });
    await reader.close();
  });

  it('ends after the last row when it is not to follow', async () => {
    const clock = new ManualClock(0);
    const rows = Array.from({ length: 20 }, (_, id) => ({ id, at: id, visible: 0 }));
    const reader = new TableReader(
      {
        setup: { clock, signal: new AbortController().signal, problem: () => undefined, wake: () => undefined },
        connect: async () => tableOf(rows, clock, OVERLAP, false),
        explain: toMillraceError,
        live: false,
        every: 50,
        overlap: OVERLAP,
      },
      null,
    );
    const values: Value[] = [];
    for (let end = false; !end; ) {
      const batch = (await reader.poll(1000)) as SourceBatch;
      values.push(...batch.values);
      end = batch.end ?? false;
    }
    expect(values).toEqual(rows.map(({ id }) => id));
    await reader.close();
  });
});
