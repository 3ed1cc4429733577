import type { GraphDocument, MetricsSample } from '../api/types.js';

/** The few numbers of a whole run, out of one sample. */
export interface Totals {
  /** Records/s that reach destinations, or leave the last nodes when there is none. */
  finished: number;
  /** Records/s that sources bring in. */
  entered: number;
  /** Start to end: the worst destination. */
  latency: { p50: number; p95: number; p99: number } | null;
  /** Records in exchanges. */
  waiting: number;
  deadLetters: number;
  filtered: number;
  late: number;
  lagMs: number | null;
  /** Fullest queue, 0..1. */
  fullest: number | null;
}

const made = new WeakMap<MetricsSample, { doc: object; totals: Totals }>();

/** Made once for each sample and graph: the strip shows a minute of them and renders with every new one. */
export function totalsOf(sample: MetricsSample, doc: Pick<GraphDocument, 'nodes' | 'edges'>): Totals {
  const had = made.get(sample);
  if (had?.doc === doc) return had.totals;
  const totals = compute(sample, doc);
  made.set(sample, { doc, totals });
  return totals;
}

function compute(sample: MetricsSample, doc: Pick<GraphDocument, 'nodes' | 'edges'>): Totals {
  const hasOut = new Set(doc.edges.map((edge) => edge.source));
  const hasIn = new Set(doc.edges.map((edge) => edge.target));
  const totals: Totals = {
    finished: 0,
    entered: 0,
    latency: null,
    waiting: 0,
    deadLetters: 0,
    filtered: 0,
    late: 0,
    lagMs: null,
    fullest: null,
  };
  for (const id in sample.nodes) {
    const node = sample.nodes[id]!;
    totals.deadLetters += node.deadLettered;
    totals.filtered += node.filtered;
    totals.late += node.late;
    if (node.watermarkLagMs !== null && node.watermarkLagMs !== undefined)
      totals.lagMs = Math.max(totals.lagMs ?? 0, node.watermarkLagMs);
    if (!hasIn.has(id)) totals.entered += node.outRate;
    if (!hasOut.has(id)) {
      totals.finished += node.inRate;
      if (node.latencyMs && (!totals.latency || node.latencyMs.p95 > totals.latency.p95))
        totals.latency = node.latencyMs;
    }
  }
  for (const id in sample.edges) {
    const edge = sample.edges[id]!;
    totals.waiting += edge.inFlight;
    if (edge.fill !== null && edge.fill !== undefined) totals.fullest = Math.max(totals.fullest ?? 0, edge.fill);
  }
  return totals;
}
