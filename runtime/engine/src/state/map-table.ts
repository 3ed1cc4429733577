import type { MapState } from '@millrace/sdk';
import type { Row, RowChange } from '../ports/index.js';
import { type Slot, Table } from './table.js';

type Cells = Map<string | number, unknown>;
const EMPTY = (): Cells => new Map();

/** A map a key; each cell is a stored row, so a change writes one cell. An empty map does not exist. */
export class MapTable extends Table implements MapState<unknown> {
  get(mapKey: string | number): unknown {
    return this.#cells()?.get(mapKey);
  }

  has(mapKey: string | number): boolean {
    return this.#cells()?.has(mapKey) ?? false;
  }

  get size(): number {
    return this.#cells()?.size ?? 0;
  }

  *entries(): IterableIterator<[string | number, unknown]> {
    const cells = this.#cells();
    if (cells) yield* cells;
  }

  set(mapKey: string | number, value: unknown): void {
    const slot = this.find() ?? this.findOrAdd(EMPTY);
    slot.value ??= EMPTY();
    const cells = slot.value as Cells;
    const before = cells.get(mapKey);
    // Changed in place: nothing to take back, it must only be written.
    if (before !== value || value === undefined) {
      this.remember(slot, [mapKey, before]);
      cells.set(mapKey, value);
    }
    this.#change(slot, mapKey);
  }

  delete(mapKey: string | number): void {
    const slot = this.find();
    const cells = slot?.value as Cells | undefined;
    if (slot === undefined || cells === undefined) return;
    const before = cells.get(mapKey);
    if (before === undefined && !cells.has(mapKey)) return;
    this.remember(slot, [mapKey, before]);
    cells.delete(mapKey);
    this.#change(slot, mapKey);
  }

  clear(): void {
    for (const key of [...(this.#cells()?.keys() ?? [])]) this.delete(key);
  }

  #cells(): Cells | undefined {
    return this.find()?.value as Cells | undefined;
  }

  #change(slot: Slot, mapKey: string | number): void {
    slot.changed ??= new Set();
    slot.changed.add(mapKey);
    this.markDirty(slot);
  }

  protected restoreSlot(slot: Slot, before: unknown): void {
    if (before === undefined) return;
    const [mapKey, value] = before as [string | number, unknown];
    const cells = slot.value as Cells;
    if (value === undefined) cells.delete(mapKey);
    else cells.set(mapKey, value);
    this.#change(slot, mapKey);
  }

  protected expire(slot: Slot): void {
    const cells = slot.value as Cells;
    for (const mapKey of [...cells.keys()]) {
      cells.delete(mapKey);
      this.#change(slot, mapKey);
    }
  }

  protected assemble(slot: Slot, rows: readonly Row[]): void {
    const cells = EMPTY();
    for (const row of rows) cells.set(row.key.sub!, this.unpack(row, slot));
    slot.value = cells;
  }

  protected changesOf(slot: Slot, out: RowChange[]): void {
    const cells = slot.value as Cells;
    for (const sub of slot.changed ?? []) {
      const key = { node: this.node, group: slot.group, table: this.name, key: slot.key, sub };
      const value = cells.get(sub);
      out.push(value === undefined ? { key } : { key, value: this.pack(value, slot.touched) });
    }
    slot.changed = undefined;
    if (cells.size === 0) slot.value = undefined;
  }
}
