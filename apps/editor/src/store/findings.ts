import type { Finding, Validation } from '../api/types.js';

export interface ByPlace {
  nodes: ReadonlyMap<string, Finding[]>;
  edges: ReadonlyMap<string, Finding[]>;
  errors: number;
  warnings: number;
}
const made = new WeakMap<readonly Finding[], ByPlace>();

/** The findings of a validation by node and edge, errors first. Made once for each answer of the checker. */
export function byPlace(validation: Validation): ByPlace {
  const had = made.get(validation.findings);
  if (had) return had;
  const nodes = new Map<string, Finding[]>();
  const edges = new Map<string, Finding[]>();
  let errors = 0;
  const sorted = [...validation.findings].sort((a, b) =>
    a.severity === b.severity ? 0 : a.severity === 'error' ? -1 : 1,
  );
  for (const finding of sorted) {
    if (finding.severity === 'error') errors++;
    if (finding.edgeId) edges.set(finding.edgeId, [...(edges.get(finding.edgeId) ?? []), finding]);
    if (finding.nodeId) nodes.set(finding.nodeId, [...(nodes.get(finding.nodeId) ?? []), finding]);
  }
  const result = { nodes, edges, errors, warnings: validation.findings.length - errors };
  made.set(validation.findings, result);
  return result;
}
