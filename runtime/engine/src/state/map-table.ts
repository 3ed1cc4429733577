import type { MapState } from '@millrace/sdk';
import type { Row, RowChange } from '../ports/index.js';
import { Cells } from './cells.js';
import { type Slot, Table } from './table.js';

const EMPTY = (): Cells => new Cells();

/** A map a key; each cell is a stored row, so a change writes one cell. An empty map does not exist. */
export class MapTable extends Table implements MapState<unknown> {
  /** The cell read last, which is most often the one that is written next: its map, key and value. */
  #lastCells: Cells | undefined;
  #lastKey: string | number = '';
  #lastValue: unknown;

  get(mapKey: string | number): unknown {
    const cells = this.#cells();
    return cells === undefined ? undefined : this.#read(cells, mapKey);
  }

  #read(cells: Cells, mapKey: string | number): unknown {
    if (cells === this.#lastCells && mapKey === this.#lastKey) return this.#lastValue;
    const value = cells.get(mapKey);
    this.#lastCells = cells;
    this.#lastKey = mapKey;
    this.#lastValue = value;
    return value;
  }

  has(mapKey: string | number): boolean {
    return this.#cells()?.has(mapKey) ?? false;
  }

  get size(): number {
    return this.#cells()?.size ?? 0;
  }

  *entries(): IterableIterator<[string | number, unknown]> {
    const cells = this.#cells();
    if (cells) yield* cells.entries();
  }

  set(mapKey: string | number, value: unknown): void {
    const slot = this.find() ?? this.findOrAdd(EMPTY);
    slot.value ??= EMPTY();
    const cells = slot.value as Cells;
    const before = this.#read(cells, mapKey);
    // Changed in place: nothing to take back, it must only be written.
    if (before !== value || value === undefined) {
      this.remember(slot, before, mapKey);
      cells.set(mapKey, value);
      this.#lastValue = value;
    }
    this.#change(slot, mapKey);
  }

  delete(mapKey: string | number): void {
    const slot = this.find();
    const cells = slot?.value as Cells | undefined;
    if (slot === undefined || cells === undefined) return;
    const before = this.#read(cells, mapKey);
    if (before === undefined && !cells.has(mapKey)) return;
    this.remember(slot, before, mapKey);
    cells.delete(mapKey);
    this.#lastValue = undefined;
    this.#change(slot, mapKey);
  }

  clear(): void {
    for (const key of this.#cells()?.keys() ?? []) this.delete(key);
  }

  #cells(): Cells | undefined {
    return this.find()?.value as Cells | undefined;
  }

  #change(slot: Slot, mapKey: string | number): void {
    const { changed } = slot;
    if (changed === undefined) slot.changed = [mapKey];
    else if (changed[changed.length - 1] !== mapKey) changed.push(mapKey);
    this.markDirty(slot);
  }

  protected restoreSlot(slot: Slot, before: unknown, mapKey: string | number | undefined): void {
    if (mapKey === undefined) return;
    this.#lastCells = undefined;
    const cells = slot.value as Cells;
    if (before === undefined) cells.delete(mapKey);
    else cells.set(mapKey, before);
    this.#change(slot, mapKey);
  }

  protected expire(slot: Slot): void {
    this.#lastCells = undefined;
    const cells = slot.value as Cells;
    for (const mapKey of cells.keys()) {
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
    for (const sub of new Set(slot.changed)) {
      const key = { node: this.node, group: slot.group, table: this.name, key: slot.key, sub };
      const value = cells.get(sub);
      out.push(value === undefined ? { key } : { key, value: this.pack(value, slot.touched) });
    }
    slot.changed = undefined;
    if (cells.size === 0) slot.value = undefined;
  }
}
