import type { Behaviour, Context, StreamRecord, ValueState } from '@millrace/sdk';
import type { Row } from '../aggregates/aggregate.js';
import { emitWindow, type WindowSetup } from './output.js';

/** An open session: times of its first and last record, and its accumulators. */
export interface Session {
  first: number;
  last: number;
  row: Row;
}

export interface SessionState {
  /** Open sessions of the key, earliest first; more than `gap` lies between two. */
  sessions: ValueState<Session[]>;
}

/**
 * Sessions: records of a key with pauses of at most `gap`. A record that is exactly `gap` after the last one still belongs to the session, so
 * a session closes when the watermark reaches last + gap (not one ms before), and its result carries that time: it is never late downstream.
 * A late record that touches an open session belongs to it.
 */
export class SessionWindows implements Behaviour<SessionState> {
  constructor(
    readonly setup: WindowSetup,
    readonly gap: number,
  ) {}

  onRecord(record: StreamRecord, _port: string, ctx: Context<SessionState>): void {
    const { time } = record;
    const { columns } = this.setup;
    const { gap } = this;
    const sessions = ctx.state.sessions.get() ?? [];
    let from = 0;
    while (from < sessions.length && sessions[from]!.last + gap < time) from++;
    let to = from;
    while (to < sessions.length && sessions[to]!.first - gap <= time) to++;
    if (from === to && time + gap <= ctx.watermark) {
      ctx.late(record);
      return;
    }
    columns.prepare(record);
    const end = time + gap;
    if (from === to) {
      const opened = { first: time, last: time, row: columns.create() };
      sessions.splice(from, 0, opened);
      ctx.timers.at(end);
    }
    const session = sessions[from]!;
    // A record between two sessions makes one of them; the timers of both find out.
    for (let i = from + 1; i < to; i++) {
      columns.merge(session.row, sessions[i]!.row);
      session.last = sessions[i]!.last;
    }
    if (to - from > 1) sessions.splice(from + 1, to - from - 1);
    if (time < session.first) session.first = time;
    if (time > session.last) session.last = time;
    columns.add(session.row, time);
    ctx.state.sessions.set(sessions);
  }

  /** A session that grew has its timer too early: it is set again at the time that is now right. */
  onTimer({ time }: { time: number }, ctx: Context<SessionState>): void {
    const sessions = ctx.state.sessions.get() ?? [];
    const at = sessions.findIndex(({ first, last }) => first <= time && time <= last + this.gap);
    const session = sessions[at];
    if (session === undefined) return;
    const end = session.last + this.gap;
    if (end > time) {
      ctx.timers.at(end);
      return;
    }
    emitWindow(this.setup, ctx, session.row, session.first, end, end, 'insert');
    sessions.splice(at, 1);
    if (sessions.length === 0) ctx.state.sessions.clear();
    else ctx.state.sessions.set(sessions);
  }
}
