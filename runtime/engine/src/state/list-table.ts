import type { ListState } from '@millrace/sdk';
import type { Row, RowChange } from '../ports/index.js';
import { type Slot, Table } from './table.js';

const EMPTY = (): unknown[] => [];

/** A list a key; each element is a stored row, so appending writes only what is new. An empty list does not exist. */
export class ListTable extends Table implements ListState<unknown> {
  get(): readonly unknown[] {
    return (this.find()?.value as unknown[] | undefined) ?? [];
  }

  add(value: unknown): void {
    const slot = this.find() ?? this.findOrAdd(EMPTY);
    slot.value ??= [];
    const list = slot.value as unknown[];
    this.remember(slot, list.length);
    list.push(value);
    this.markDirty(slot);
  }

  set(values: readonly unknown[]): void {
    const slot = this.find() ?? this.findOrAdd(EMPTY);
    this.remember(slot, [slot.value, slot.changed]);
    slot.value = [...values];
    // All stored rows are written anew; `stored` still says how many must go if the list got shorter.
    slot.changed = [0];
    this.markDirty(slot);
  }

  clear(): void {
    if (this.find()) this.set([]);
  }

  protected restoreSlot(slot: Slot, before: unknown): void {
    if (typeof before === 'number') (slot.value as unknown[]).length = before;
    else if (Array.isArray(before)) {
      slot.value = before[0];
      slot.changed = before[1] as Slot['changed'];
    } else slot.value = [];
    this.markDirty(slot);
  }

  protected expire(slot: Slot): void {
    slot.value = [];
    slot.changed = [0];
    this.markDirty(slot);
  }

  protected assemble(slot: Slot, rows: readonly Row[]): void {
    const sorted = [...rows].sort((a, b) => (a.key.sub as number) - (b.key.sub as number));
    slot.value = sorted.map((row) => this.unpack(row, slot));
    slot.stored = sorted.length;
  }

  protected changesOf(slot: Slot, out: RowChange[]): void {
    const list = (slot.value ?? []) as unknown[];
    const key = (sub: number) => ({ node: this.node, group: slot.group, table: this.name, key: slot.key, sub });
    for (let i = slot.changed ? 0 : slot.stored; i < list.length; i++) {
      out.push({ key: key(i), value: this.pack(list[i], slot.touched) });
    }
    for (let i = list.length; i < slot.stored; i++) out.push({ key: key(i) });
    slot.stored = list.length;
    slot.changed = undefined;
    if (list.length === 0) slot.value = undefined;
  }
}
