import type { Problem } from '@millrace/sdk';
import { Histogram } from './histogram.js';

/** Fates and flow of one node in one task. in = handled + filtered + late + skipped + deadLettered + waiting. */
export class Counters {
  in = 0;
  out = 0;
  filtered = 0;
  late = 0;
  skipped = 0;
  deadLettered = 0;
  /** Taken in, not yet decided (inside an asynchronous call). */
  waiting = 0;
  /** ms spent in the operator. */
  busyMs = 0;
  readonly latency = new Histogram();

  get handled(): number {
    return this.in - this.filtered - this.late - this.skipped - this.deadLettered - this.waiting;
  }

  /** The committed part: what a restart must not count twice. */
  snapshot(): number[] {
    return [this.in, this.out, this.filtered, this.late, this.skipped, this.deadLettered];
  }

  restore(from: readonly number[]): void {
    [this.in, this.out, this.filtered, this.late, this.skipped, this.deadLettered] = from as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
  }
}

/** What a task tells about itself, cumulative since the start of the run. Plain data: it crosses threads. */
export interface TaskReport {
  stage: string;
  index: number;
  nodes: {
    [id: string]: {
      in: number;
      out: number;
      handled: number;
      filtered: number;
      late: number;
      skipped: number;
      deadLettered: number;
      waiting: number;
      busyMs: number;
      /** Bucket counts of the latency histogram, ms. */
      latency: Uint32Array;
      watermark: number;
      stateKeys: number;
      /** What keeps the node from going on while it tries again; `since` in ms. */
      problem?: Problem & { since: number };
    };
  };
  /** Records sent over each outgoing edge. */
  edges: { [id: string]: number };
  /** Records committed to an exchange and not yet consumed, and the soft bound. */
  backlogs: { [exchange: string]: { records: number; bound: number } };
  /** ms since the task started: working, waiting for input, waiting for room downstream. */
  busyMs: number;
  idleMs: number;
  backPressuredMs: number;
  /** Bounded input read so far and in all, in the source's own unit (bytes); absent when unknown. */
  progress?: { done: number; total: number };
}
