import {
  type Behaviour,
  type Context,
  encodeKey,
  fieldReader,
  type ListState,
  type MapState,
  type StreamRecord,
  type Value,
} from '@millrace/sdk';
import { neverMatches } from './keys.js';
import type { Pair } from './result.js';
import { type Row, sortedRows } from './rows.js';

export interface RegularJoinState {
  leftRows: ListState<Row>;
  rightRows: ListState<Row>;
  left: MapState<Row, string>;
  right: MapState<Row, string>;
}

export interface RegularSetup {
  readonly pair: Pair;
  readonly accept: (value: Value) => Value;
}

/** Pairs of two streams of facts: every left record with every right record of its key, each pair once. */
export class AppendJoin implements Behaviour<RegularJoinState> {
  constructor(readonly setup: RegularSetup) {}

  onRecord(record: StreamRecord, port: string, ctx: Context<RegularJoinState>): void {
    const value = this.setup.accept(record.value);
    if (neverMatches(ctx.key)) {
      ctx.filtered();
      return;
    }
    const left = port === 'left';
    const { pair } = this.setup;
    const { time } = record;
    const theirs = (left ? ctx.state.rightRows : ctx.state.leftRows).get();
    for (let i = 0; i < theirs.length; i++) {
      const [at, other] = theirs[i]!;
      ctx.emit('out', left ? pair(value, other) : pair(other, value), Math.max(at, time));
    }
    (left ? ctx.state.leftRows : ctx.state.rightRows).add([time, value]);
  }
}

export interface TableSide {
  readonly name: 'left' | 'right';
  /** Are rows without a partner in the result? */
  readonly keep: boolean;
  /** Fields that tell the rows of this side apart. */
  readonly id: readonly string[];
}

export interface TableJoinSetup extends RegularSetup {
  readonly left: TableSide;
  readonly right: TableSide;
}

interface Side extends TableSide {
  readonly readers: readonly ((value: Value) => Value)[];
}

/**
 * Joins two tables that change. A later record replaces the row with the same id. The result is a table too, keyed by the ids of both sides; a
 * row without a partner has no right (or left) id, so it is deleted before its first pair is sent, and comes back when its last partner leaves.
 */
export class TableJoin implements Behaviour<RegularJoinState> {
  readonly #left: Side;
  readonly #right: Side;

  constructor(readonly setup: TableJoinSetup) {
    this.#left = { ...setup.left, readers: setup.left.id.map(fieldReader) };
    this.#right = { ...setup.right, readers: setup.right.id.map(fieldReader) };
  }

  onRecord(record: StreamRecord, port: string, ctx: Context<RegularJoinState>): void {
    const side = port === 'left' ? this.#left : this.#right;
    const value = this.setup.accept(record.value);
    if (neverMatches(ctx.key)) {
      if (side.keep) this.#send(side, value, null, record.time, record.op === 'delete' ? 'delete' : 'upsert', ctx);
      else ctx.filtered();
      return;
    }
    const id = encodeKey(side.readers.map((read) => read(value)));
    if (record.op === 'delete') this.#remove(side, id, record.time, ctx);
    else this.#put(side, id, value, record.time, ctx);
  }

  #put(side: Side, id: string, value: Value, time: number, ctx: Context<RegularJoinState>): void {
    const other = side === this.#left ? this.#right : this.#left;
    const own = ctx.state[side.name];
    const partners = sortedRows(ctx.state[other.name]);
    const first = own.size === 0;
    for (const [at, partner] of partners) {
      if (first && other.keep) this.#send(other, partner, null, time, 'delete', ctx);
      this.#send(side, value, partner, Math.max(at, time), 'upsert', ctx);
    }
    if (partners.length === 0 && side.keep) this.#send(side, value, null, time, 'upsert', ctx);
    own.set(id, [time, value]);
  }

  #remove(side: Side, id: string, time: number, ctx: Context<RegularJoinState>): void {
    const other = side === this.#left ? this.#right : this.#left;
    const own = ctx.state[side.name];
    const row = own.get(id);
    if (row === undefined) {
      ctx.filtered();
      return;
    }
    const partners = sortedRows(ctx.state[other.name]);
    const last = own.size === 1;
    for (const [, partner] of partners) {
      this.#send(side, row[1], partner, time, 'delete', ctx);
      if (last && other.keep) this.#send(other, partner, null, time, 'upsert', ctx);
    }
    if (partners.length === 0 && side.keep) this.#send(side, row[1], null, time, 'delete', ctx);
    own.delete(id);
  }

  #send(side: Side, own: Value, partner: Value, time: number, op: 'upsert' | 'delete', ctx: Context): void {
    const left = side === this.#left ? own : partner;
    const right = side === this.#left ? partner : own;
    ctx.emit('out', this.setup.pair(left, right), time, op);
  }
}
