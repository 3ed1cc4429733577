import type { Plan } from '@millrace/planner';
import { Histogram } from '../histogram.js';
import type { TaskReport } from '../metrics.js';
import type { FailureInfo } from './failure.js';

export type RunStatus = 'starting' | 'running' | 'restarting' | 'pausing' | 'paused' | 'finished' | 'failed' | 'killed';

type NodeProblem = NonNullable<TaskReport['nodes'][string]['problem']>;

export interface NodeReport {
  in: number;
  out: number;
  handled: number;
  filtered: number;
  late: number;
  skipped: number;
  deadLettered: number;
  /** Records in per second of the run's duration (for sources: records out). */
  throughput: number;
  /** Average processing time of a record, µs. */
  aptUs: number;
  /** now − born at the node, ms; null when nothing passed. */
  latencyMs: { p50: number | null; p95: number | null; p99: number | null };
  /** What keeps the node from going on while it tries again; `since` in ms. Of several tasks the one it troubles for longest. */
  problem?: NodeProblem;
}

export interface DeadLetterSummary {
  nodeId: string;
  code: string;
  message: string;
  count: number;
}

/** A record that could not be processed, with its reason. */
export interface DeadLetterRow {
  node: string;
  number: number;
  port: string;
  code: string;
  message: string;
  hint: string | null;
  /** Wall clock of the failure, ms. */
  at: number;
  value: unknown;
  time: number;
  /** Set once a replay has processed it again. */
  status?: 'replayed';
}

export interface RunReport {
  status: RunStatus;
  durationMs: number;
  nodes: { [id: string]: NodeReport };
  /** 0..1 of a bounded input, when the sources can tell. */
  progress?: number;
  deadLetters: DeadLetterSummary[];
  restarts: number;
  error?: { code: string; message: string; hint?: string; nodeId?: string };
}

/** What the tasks of a run report, put together. */
export function runReport(run: {
  plan: Plan;
  status: RunStatus;
  durationMs: number;
  tasks: readonly TaskReport[];
  deadLetters: DeadLetterSummary[];
  restarts: number;
  error: FailureInfo | undefined;
}): RunReport {
  const { plan, status, durationMs, tasks, deadLetters, restarts, error } = run;
  const report: RunReport = {
    status,
    durationMs,
    nodes: nodeReports(plan, tasks, durationMs),
    deadLetters,
    restarts,
  };
  const read = tasks.flatMap(({ progress }) => progress ?? []);
  const total = read.reduce((sum, progress) => sum + progress.total, 0);
  if (total > 0) report.progress = read.reduce((sum, { done }) => sum + done, 0) / total;
  if (error) {
    const { code, message, hint, nodeId } = error;
    report.error = {
      code,
      message,
      ...(hint === undefined ? {} : { hint }),
      ...(nodeId === undefined ? {} : { nodeId }),
    };
  }
  return report;
}

/** Adds up what the tasks of a run report, node by node. */
export function nodeReports(
  plan: Plan,
  reports: Iterable<TaskReport>,
  durationMs: number,
): { [id: string]: NodeReport } {
  const sums = new Map<string, { counts: number[]; busyMs: number; latency: Histogram; problem?: NodeProblem }>();
  for (const report of reports) {
    for (const [id, n] of Object.entries(report.nodes)) {
      let sum = sums.get(id);
      if (!sum) {
        sum = { counts: [0, 0, 0, 0, 0, 0, 0], busyMs: 0, latency: new Histogram() };
        sums.set(id, sum);
      }
      [n.in, n.out, n.handled, n.filtered, n.late, n.skipped, n.deadLettered].forEach((value, i) => {
        sum.counts[i]! += value;
      });
      if (n.problem && (!sum.problem || n.problem.since < sum.problem.since)) sum.problem = n.problem;
      sum.busyMs += n.busyMs;
      sum.latency.merge(new Histogram(n.latency));
    }
  }
  const nodes: { [id: string]: NodeReport } = {};
  for (const id of Object.keys(plan.nodes)) {
    const sum = sums.get(id);
    const [taken, out, handled, filtered, late, skipped, deadLettered] = (sum?.counts ?? [0, 0, 0, 0, 0, 0, 0]) as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const quantile = (q: number) => sum?.latency.quantile(q) ?? null;
    nodes[id] = {
      in: taken,
      out,
      handled,
      filtered,
      late,
      skipped,
      deadLettered,
      throughput: durationMs > 0 ? Math.round((taken * 1000) / durationMs) : 0,
      aptUs: taken > 0 ? round3(((sum?.busyMs ?? 0) * 1000) / taken) : 0,
      latencyMs: { p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99) },
      ...(sum?.problem && { problem: sum.problem }),
    };
  }
  return nodes;
}

function round3(value: number): number {
  return Math.round(value * 1000) / 1000;
}
