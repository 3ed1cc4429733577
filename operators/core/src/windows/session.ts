import {
  type Behaviour,
  type Context,
  type Expression,
  MillraceError,
  type StreamRecord,
  type ValueState,
} from '@millrace/sdk';
import type { Row } from '../aggregates/aggregate.js';
import type { Fields } from '../shared/paths.js';
import { emitWindow, type WindowSetup } from './output.js';

/** A session that is kept: times of its first and last record, and its accumulators. */
export interface Session {
  first: number;
  last: number;
  row: Row;
  /** When it closes, where records have pauses of their own; otherwise last + gap. */
  end?: number;
  /** [start, end] of the results sent for it, or for the sessions it was merged from, that still stand. Only with allowed lateness. */
  sent?: [number, number][];
}

export interface SessionState {
  /** Sessions of the key, earliest first; more than `gap` lies between two. Closed ones only as long as late records may change them. */
  sessions: ValueState<Session[]>;
}

/** Name of the timer that removes a session when even late records are no longer accepted. */
const DROP = 'drop';

/**
 * Sessions: records of a key with pauses of at most `gap`. A record that is exactly `gap` after the last one still belongs to the session, so
 * a session closes when the watermark reaches last + gap (not one ms before), and its result carries that time: it is never late downstream.
 * A late record that touches a kept session belongs to it. A record may have a pause of its own: then a session lasts until the furthest
 * time + pause of its records.
 *
 * With allowed lateness a closed session is kept until end + lateness. A late record sends its result again, as an upsert; where a session
 * has grown or was merged, the results it replaces are deleted first.
 */
export class SessionWindows implements Behaviour<SessionState> {
  constructor(
    readonly setup: WindowSetup,
    readonly gap: number,
    readonly lateness = 0,
    readonly gapBy?: Expression,
  ) {}

  onRecord(record: StreamRecord, _port: string, ctx: Context<SessionState>): void {
    const { time } = record;
    const { columns } = this.setup;
    const { lateness } = this;
    const reach = time + (this.gapBy === undefined ? this.gap : pauseOf(this.gapBy, record));
    const sessions = ctx.state.sessions.get() ?? [];
    let from = 0;
    while (from < sessions.length && this.#endOf(sessions[from]!) < time) from++;
    let to = from;
    while (to < sessions.length && sessions[to]!.first <= reach) to++;
    if (from === to && reach + lateness <= ctx.watermark) {
      ctx.late(record);
      return;
    }
    columns.prepare(record);
    if (from === to) sessions.splice(from, 0, { first: time, last: time, row: columns.create() });
    const session = sessions[from]!;
    const before = from === to ? undefined : this.#endOf(session);
    // A record between two sessions makes one of them; the timers of both find out.
    for (let i = from + 1; i < to; i++) absorb(session, sessions[i]!, columns);
    if (to - from > 1) sessions.splice(from + 1, to - from - 1);
    if (time < session.first) session.first = time;
    if (time > session.last) session.last = time;
    if (this.gapBy !== undefined && reach > (session.end ?? time)) session.end = reach;
    columns.add(session.row, time);
    const end = this.#endOf(session);
    if (end <= ctx.watermark) this.#send(session, end, ctx);
    // An open session has a timer, which finds out that it grew; one that was closed has none any more.
    else if (before === undefined || before <= ctx.watermark) ctx.timers.at(end);
    ctx.state.sessions.set(sessions);
  }

  #endOf(session: Session): number {
    return session.end ?? session.last + this.gap;
  }

  /** A session that grew has its timer too early: it is set again at the time that is now right. */
  onTimer({ time, name }: { time: number; name: string }, ctx: Context<SessionState>): void {
    const sessions = ctx.state.sessions.get() ?? [];
    if (name === DROP) {
      this.#keep(
        sessions.filter((session) => this.#endOf(session) + this.lateness > time),
        ctx,
      );
      return;
    }
    const at = sessions.findIndex((session) => session.first <= time && time <= this.#endOf(session));
    const session = sessions[at];
    if (session === undefined) return;
    const end = this.#endOf(session);
    if (end > time) {
      ctx.timers.at(end);
      return;
    }
    this.#send(session, end, ctx);
    if (this.lateness === 0) sessions.splice(at, 1);
    this.#keep(sessions, ctx);
  }

  #keep(sessions: Session[], ctx: Context<SessionState>): void {
    if (sessions.length === 0) ctx.state.sessions.clear();
    else ctx.state.sessions.set(sessions);
  }

  #send(session: Session, end: number, ctx: Context<SessionState>): void {
    const { first, row, sent } = session;
    if (this.lateness === 0) {
      emitWindow(this.setup, ctx, row, first, end, end, 'insert');
      return;
    }
    for (const [start, until] of sent ?? []) {
      if (start === first && until === end) continue;
      const value: Fields = {};
      this.setup.writeGroup(ctx.key, value);
      value.windowStart = start;
      value.windowEnd = until;
      ctx.emit('out', value, end, 'delete');
    }
    emitWindow(this.setup, ctx, row, first, end, end, 'upsert');
    session.sent = [[first, end]];
    ctx.timers.at(end + this.lateness, DROP);
  }
}

/** Makes one session of two. */
function absorb(session: Session, other: Session, columns: WindowSetup['columns']): void {
  columns.merge(session.row, other.row);
  if (other.first < session.first) session.first = other.first;
  if (other.last > session.last) session.last = other.last;
  if (other.end !== undefined && other.end > (session.end ?? 0)) session.end = other.end;
  if (other.sent !== undefined) session.sent = [...(session.sent ?? []), ...other.sent];
}

/** The pause of a record, ms. Throws SESSION_PAUSE. */
function pauseOf(gapBy: Expression, record: StreamRecord): number {
  const pause = gapBy(record.value, record);
  if (typeof pause === 'number' && pause > 0 && Number.isFinite(pause)) return Math.min(Math.floor(pause), 3e14);
  throw new MillraceError(`The pause of this record is ${JSON.stringify(pause ?? null)}; it must be ms, more than 0.`, {
    code: 'SESSION_PAUSE',
    params: { pause: pause ?? null },
    hint: 'Mend the expression of the pause, for example with coalesce(..., 1800000).',
  });
}
