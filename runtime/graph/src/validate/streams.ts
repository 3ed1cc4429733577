import type { Draft, DraftNode } from './draft.js';
import { type Flows, flowOf } from './flow.js';

/** What an edge carries against what its target can read: updates into an append-only port, one kind of business record into a port for another. */
export function checkStreams(draft: Draft, node: DraftNode, flows: Flows): void {
  for (const edge of node.incoming) {
    const port = edge.ok ? node.inputs?.get(edge.targetHandle) : undefined;
    const flow = port && flowOf(edge, flows);
    if (!port || !flow) continue;
    const at = { path: edge.path, nodeId: node.node.id, edgeId: edge.edge.id };
    const ends = {
      source: edge.from.node.id,
      sourceHandle: edge.sourceHandle,
      target: node.node.id,
      targetHandle: edge.targetHandle,
    };
    if (port.accepts === 'append' && flow.mode.mode === 'upsert') {
      draft.report.add('MODE_MISMATCH', {
        params: { ...ends, key: flow.mode.key, title: node.spec?.docs.title ?? node.node.operator },
        ...at,
      });
    }
    if (port.kind !== undefined && flow.type?.kind !== undefined && flow.type.kind !== port.kind) {
      draft.report.add('PORT_KIND_MISMATCH', {
        severity: 'warning',
        params: { ...ends, actual: flow.type.kind, expected: port.kind },
        ...at,
      });
    }
  }
}
