import type { Plan } from '@millrace/planner';
import type { EdgeMetrics, MetricsSample, NodeMetrics } from './engine.js';

/** Above this share of the last second a stage counts as working all the time. */
const BUSY = 0.8;
/** Above this fill or share someone upstream is held back. */
const HELD = 0.5;

/**
 * The node that holds the others back: one whose stage works all the time (or whose outbox is full) while a stage before it waits for
 * room. The last such stage in the direction of flow, since what is before it only queues behind it; within the stage the node that
 * takes most of the time. Null when nobody waits.
 */
export function bottleneckOf(
  plan: Plan,
  nodes: { [id: string]: NodeMetrics },
  edges: { [id: string]: EdgeMetrics },
): MetricsSample['bottleneck'] {
  for (const stage of plan.stages.toReversed()) {
    const inputs = plan.edges.filter(
      (edge) => edge.exchange !== undefined && plan.nodes[edge.target]?.stage === stage.id,
    );
    const held = inputs.find(
      (edge) => (edges[edge.id]?.fill ?? 0) >= HELD || (nodes[edge.source]?.backPressured ?? 0) >= HELD,
    );
    if (held === undefined) continue;
    const slowest = stage.nodes.reduce((a, b) => (load(nodes[b]) > load(nodes[a]) ? b : a));
    const metrics = nodes[slowest];
    if (metrics === undefined || metrics.backPressured >= HELD) continue;
    const sentenceCode = metrics.busy >= BUSY ? 'BOTTLENECK_BUSY' : 'BOTTLENECK_WAITS_OUTSIDE';
    return {
      nodeId: slowest,
      sentenceCode,
      params: {
        node: slowest,
        busy: metrics.busy,
        fill: edges[held.id]?.fill ?? null,
        waiting: edges[held.id]?.inFlight ?? 0,
        upstream: held.source,
        aptUs: metrics.aptUs,
      },
    };
  }
  return null;
}

/** Share of a second that a node's own work takes. */
function load(node: NodeMetrics | undefined): number {
  return node === undefined ? 0 : node.inRate * node.aptUs;
}
