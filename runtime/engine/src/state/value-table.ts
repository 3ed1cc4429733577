import type { ValueState } from '@millrace/sdk';
import type { Row, RowChange } from '../ports/index.js';
import { type Slot, Table } from './table.js';

const NOTHING = () => undefined;

/** One value a key. */
export class ValueTable extends Table implements ValueState<unknown> {
  get(): unknown {
    return this.find()?.value;
  }

  set(value: unknown): void {
    const slot = this.find() ?? this.findOrAdd(NOTHING);
    this.remember(slot, slot.value);
    slot.value = value;
    this.markDirty(slot);
  }

  clear(): void {
    const slot = this.find();
    if (slot === undefined || slot.value === undefined) return;
    this.remember(slot, slot.value);
    slot.value = undefined;
    this.markDirty(slot);
  }

  protected restoreSlot(slot: Slot, before: unknown): void {
    slot.value = before;
    this.markDirty(slot);
  }

  protected expire(slot: Slot): void {
    slot.value = undefined;
    this.markDirty(slot);
  }

  protected assemble(slot: Slot, rows: readonly Row[]): void {
    slot.value = this.unpack(rows[0]!, slot);
  }

  protected changesOf(slot: Slot, out: RowChange[]): void {
    const key = { node: this.node, group: slot.group, table: this.name, key: slot.key };
    out.push(slot.value === undefined ? { key } : { key, value: this.pack(slot.value, slot.touched) });
  }
}
