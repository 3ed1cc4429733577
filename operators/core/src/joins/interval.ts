import { type Behaviour, type Context, MAX_TIME, type StreamRecord, type Timer, type Value } from '@millrace/sdk';
import { type Chunk, type Chunks, chunkKey, dropBucket, lastChunk } from './chunks.js';
import { neverMatches } from './keys.js';
import type { Pair } from './result.js';

/** Rows of one side: `times`, `values` and `marks` run in parallel. */
export interface IntervalChunk extends Chunk {
  times: number[];
  marks: Mark[];
  /** When the first of the rows without a partner is given up. */
  due: number;
  /** In the first chunk: time of the earliest timer that is set for the bucket. */
  next: number;
}

export interface IntervalState {
  left: Chunks<IntervalChunk>;
  right: Chunks<IntervalChunk>;
}

/** What became of a row: no partner yet, has had one, or was sent on without one (and may have none any more). */
type Mark = 0 | 1 | 2;
const OPEN = 0;
const MATCHED = 1;
const GIVEN_UP = 2;

export interface IntervalSetup {
  /** A right record belongs to a left one when its time is in [left + lower, left + upper], ms. */
  readonly lower: number;
  readonly upper: number;
  readonly keepLeft: boolean;
  readonly keepRight: boolean;
  readonly dropLate: boolean;
  readonly pair: Pair;
  readonly accept: (value: Value) => Value;
}

interface Side {
  readonly name: 'left' | 'right';
  /** Are records without a partner sent on? */
  readonly keep: boolean;
  /** Partners of a record lie in [time + from, time + to]; once the watermark is there, no more of them come. */
  readonly from: number;
  readonly to: number;
  /** Timers: give up rows without a partner, drop a bucket. */
  readonly giveUp: string;
  readonly drop: string;
}

/** The interval is cut into about this many buckets: a record looks into so many and one more. */
const BUCKETS = 8;

/**
 * Pairs of records whose times lie within bounds. Each side keeps its rows per key in buckets of time, so a record looks only at rows near its
 * partners. A pair is sent when its second record arrives. A row without a partner is given up when the watermark reaches the time of its last
 * possible partner. A bucket is removed when its last row is past that; it always has a timer for the next of these moments.
 */
export class IntervalJoin implements Behaviour<IntervalState> {
  readonly #left: Side;
  readonly #right: Side;
  readonly #width: number;

  constructor(readonly setup: IntervalSetup) {
    const { lower, upper, keepLeft, keepRight } = setup;
    this.#left = { name: 'left', keep: keepLeft, from: lower, to: upper, giveUp: 'l', drop: 'L' };
    this.#right = { name: 'right', keep: keepRight, from: -upper, to: -lower, giveUp: 'r', drop: 'R' };
    this.#width = Math.max(1, Math.ceil((upper - lower + 1) / BUCKETS));
  }

  onRecord(record: StreamRecord, port: string, ctx: Context<IntervalState>): void {
    const { time } = record;
    const side = port === 'left' ? this.#left : this.#right;
    const value = this.setup.accept(record.value);
    const { watermark } = ctx;
    const late = time <= watermark;
    if (late) {
      ctx.late(record);
      if (this.setup.dropLate) return;
    }
    if (neverMatches(ctx.key)) {
      if (side.keep) this.#emitAlone(side, value, time, ctx);
      else if (!late) ctx.filtered();
      return;
    }
    const matched = this.#match(side, value, time, ctx);
    const due = time + side.to;
    if (due > watermark) this.#keep(side, value, time, due, matched, ctx);
    else if (!matched && side.keep) this.#emitAlone(side, value, Math.max(time, due), ctx);
  }

