import type { RowKey, TimerRow } from '@millrace/engine/ports';
import { SEAL_BYTES, seal, unseal } from './seal.js';

/**
 * Changes of keyed state as bytes, for the log and the snapshots of a task:
 *
 *   sequence f64, then operations, each begins with its kind (u8):
 *   0 name     node, table                      the next number, from 0, stands for this pair from here on
 *   1 put      name, group u8, key, sub, value
 *   2 remove   name, group u8, key, sub
 *   3 add      name, group u8, kind u8, time f64, key, timer name     a timer; its table is ''
 *   4 cancel   the same
 *
 * Texts and values stand behind their length (LEB128), texts in UTF-8. A sub is 0 = none, 1 = number and f64, 2 = text.
 */
const NAME = 0;
const PUT = 1;
const REMOVE = 2;
const ADD = 3;
const CANCEL = 4;

export interface StateVisitor {
  row(key: RowKey, value: Uint8Array | undefined): void;
  timer(timer: TimerRow, add: boolean): void;
}

export class StateWriter {
  #buffer = Buffer.allocUnsafeSlow(16_384);
  #at = 0;
  #names = new Map<string, Map<string, number>>();
  #nameCount = 0;
  operations = 0;

  begin(sequence: number): void {
    this.#at = SEAL_BYTES;
    this.#names.clear();
    this.#nameCount = 0;
    this.operations = 0;
    this.#room(8);
    this.#at = this.#buffer.writeDoubleLE(sequence, this.#at);
  }

  /** Bytes so far. */
  get size(): number {
    return this.#at;
  }

  row(node: string, table: string, group: number, key: string, sub: string | number | undefined, value?: Uint8Array) {
    const name = this.#name(node, table);
    this.#room(24);
    this.#buffer[this.#at++] = value === undefined ? REMOVE : PUT;
    this.#varint(name);
    this.#buffer[this.#at++] = group;
    this.#text(key);
    this.#room(16);
    if (sub === undefined) this.#buffer[this.#at++] = 0;
    else if (typeof sub === 'number') {
      this.#buffer[this.#at++] = 1;
      this.#at = this.#buffer.writeDoubleLE(sub, this.#at);
    } else {
      this.#buffer[this.#at++] = 2;
      this.#text(sub);
    }
    if (value !== undefined) {
      this.#room(value.length + 8);
      this.#varint(value.length);
      this.#buffer.set(value, this.#at);
      this.#at += value.length;
    }
    this.operations++;
  }

  timer({ node, group, kind, time, key, name }: TimerRow, add: boolean): void {
    const id = this.#name(node, '');
    this.#room(32);
    this.#buffer[this.#at++] = add ? ADD : CANCEL;
    this.#varint(id);
    this.#buffer[this.#at++] = group;
    this.#buffer[this.#at++] = kind;
    this.#at = this.#buffer.writeDoubleLE(time, this.#at);
    this.#text(key);
    this.#text(name);
    this.operations++;
  }

  /** The sealed blob, a copy. */
  end(where: string): Buffer {
    return seal(where, Buffer.from(this.#buffer.subarray(0, this.#at)));
  }

  #name(node: string, table: string): number {
    let tables = this.#names.get(node);
    if (tables === undefined) {
      tables = new Map();
      this.#names.set(node, tables);
    }
    let number = tables.get(table);
    if (number === undefined) {
      number = this.#nameCount++;
      tables.set(table, number);
      this.#room(1);
      this.#buffer[this.#at++] = NAME;
      this.#text(node);
      this.#text(table);
    }
    return number;
  }

  #text(text: string): void {
    this.#room(text.length * 3 + 5);
    if (text.length < 42) {
      // At most 126 bytes: the length fits into the one byte left free for it.
      const bytes = this.#buffer.write(text, this.#at + 1);
      this.#buffer[this.#at] = bytes;
      this.#at += bytes + 1;
      return;
    }
    this.#varint(Buffer.byteLength(text));
    this.#at += this.#buffer.write(text, this.#at);
  }

  #varint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.#buffer[this.#at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#buffer[this.#at++] = rest;
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#buffer.length * 2, this.#at + bytes));
    this.#buffer.copy(larger, 0, 0, this.#at);
    this.#buffer = larger;
  }
}

/** The commit a blob was written with. */
export function sequenceOf(where: string, blob: Buffer): number {
  return unseal(where, blob).readDoubleLE(0);
}

/** Calls the visitor for every operation, in order. Values are copies. */
export function readState(where: string, blob: Buffer, visitor: StateVisitor): void {
  const body = unseal(where, blob);
  const names: [string, string][] = [];
  let at = 8;
  const varint = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = body[at++]!;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  const text = () => {
    const length = varint();
    at += length;
    return body.toString('utf8', at - length, at);
  };
  while (at < body.length) {
    const kind = body[at++]!;
    if (kind === NAME) {
      names.push([text(), text()]);
      continue;
    }
    const [node, table] = names[varint()]!;
    const group = body[at++]!;
    if (kind === ADD || kind === CANCEL) {
      const clock = body[at++] as 0 | 1;
      const time = body.readDoubleLE(at);
      at += 8;
      visitor.timer({ node, group, kind: clock, time, key: text(), name: text() }, kind === ADD);
      continue;
    }
    const rowKey: RowKey = { node, table, group, key: text() };
    const tag = body[at++]!;
    if (tag === 1) {
      rowKey.sub = body.readDoubleLE(at);
      at += 8;
    } else if (tag === 2) rowKey.sub = text();
    if (kind === REMOVE) visitor.row(rowKey, undefined);
    else {
      const length = varint();
      visitor.row(rowKey, Uint8Array.prototype.slice.call(body, at, at + length));
      at += length;
    }
  }
}
