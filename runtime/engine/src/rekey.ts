import type { StreamRecord, Value } from '@millrace/sdk';
import type { UndoLog } from './state/undo.js';
import type { ValueTable } from './state/value-table.js';
import type { Target } from './targets.js';

/**
 * In front of a by-key node that reads an upsert stream: remembers the last version of every row, and when a new version belongs to
 * another group, first sends a `delete` of the old version to the old group. A `delete` goes to the group the row is in, with the
 * version that is there, whatever its own fields say.
 */
export class RekeyTarget implements Target {
  constructor(
    private readonly to: Target,
    private readonly rows: ValueTable,
    private readonly rowOf: (record: StreamRecord) => string,
    private readonly groupOf: (record: StreamRecord) => string,
    private readonly undo: UndoLog,
  ) {}

  get edge(): string {
    return this.to.edge;
  }

  get sent(): number {
    return this.to.sent;
  }

  set sent(records: number) {
    this.to.sent = records;
  }

  get last(): readonly StreamRecord[] {
    return this.to.last;
  }

  accept(records: StreamRecord[]): void {
    const out: StreamRecord[] = [];
    for (const record of records) {
      this.rows.setKey(this.rowOf(record));
      const before = this.rows.get() as Value | undefined;
      const old: StreamRecord = { ...record, value: before, op: 'delete', key: undefined };
      if (record.op === 'delete') {
        this.rows.clear();
        out.push(before === undefined ? record : old);
        continue;
      }
      if (before !== undefined && this.#group(old) !== this.#group(record)) out.push(old);
      this.rows.set(record.value);
      out.push(record);
    }
    this.undo.clear();
    this.to.accept(out);
  }

  /** A record whose key fails has no group; the node meets the same error and deals with it. */
  #group(record: StreamRecord): string | undefined {
    try {
      return this.groupOf(record);
    } catch {
      return undefined;
    }
  }

  watermark(value: number): void {
    this.to.watermark(value);
  }

  idle(): void {
    this.to.idle();
  }

  active(): void {
    this.to.active();
  }

  end(): void {
    this.to.end();
  }
}
