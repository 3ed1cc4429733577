import type { Draft, DraftEdge, DraftNode } from './draft.js';

/** Sorts the nodes topologically (ties: document order) into `draft.order` and reports each cycle once, with its path. */
export function checkCycles(draft: Draft): void {
  const open = new Map<DraftNode, number>();
  for (const node of draft.nodes) open.set(node, node.incoming.length);
  const ready = draft.nodes.filter((node) => open.get(node) === 0);
  while (ready.length > 0) {
    const node = ready.shift()!;
    draft.order.push(node);
    for (const { to } of node.outgoing) {
      const left = open.get(to)! - 1;
      open.set(to, left);
      if (left === 0) insert(ready, to);
    }
  }
  if (draft.order.length === draft.nodes.length) return;
  const sorted = new Set(draft.order);
  for (const cycle of findCycles(draft.nodes.filter((node) => !sorted.has(node)))) report(draft, cycle);
}

/** Keeps the ready nodes in document order. */
function insert(ready: DraftNode[], node: DraftNode): void {
  let at = ready.length;
  while (at > 0 && ready[at - 1]!.index > node.index) at--;
  ready.splice(at, 0, node);
}

function report(draft: Draft, cycle: readonly DraftEdge[]): void {
  const ids = cycle.map((edge) => edge.from.node.id);
  const last = cycle.at(-1)!;
  draft.report.add('GRAPH_CYCLE', {
    params: { path: [...ids, ids[0]].join('>'), nodes: ids },
    path: last.path,
    nodeId: ids[0]!,
    edgeId: last.edge.id,
    fix: { code: 'REMOVE', path: last.path },
  });
}

/** One cycle for each knot of nodes, by a depth-first search with its own stack: a long chain must not overflow ours. */
function findCycles(nodes: readonly DraftNode[]): DraftEdge[][] {
  const among = new Set(nodes);
  const done = new Set<DraftNode>();
  const cycles: DraftEdge[][] = [];
  for (const start of nodes) {
    const path: DraftEdge[] = [];
    const at = new Map<DraftNode, number>();
    const stack: { node: DraftNode; next: number }[] = [];
    const enter = (node: DraftNode) => {
      at.set(node, path.length);
      stack.push({ node, next: 0 });
    };
    if (!done.has(start)) enter(start);
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const edge = top.node.outgoing[top.next++];
      if (!edge) {
        stack.pop();
        path.pop();
        at.delete(top.node);
        done.add(top.node);
      } else if (among.has(edge.to) && !done.has(edge.to)) {
        const back = at.get(edge.to);
        path.push(edge);
        if (back === undefined) enter(edge.to);
        else {
          cycles.push(turn(path.slice(back)));
          // One finding for a knot: its other cycles show when this one is gone.
          for (const { node } of stack) done.add(node);
          break;
        }
      }
    }
  }
  return cycles;
}

/** Begins the cycle at its first node in document order, so that its name does not depend on where the search began. */
function turn(cycle: DraftEdge[]): DraftEdge[] {
  let first = 0;
  for (let i = 1; i < cycle.length; i++) if (cycle[i]!.from.index < cycle[first]!.from.index) first = i;
  return [...cycle.slice(first), ...cycle.slice(0, first)];
}