  /** Sends the pairs with the rows that are there. */
  #match(side: Side, value: Value, time: number, ctx: Context<IntervalState>): boolean {
    const other = side === this.#left ? this.#right : this.#left;
    const theirs = ctx.state[other.name];
    if (theirs.size === 0) return false;
    const { pair } = this.setup;
    const left = side === this.#left;
    const from = time + side.from;
    const to = time + side.to;
    // Rows older than this are given up, though their bucket may still be there.
    const oldest = Math.max(from, ctx.watermark - other.to);
    let matched = false;
    const lastBucket = Math.floor(to / this.#width);
    for (let bucket = Math.floor(oldest / this.#width); bucket <= lastBucket; bucket++) {
      const head = theirs.get(bucket);
      if (head === undefined) continue;
      for (let n = 0; n <= head.more; n++) {
        const chunk = n === 0 ? head : theirs.get(chunkKey(bucket, n))!;
        const { times, values, marks } = chunk;
        let changed = false;
        for (let i = 0; i < times.length; i++) {
          const at = times[i]!;
          if (at < oldest || at > to || marks[i] === GIVEN_UP) continue;
          ctx.emit('out', left ? pair(value, values[i]) : pair(values[i], value), Math.max(at, time));
          matched = true;
          if (other.keep && marks[i] === OPEN) {
            marks[i] = MATCHED;
            changed = true;
          }
        }
        if (changed) theirs.set(chunkKey(bucket, n), chunk);
      }
    }
    return matched;
  }

  #keep(side: Side, value: Value, time: number, due: number, matched: boolean, ctx: Context<IntervalState>): void {
    const own = ctx.state[side.name];
    const bucket = Math.floor(time / this.#width);
    const { head, last } = lastChunk(own, bucket, newChunk);
    const first = head === last && head.values.length === 0;
    last.times.push(time);
    last.values.push(value);
    last.marks.push(matched ? MATCHED : OPEN);
    if (matched || !side.keep) {
      if (first) ctx.timers.at(this.#dropTime(side, bucket), side.drop);
    } else {
      if (due < last.due) last.due = due;
      if (due < head.next) {
        ctx.timers.at(due, side.giveUp);
        head.next = due;
        if (head !== last) own.set(bucket, head);
      }
    }
    own.set(chunkKey(bucket, head.more), last);
  }

  onTimer({ name, time }: Timer, ctx: Context<IntervalState>): void {
    const side = name === this.#left.giveUp || name === this.#left.drop ? this.#left : this.#right;
    const bucket = Math.floor((time - side.to) / this.#width);
    if (name === side.drop) dropBucket(ctx.state[side.name], bucket - 1);
    else this.#giveUp(side, bucket, ctx);
  }

  /** Sends the rows of a bucket that will have no partner, and sets the timer for the next of them. */
  #giveUp(side: Side, bucket: number, ctx: Context<IntervalState>): void {
    const own = ctx.state[side.name];
    const head = own.get(bucket);
    if (head === undefined) return;
    const { watermark } = ctx;
    let next = MAX_TIME;
    for (let n = 0; n <= head.more; n++) {
      const chunk = n === 0 ? head : own.get(chunkKey(bucket, n))!;
      if (chunk.due <= watermark) {
        chunk.due = this.#giveUpIn(chunk, side, ctx);
        if (n > 0) own.set(chunkKey(bucket, n), chunk);
      }
      if (chunk.due < next) next = chunk.due;
    }
    const drop = this.#dropTime(side, bucket);
    if (next === MAX_TIME && (drop <= watermark || allBefore(head, watermark - side.to))) {
      dropBucket(own, bucket);
      return;
    }
    head.next = next;
    own.set(bucket, head);
    if (next < MAX_TIME) ctx.timers.at(next, side.giveUp);
    else ctx.timers.at(drop, side.drop);
  }

  /** When the last row that a bucket can hold has had its last partner. */
  #dropTime(side: Side, bucket: number): number {
    return (bucket + 1) * this.#width + side.to;
  }

  #giveUpIn({ times, values, marks }: IntervalChunk, side: Side, ctx: Context<IntervalState>): number {
    let next = MAX_TIME;
    for (let i = 0; i < times.length; i++) {
      if (marks[i] !== OPEN) continue;
      const time = times[i]!;
      const due = time + side.to;
      if (due <= ctx.watermark) {
        this.#emitAlone(side, values[i], Math.max(time, due), ctx);
        marks[i] = GIVEN_UP;
      } else if (due < next) next = due;
    }
    return next;
  }

  #emitAlone(side: Side, value: Value, time: number, ctx: Context<IntervalState>): void {
    const { pair } = this.setup;
    ctx.emit('out', side === this.#left ? pair(value, null) : pair(null, value), time, 'insert');
  }
}

/** Are all rows of a bucket of one chunk older? The common bucket, one row of a rare key, is gone as soon as that row is. */
function allBefore({ times, more }: IntervalChunk, time: number): boolean {
  if (more > 0) return false;
  for (let i = 0; i < times.length; i++) if (times[i]! >= time) return false;
  return true;
}

function newChunk(): IntervalChunk {
  return { values: [], times: [], marks: [], more: 0, due: MAX_TIME, next: MAX_TIME };
}
