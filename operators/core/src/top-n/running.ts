import type { Behaviour, Context, StreamRecord } from '@millrace/sdk';
import { type Row, RowSet, type Top } from './rows.js';
import { ranked, type TopNSetup, type TopNState } from './setup.js';

/**
 * The best rows so far, as a table. Either its rows are the places (`byRank`: group and rank are the key, every row that moves is sent at its
 * new place), or the rows themselves (a row that leaves is deleted).
 */
export class RunningTop implements Behaviour<TopNState> {
  constructor(
    readonly setup: TopNSetup,
    readonly byRank: boolean,
  ) {}

  onRecord(record: StreamRecord, _port: string, ctx: Context<TopNState>): void {
    if (this.setup.changing) this.#change(record, ctx);
    else this.#append(record, ctx);
  }

  /** New rows only: nothing beyond the result has to be kept. */
  #append(record: StreamRecord, ctx: Context<TopNState>): void {
    const { ranking, prepare, rowKey } = this.setup;
    const value = prepare(record);
    const sort = ranking.order.sortKey(value);
    const key = rowKey === undefined ? '' : rowKey(value);
    const top: Top = ctx.state.top.get() ?? { rows: [], next: 0 };
    const { rows } = top;
    const at = rowKey === undefined ? -1 : rows.findIndex((row) => row.key === key);
    if (at < 0 && ranking.tooLow(rows, sort)) {
      ctx.filtered();
      return;
    }
    const before = rows.slice();
    const seq = at < 0 ? top.next++ : rows.splice(at, 1)[0]!.seq;
    ranking.insert(rows, { sort, seq, key, value });
    rows.length = ranking.visible(rows);
    ctx.state.top.set(top);
    this.#send(before, rows, record, ctx);
  }

  #change(record: StreamRecord, ctx: Context<TopNState>): void {
    const { ranking, prepare, rowKey } = this.setup;
    const key = rowKey!(record.value);
    const remove = record.op === 'delete';
    const value = remove ? undefined : prepare(record);
    const sort = remove ? undefined : ranking.order.sortKey(value);
    const top: Top = ctx.state.top.get() ?? { rows: [], next: 0 };
    const before = top.rows.slice(0, ranking.visible(top.rows));
    const set = new RowSet(ranking, top, ctx.state.rest);
    const old = set.remove(key);
    if (remove && old === undefined) {
      ctx.filtered();
      return;
    }
    if (value !== undefined && sort !== undefined) set.add({ sort, seq: old?.seq ?? top.next++, key, value });
    set.settle();
    if (top.rows.length === 0) ctx.state.top.clear();
    else ctx.state.top.set(top);
    this.#send(before, top.rows.slice(0, ranking.visible(top.rows)), record, ctx);
  }

  #send(before: readonly Row[], after: readonly Row[], { time }: StreamRecord, ctx: Context<TopNState>): void {
    if (this.byRank) this.#sendPlaces(before, after, time, ctx);
    else this.#sendRows(before, after, time, ctx);
  }

  #sendPlaces(before: readonly Row[], after: readonly Row[], time: number, ctx: Context<TopNState>): void {
    const { rankField } = this.setup;
    for (let i = 0; i < after.length; i++) {
      if (after[i] !== before[i]) ctx.emit('out', ranked(after[i]!, rankField, i + 1), time, 'upsert');
    }
    for (let i = after.length; i < before.length; i++) {
      ctx.emit('out', ranked(before[i]!, rankField, i + 1), time, 'delete');
    }
  }

  /** Only what lies after the common beginning and, where ranks are not shown, before the common end can have changed. */
  #sendRows(before: readonly Row[], after: readonly Row[], time: number, ctx: Context<TopNState>): void {
    const { rankField, ranking } = this.setup;
    let from = 0;
    while (from < before.length && from < after.length && before[from] === after[from]) from++;
    let endBefore = before.length;
    let endAfter = after.length;
    // A rank may change with any row before it.
    if (rankField === undefined) {
      while (endBefore > from && endAfter > from && before[endBefore - 1] === after[endAfter - 1]) {
        endBefore--;
        endAfter--;
      }
    }
    if (endBefore === from && endAfter === from) return;
    const places = new Map<string, number>();
    for (let i = from; i < endAfter; i++) places.set(after[i]!.key, i);
    const known = new Map<string, number>();
    for (let i = from; i < endBefore; i++) {
      const row = before[i]!;
      if (places.has(row.key)) known.set(row.key, i);
      else ctx.emit('out', ranked(row, rankField, ranking.rank(before, i)), time, 'delete');
    }
    for (let i = from; i < endAfter; i++) {
      const row = after[i]!;
      const was = known.get(row.key);
      const rank = rankField === undefined ? 0 : ranking.rank(after, i);
      const same = was !== undefined && before[was] === row;
      if (same && (rankField === undefined || ranking.rank(before, was) === rank)) continue;
      ctx.emit('out', ranked(row, rankField, rank), time, 'upsert');
    }
  }
}
