import { join } from 'node:path';
import type { GraphDocument } from '@millrace/graph';

export const INGEST_OPERATOR = 'http.ingest';

/** Where the log of an ingest node is, from the folder that configs' paths start at. Relative, so that a data directory can be moved. */
export function ingestLogPath(workflowId: string, nodeId: string): string {
  return join('..', 'ingest', workflowId, nodeId);
}

/** A graph whose ingest nodes know their logs: what they were told by hand is overwritten. */
export function withIngestLogs(graph: GraphDocument, workflowId: string): GraphDocument {
  if (!graph.nodes.some((node) => node.operator === INGEST_OPERATOR)) return graph;
  const nodes = graph.nodes.map((node) =>
    node.operator === INGEST_OPERATOR
      ? { ...node, config: { ...node.config, log: ingestLogPath(workflowId, node.id) } }
      : node,
  );
  return { ...graph, nodes };
}
