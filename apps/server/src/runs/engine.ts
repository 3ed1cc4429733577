import type { RunReport } from '@millrace/engine';
import type { Plan } from '@millrace/planner';
import type { Problem, Value } from '@millrace/sdk';
import type { RunStatus } from '../store/port.js';

/** Flow of one node over the last second, with the totals of the run. Rates in records/s. */
export interface NodeMetrics {
  in: number;
  out: number;
  handled: number;
  filtered: number;
  late: number;
  skipped: number;
  deadLettered: number;
  inRate: number;
  outRate: number;
  /** Average processing time of a record, µs. */
  aptUs: number;
  latencyMs: { p50: number; p95: number; p99: number } | null;
  /** Shares of the second, 0 to 1. */
  busy: number;
  idle: number;
  backPressured: number;
  watermark: number | null;
  watermarkLagMs: number | null;
  stateBytes?: number;
  stateKeys?: number;
  restarts: number;
  /** What keeps the node from going on while it tries again; `since` in ms. */
  problem?: Problem & { since: number };
}

export interface EdgeMetrics {
  rate: number;
  sent: number;
  received: number;
  inFlight: number;
  /** Fill of the exchange, 0 to 1; null for edges inside a stage. */
  fill: number | null;
}

export interface MetricsSample {
  at: number;
  status: RunStatus;
  nodes: { [id: string]: NodeMetrics };
  edges: { [id: string]: EdgeMetrics };
  bottleneck: { nodeId: string; sentenceCode: string; params: { [name: string]: unknown } } | null;
}

export interface DeadLetterPage {
  letters: unknown[];
  next?: string;
}

export interface RunResult {
  status: RunStatus;
  error?: { code: string; message: string; hint?: string };
}

/** The end of a run as a backend reports it. */
export function resultOf({ status, error }: RunReport): RunResult {
  if (error === undefined) return { status };
  const { code, message, hint } = error;
  return { status, error: { code, message, ...(hint !== undefined && { hint }) } };
}

/** A run that is alive. What the server needs of a backend's handle. */
export interface LiveRun {
  readonly done: Promise<RunResult>;
  /** `drain`: sources rest first and everything under way is worked off, so that another plan can go on. */
  pause(options?: { drain?: boolean }): Promise<void>;
  finish(): Promise<void>;
  kill(): Promise<void>;
  metrics(): MetricsSample;
  sample(edgeId: string, limit: number): Promise<unknown[]>;
  deadLetters(options: { limit: number; cursor?: string }): Promise<DeadLetterPage>;
  /** Copies everything into one portable file and goes on. */
  savepoint(file: string): Promise<void>;
  /** Gives dead letters to their nodes again. */
  replay(ids: readonly string[]): Promise<void>;
  /** Rows of a view node as last committed, in no order. */
  view(nodeId: string): Promise<Value[]>;
  /** Lets go of a run that lives on without this process. Absent: it does not, and has to be paused. */
  detach?(): void;
}

export interface StartOptions {
  /** Id of the workflow: part of delivery ids and of what sinks keep. */
  workflow: string;
  plan: Plan;
  /** Relative paths in configs start here, and file nodes may not leave it. */
  baseDir: string;
  /** Progress and state; a directory with an unfinished run goes on. */
  dataDir: string;
  /** The directory may hold a run of an earlier version of the graph or with other numbers of tasks: nodes keep their state by id. */
  migrate: boolean;
}

/** What a run that is not alive has left. */
export interface StoredRun {
  deadLetters(options: { limit: number; cursor?: string }): DeadLetterPage | Promise<DeadLetterPage>;
  view(nodeId: string): Value[] | Promise<Value[]>;
}

/** Starts runs outside the server's event loop. */
export interface Engine {
  start(options: StartOptions): Promise<LiveRun>;
  /** Looks into the directory of a run that is not alive; undefined when nothing is there. */
  inspect<T>(dataDir: string, look: (run: StoredRun) => T | Promise<T>): Promise<T | undefined>;
  /** Makes the beginning of a new run out of what another one at rest has left. */
  copy(from: string, to: string, next: { plan: Plan; workflow: string }): Promise<void>;
  /** Removes what a run that is not alive has left. */
  remove(dataDir: string): Promise<void>;
  close?(): Promise<void>;
}
