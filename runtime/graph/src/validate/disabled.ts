import { inputPorts, outputPorts } from '@millrace/sdk';
import type { Draft, DraftEdge, DraftNode } from './draft.js';

/**
 * Takes the disabled nodes out: what arrives at the first input goes on to where the first output leads, everything else they were linked
 * to is not linked any more. Their configs are not looked at, so a half-made node can be switched off. Findings keep their places.
 */
export function bypassDisabled(draft: Draft): void {
  for (const node of [...draft.nodes]) {
    if (node.node.disabled !== true || node.duplicate) continue;
    const { incoming, outgoing } = mainEdges(draft, node);
    for (const edge of [...node.incoming, ...node.outgoing]) unlink(draft, edge);
    for (const first of incoming) for (const last of outgoing) join(draft, first, last, incoming.length > 1);
    draft.nodes.splice(draft.nodes.indexOf(node), 1);
    draft.byId.delete(node.node.id);
  }
}

function mainEdges(draft: Draft, node: DraftNode): { incoming: DraftEdge[]; outgoing: DraftEdge[] } {
  const spec = draft.catalogue.get(node.node.operator);
  const input = spec && Object.keys(inputPorts(spec))[0];
  const output = spec && firstOutput(() => Object.keys(outputPorts(spec, node.config))[0]);
  return {
    incoming: node.incoming.filter(({ edge }) => (edge.targetHandle ?? input) === input),
    outgoing: node.outgoing.filter(({ edge }) => (edge.sourceHandle ?? output) === output),
  };
}

/** Ports may be made of a config that is not complete. */
function firstOutput(ask: () => string | undefined): string | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}

function unlink(draft: Draft, edge: DraftEdge): void {
  for (const list of [draft.edges, edge.from.outgoing, edge.to.incoming]) {
    const at = list.indexOf(edge);
    if (at >= 0) list.splice(at, 1);
  }
}

/** The last edge keeps its id, and with it its numbers, unless several come together in it. */
function join(draft: Draft, first: DraftEdge, last: DraftEdge, several: boolean): void {
  if (first.from === last.to) return;
  const edge: DraftEdge = {
    edge: {
      ...last.edge,
      id: several ? `${first.edge.id}+${last.edge.id}` : last.edge.id,
      source: first.edge.source,
      ...(first.edge.sourceHandle !== undefined && { sourceHandle: first.edge.sourceHandle }),
    },
    path: last.path,
    from: first.from,
    to: last.to,
    sourceHandle: first.sourceHandle,
    targetHandle: last.targetHandle,
    ok: false,
  };
  if (first.edge.sourceHandle === undefined) delete edge.edge.sourceHandle;
  draft.edges.push(edge);
  edge.from.outgoing.push(edge);
  edge.to.incoming.push(edge);
}
