import type { Finding, GraphDocument, GraphNode } from '@millrace/graph';
import type { Catalogue } from '@millrace/sdk';
import { HttpError } from '../http/errors.js';
import { holdsSecret } from './address.js';

/** Kind of each connection that nodes may name; undefined when it is not known (set in the environment). */
export type KnownConnections = ReadonlyMap<string, string | undefined>;

interface Use {
  property: string;
  kind: string;
  value: string;
}

/** The connections that a node's config names. */
export function connectionsOf(node: GraphNode, catalogue: Catalogue): Use[] {
  const { properties = {} } = (catalogue.get(node.operator)?.config ?? {}) as {
    properties?: { [name: string]: { 'x-connection'?: string } };
  };
  return Object.entries(properties).flatMap(([property, schema]) => {
    const kind = schema['x-connection'];
    const value: unknown = node.config?.[property];
    return kind !== undefined && typeof value === 'string' && value !== '' ? [{ property, kind, value }] : [];
  });
}

/** Connections that are not there or are of another system, and addresses written into the graph itself. */
export function connectionFindings(graph: GraphDocument, catalogue: Catalogue, known: KnownConnections): Finding[] {
  const findings: Finding[] = [];
  for (const [index, node] of graph.nodes.entries()) {
    if (node === null || typeof node !== 'object' || node.disabled === true) continue;
    for (const use of connectionsOf(node, catalogue)) {
      const problem = problemOf(use, known);
      if (problem === undefined) continue;
      const path = `/nodes/${index}/config/${use.property}`;
      const fitting = [...known].filter(([, kind]) => kind === use.kind).map(([name]) => name);
      findings.push({
        ...problem,
        severity: 'error',
        path,
        ...(typeof node.id === 'string' && { nodeId: node.id }),
        ...(fitting.length === 1 && { fix: { code: 'SET', path, value: fitting[0] } }),
      });
    }
  }
  return findings;
}

function problemOf({ kind, value }: Use, known: KnownConnections): Pick<Finding, 'code' | 'params'> | undefined {
  if (value.includes('://')) return { code: 'CONNECTION_INLINE', params: { kind } };
  if (!known.has(value)) return { code: 'CONNECTION_UNKNOWN', params: { connection: value, kind } };
  const actual = known.get(value);
  return actual === undefined || actual === kind
    ? undefined
    : { code: 'CONNECTION_KIND', params: { connection: value, kind, other: actual } };
}

/** Graphs are read by many and kept for ever: one with a password in an address is not stored at all. Throws CONNECTION_SECRET_INLINE. */
export function refuseInlineSecrets(graph: GraphDocument, catalogue: Catalogue): void {
  for (const node of graph.nodes) {
    const use = connectionsOf(node, catalogue).find(({ value }) => holdsSecret(value));
    if (use === undefined) continue;
    throw new HttpError(
      422,
      'CONNECTION_SECRET_INLINE',
      'The graph holds an address with a password, so it is not stored.',
      {
        params: { nodeId: node.id, property: use.property },
        hint: 'Keep the address under Connections and choose it by its name.',
      },
    );
  }
}
