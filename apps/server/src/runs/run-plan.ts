import { type GraphDocument, validateGraph } from '@millrace/graph';
import { type Plan, planGraph } from '@millrace/planner';
import { type Catalogue, MillraceError } from '@millrace/sdk';
import { withIngestLogs } from '../workflows/ingest-nodes.js';

/** The plan of a workflow's graph, its ingest nodes bound to their logs. Throws GRAPH_INVALID, e.g. when a plugin is gone. */
export function runPlan(document: GraphDocument, workflowId: string, catalogue: Catalogue): Plan {
  const { graph, findings } = validateGraph(withIngestLogs(document, workflowId), catalogue);
  if (graph !== undefined) return planGraph(graph, catalogue);
  throw new MillraceError('The graph of this run is not valid with the operators of this server.', {
    code: 'GRAPH_INVALID',
    params: { findings },
  });
}
