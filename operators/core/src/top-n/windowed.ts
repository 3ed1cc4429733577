import { type Behaviour, type Context, MillraceError, type StreamRecord, type Timer } from '@millrace/sdk';
import { type Fields, kindOf } from '../shared/paths.js';
import { floorTo } from '../windows/assigner.js';
import type { Row, Top } from './rows.js';
import { ranked, type TopNSetup, type TopNState } from './setup.js';

/** A window: its name in state and when it is complete. */
interface Span {
  name: string;
  due: number;
}

/** Windows of the operator's own: one after the other. Adds their start and end to the row. */
export function ownWindows(size: number): (value: Fields, record: StreamRecord) => Span {
  return (value, { time }) => {
    const start = floorTo(time, size, 0);
    value.windowStart = start;
    value.windowEnd = start + size;
    return { name: `${start}`, due: start + size - 1 };
  };
}

/**
 * Windows that the rows bring with them, from totals before this node. The result of a session comes at its end and not 1 ms before, so a
 * window is complete when the time of its rows has been passed as well.
 */
export function givenWindows(): (value: Fields, record: StreamRecord) => Span {
  return ({ windowStart, windowEnd }, { time }) => {
    if (!Number.isInteger(windowStart) || !Number.isInteger(windowEnd)) {
      const [field, found] = Number.isInteger(windowStart) ? ['windowEnd', windowEnd] : ['windowStart', windowStart];
      throw new MillraceError(`"${field}" holds ${kindOf(found)}, not a time in ms, so the row belongs to no window.`, {
        code: 'TOP_N_NO_WINDOW',
        params: { field, found: kindOf(found) },
        hint: 'Put window totals before this node, or let it make windows of its own.',
      });
    }
    return { name: `${windowStart}/${windowEnd}`, due: Math.max(windowEnd - 1, time) };
  };
}

/** One result per window and group, when the watermark says that the window is complete. */
export class WindowedTop implements Behaviour<TopNState> {
  constructor(
    readonly setup: TopNSetup,
    readonly spanOf: (value: Fields, record: StreamRecord) => Span,
  ) {}

  onRecord(record: StreamRecord, _port: string, ctx: Context<TopNState>): void {
    const { ranking, prepare, rowKey, changing } = this.setup;
    if (changing && record.op === 'delete') {
      this.#delete(rowKey!(record.value), ctx);
      return;
    }
    const value = prepare(record);
    const { name, due } = this.spanOf(value, record);
    if (due <= ctx.watermark) {
      ctx.late(record);
      return;
    }
    const sort = ranking.order.sortKey(value);
    const key = rowKey === undefined ? '' : rowKey(value);
    const top: Top = ctx.state.windows.get(name) ?? { rows: [], next: 0 };
    if (changing) {
      const old = ctx.state.rest.get(key);
      const seq = old?.window === name ? old.seq : top.next++;
      ctx.state.rest.set(key, { sort, seq, key, value, window: name });
    } else {
      const { rows } = top;
      const at = rowKey === undefined ? -1 : rows.findIndex((row) => row.key === key);
      if (at < 0 && ranking.tooLow(rows, sort)) {
        ctx.filtered();
        return;
      }
      const seq = at < 0 ? top.next++ : rows.splice(at, 1)[0]!.seq;
      ranking.insert(rows, { sort, seq, key, value });
      rows.length = ranking.visible(rows);
    }
    ctx.state.windows.set(name, top);
    ctx.timers.at(due, name);
  }

  #delete(key: string, ctx: Context<TopNState>): void {
    if (ctx.state.rest.has(key)) ctx.state.rest.delete(key);
    else ctx.filtered();
  }

  onTimer({ time, name }: Timer, ctx: Context<TopNState>): void {
    const { ranking, rankField, changing } = this.setup;
    let rows: readonly Row[] = ctx.state.windows.get(name)?.rows ?? [];
    if (changing) rows = this.#take(name, ctx);
    const count = ranking.visible(rows);
    for (let i = 0; i < count; i++) {
      ctx.emit('out', ranked(rows[i]!, rankField, rankField === undefined ? 0 : ranking.rank(rows, i)), time, 'insert');
    }
    ctx.state.windows.delete(name);
  }

  #take(window: string, ctx: Context<TopNState>): Row[] {
    const { rest } = ctx.state;
    const rows: Row[] = [];
    for (const [, row] of rest.entries()) if (row.window === window) rows.push(row);
    for (const row of rows) rest.delete(row.key);
    return rows.sort(this.setup.ranking.compare);
  }
}
