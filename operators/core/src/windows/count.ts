import type { Behaviour, Context, StreamRecord, ValueState } from '@millrace/sdk';
import type { Row } from '../aggregates/aggregate.js';
import { emitWindow, type WindowSetup } from './output.js';

/** Records since the last result: how many, their earliest and latest time, their accumulators. */
export interface Counted {
  n: number;
  first: number;
  last: number;
  row: Row;
}

export interface CountState {
  counted: ValueState<Counted>;
}

/**
 * A result for every `count` records of a key, in the order they arrive. Its window is from the earliest of them to 1 ms after the latest.
 * What is left at the end gives no result.
 */
export class CountWindows implements Behaviour<CountState> {
  constructor(
    readonly setup: WindowSetup,
    readonly count: number,
  ) {}

  onRecord(record: StreamRecord, _port: string, ctx: Context<CountState>): void {
    const { columns } = this.setup;
    const { time } = record;
    columns.prepare(record);
    const counted = ctx.state.counted.get() ?? { n: 0, first: time, last: time, row: columns.create() };
    counted.n++;
    if (time < counted.first) counted.first = time;
    if (time > counted.last) counted.last = time;
    columns.add(counted.row, time);
    if (counted.n < this.count) {
      ctx.state.counted.set(counted);
      return;
    }
    ctx.state.counted.clear();
    emitWindow(this.setup, ctx, counted.row, counted.first, counted.last + 1, time, 'insert');
  }
}
