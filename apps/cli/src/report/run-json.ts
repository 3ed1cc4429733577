import type { NodeReport, RunReport } from '@millrace/embedded';

/** What `millrace run --json` prints: one object, with these keys in this order. Times in ms, `aptUs` in µs, `throughput` in records/s. */
export interface RunJson {
  status: RunReport['status'];
  durationMs: number;
  nodes: { [id: string]: NodeReport };
  error?: { code: string; message: string; hint?: string; nodeId?: string };
}

export function runJson(report: RunReport): RunJson {
  const nodes = Object.fromEntries(Object.entries(report.nodes).map(([id, node]) => [id, nodeJson(node)]));
  return {
    status: report.status,
    durationMs: report.durationMs,
    nodes,
    ...(report.error ? { error: report.error } : {}),
  };
}

/** The same object for a run that never started. */
export function failure(error: { message: string; code?: unknown; hint?: unknown; nodeId?: unknown }): RunJson {
  const { message, code, hint, nodeId } = error;
  return {
    status: 'failed',
    durationMs: 0,
    nodes: {},
    error: {
      code: typeof code === 'string' ? code : 'INTERNAL',
      message,
      ...(typeof hint === 'string' ? { hint } : {}),
      ...(typeof nodeId === 'string' ? { nodeId } : {}),
    },
  };
}

function nodeJson(node: NodeReport): NodeReport {
  const { p50, p95, p99 } = node.latencyMs;
  return {
    in: node.in,
    out: node.out,
    handled: node.handled,
    filtered: node.filtered,
    late: node.late,
    skipped: node.skipped,
    deadLettered: node.deadLettered,
    throughput: node.throughput,
    aptUs: node.aptUs,
    latencyMs: { p50, p95, p99 },
    ...(node.problem && { problem: node.problem }),
  };
}
