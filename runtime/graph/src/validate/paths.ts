import { LIMITS } from '../limits.js';
import type { Draft, DraftNode } from './draft.js';
import { isSourceNode } from './operators.js';

/** Sources there must be, nodes no source reaches, and fan-out bombs: how many paths lead from the sources to a node. */
export function checkPaths(draft: Draft): void {
  const { report } = draft;
  if (draft.nodes.length === 0) report.add('GRAPH_EMPTY', { path: '/nodes' });
  // An unknown operator may well be a source.
  else if (!draft.nodes.some((node) => !node.spec || isSourceNode(node)))
    report.add('GRAPH_NO_SOURCE', { path: '/nodes' });
  const paths = new Map<DraftNode, number>();
  let reported = false;
  for (const node of draft.order) {
    let count = isSourceNode(node) || !node.spec ? 1 : 0;
    for (const edge of node.incoming) count += paths.get(edge.from) ?? 0;
    paths.set(node, count);
    if (count > LIMITS.paths && !reported) {
      reported = true;
      report.add('AMPLIFICATION', {
        params: { node: node.node.id, paths: Math.min(count, Number.MAX_SAFE_INTEGER), limit: LIMITS.paths },
        path: node.path,
        nodeId: node.node.id,
      });
    }
    if (count === 0 && !node.duplicate && rootless(node)) {
      report.add('NODE_UNREACHABLE', {
        severity: 'warning',
        params: { node: node.node.id },
        path: node.path,
        nodeId: node.node.id,
      });
    }
  }
}

/** Nothing is linked to it, although nothing had to be: a missing required link is a finding of its own. */
function rootless(node: DraftNode): boolean {
  return node.incoming.length === 0 && [...(node.inputs?.values() ?? [])].every((port) => port.required === false);
}
