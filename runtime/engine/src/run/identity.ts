import { createHash } from 'node:crypto';
import type { Plan } from '@millrace/planner';

/** Identity of a graph for its data: operators, configs and edges. Labels, positions and parallelism may change. */
export function graphIdentity(plan: Plan): string {
  const nodes = Object.values(plan.nodes)
    .map(({ id, operator, config, onError }) => ({ id, operator, config, onError }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const edges = plan.edges
    .map(({ source, sourcePort, target, targetPort }) => [source, sourcePort, target, targetPort].join('\n'))
    .sort();
  return createHash('sha256')
    .update(JSON.stringify([nodes, edges, plan.timeZone, plan.watermarkInterval]))
    .digest('hex');
}

/** True if stored progress of one plan fits the other as it is: same stages, tasks and exchanges. */
export function sameShape(a: Plan, b: Plan): boolean {
  return JSON.stringify([a.stages, a.exchanges]) === JSON.stringify([b.stages, b.exchanges]);
}
