import { MAX_TIME, MIN_TIME } from '@millrace/sdk';
import type { TaskReport } from './metrics.js';
import type { NodeRunner } from './node-runner.js';
import type { TaskGraph } from './task-graph.js';
import type { TaskMeta, TaskOptions } from './task-options.js';

/** Soft bound on records that wait in one exchange for one receiver. */
export const BACKLOG = 50_000;

type NodePart = TaskReport['nodes'][string];

/** ms of a task's life, by what it was doing. */
export interface Shares {
  busyMs: number;
  idleMs: number;
  backPressuredMs: number;
}

/** The numbers of a working task. */
export function reportOf({ stage, index, store }: TaskOptions, graph: TaskGraph, shares: Shares): TaskReport {
  const report: TaskReport = { stage, index, nodes: {}, edges: {}, backlogs: {}, ...shares };
  for (const node of graph.nodes) report.nodes[node.id] = nodePart(node);
  for (const [id, problem] of graph.problems) {
    // A node that waits for its system before it is built has the numbers of the last commit.
    const part = report.nodes[id] ?? committedPart(graph.resumed?.nodes[id]);
    report.nodes[id] = { ...part, problem };
  }
  for (const target of graph.targets) report.edges[target.edge] = target.sent;
  for (const { edge } of graph.writers) report.backlogs[edge] = { records: store.backlog(edge), bound: BACKLOG };
  const known = graph.sourceInputs.map((input) => input.progress());
  if (known.length > 0 && known.every((progress) => progress !== undefined)) {
    report.progress = known.reduce((sum, { done, total }) => ({ done: sum.done + done, total: sum.total + total }), {
      done: 0,
      total: 0,
    });
  }
  return report;
}

/** The numbers of a task that had finished before this process started: what its last commit says. */
export function reportOfFinished({ stage, index }: TaskOptions, meta: TaskMeta): TaskReport {
  const report: TaskReport = {
    stage,
    index,
    nodes: {},
    edges: { ...meta.sent },
    backlogs: {},
    busyMs: 0,
    idleMs: 0,
    backPressuredMs: 0,
  };
  for (const [id, kept] of Object.entries(meta.nodes)) {
    report.nodes[id] = { ...committedPart(kept), watermark: MAX_TIME };
  }
  return report;
}

function nodePart({ counters, watermark, stateKeys }: NodeRunner): NodePart {
  const { out, handled, filtered, late, skipped, deadLettered, waiting, busyMs, latency } = counters;
  return {
    in: counters.in,
    out,
    handled,
    filtered,
    late,
    skipped,
    deadLettered,
    waiting,
    busyMs,
    latency: latency.counts,
    watermark,
    stateKeys,
  };
}

function committedPart(kept: TaskMeta['nodes'][string] | undefined): NodePart {
  const [taken = 0, out = 0, filtered = 0, late = 0, skipped = 0, deadLettered = 0] = kept?.counters ?? [];
  return {
    in: taken,
    out,
    handled: taken - filtered - late - skipped - deadLettered,
    filtered,
    late,
    skipped,
    deadLettered,
    waiting: 0,
    busyMs: 0,
    latency: new Uint32Array(0),
    watermark: kept?.watermark ?? MIN_TIME,
    stateKeys: 0,
  };
}
