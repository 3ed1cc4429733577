import {
  type CheckedGraph,
  type Finding,
  type GraphDelivery,
  type GraphDocument,
  type GraphNode,
  graphDelivery,
  validateGraph,
} from '@millrace/graph';
import {
  type AnyOperator,
  type Catalogue,
  inputPorts,
  type OutputMode,
  outputPorts,
  type PortSpec,
  type RecordType,
  type Value,
} from '@millrace/sdk';

import { connectionFindings, type KnownConnections } from '../connections/findings.js';

export interface DescribedPort extends PortSpec {
  mode?: OutputMode;
  type?: RecordType | null;
}

/** A node as the editor shows it. */
export interface DescribedNode {
  title: string;
  /** The node in words, null when its config is not complete. */
  summary: string | null;
  inputs: { [port: string]: DescribedPort };
  outputs: { [port: string]: DescribedPort };
  /** The config with defaults. */
  config: Value;
}

export interface Described {
  findings: Finding[];
  /** What the graph promises, and because of which nodes not more. */
  delivery: GraphDelivery;
  nodes: { [id: string]: DescribedNode };
}

/** Parts of a broken graph are taken away at most this often to find the part that can be understood. */
const ROUNDS = 8;

/** Findings of a graph, and what each node is. In a broken graph, types and modes are known for the nodes before the broken ones. */
export function describeGraph(graph: unknown, catalogue: Catalogue, connections: KnownConnections): Described {
  const { findings: own, graph: checked } = validateGraph(graph, catalogue);
  const findings = isGraph(graph) ? [...own, ...connectionFindings(graph, catalogue, connections)] : own;
  const nodes: Described['nodes'] = Object.create(null);
  if (!isGraph(graph)) return { findings, delivery: graphDelivery({ nodes: [] }, catalogue), nodes };
  const understood = checked ?? understoodPart(graph, own, catalogue);
  const configs = new Map(understood?.document.nodes.map((node) => [node.id, node.config]));
  for (const node of graph.nodes) {
    const spec = catalogue.get(node.operator);
    if (spec !== undefined && typeof node.id === 'string')
      nodes[node.id] = describeNode(node, spec, graph, configs.get(node.id), understood);
  }
  return { findings, delivery: graphDelivery(graph, catalogue), nodes };
}

function isGraph(graph: unknown): graph is GraphDocument {
  const { nodes, edges } = (graph ?? {}) as Partial<GraphDocument>;
  const objects = (list: unknown) =>
    Array.isArray(list) && list.every((item) => item !== null && typeof item === 'object');
  return objects(nodes) && objects(edges);
}

/** The graph without the nodes that have errors, and without what comes after them. */
function understoodPart(
  graph: GraphDocument,
  findings: readonly Finding[],
  catalogue: Catalogue,
): CheckedGraph | undefined {
  let part = graph;
  let problems = findings;
  for (let round = 0; round < ROUNDS; round++) {
    const broken = new Set(
      problems.flatMap((finding) => (finding.severity === 'error' ? (nodeOf(finding, part) ?? []) : [])),
    );
    if (broken.size === 0) return undefined;
    for (let grown = true; grown; ) {
      grown = false;
      for (const { source, target } of part.edges) {
        if (broken.has(source) && !broken.has(target)) grown = Boolean(broken.add(target));
      }
    }
    part = {
      ...part,
      nodes: part.nodes.filter((node) => !broken.has(node.id)),
      edges: part.edges.filter((edge) => !broken.has(edge.source) && !broken.has(edge.target)),
    };
    const result = validateGraph(part, catalogue);
    if (result.graph !== undefined || part.nodes.length === 0) return result.graph;
    problems = result.findings;
  }
  return undefined;
}

function nodeOf(finding: Finding, graph: GraphDocument): string[] | undefined {
  if (finding.nodeId !== undefined) return [finding.nodeId];
  const edge = graph.edges.find(({ id }) => finding.edgeId !== undefined && id === finding.edgeId);
  if (edge !== undefined) return [edge.target];
  const index = /^\/(nodes|edges)\/(\d+)/.exec(finding.path);
  if (index?.[1] === 'nodes') return [graph.nodes[Number(index[2])]?.id ?? ''];
  return index?.[1] === 'edges' ? [graph.edges[Number(index[2])]?.target ?? ''] : undefined;
}

function describeNode(
  node: GraphNode,
  spec: AnyOperator,
  graph: GraphDocument,
  checkedConfig: Value,
  understood: CheckedGraph | undefined,
): DescribedNode {
  const config = checkedConfig ?? node.config ?? {};
  const flows = understood?.outputs.get(node.id);
  const inputs: DescribedNode['inputs'] = {};
  for (const [port, portSpec] of Object.entries(inputPorts(spec))) {
    const edge = graph.edges.find((one) => one.target === node.id && (one.targetHandle ?? 'in') === port);
    const flow = edge && understood?.outputs.get(edge.source)?.get(edge.sourceHandle ?? 'out');
    inputs[port] = { ...portSpec, ...(flow && { mode: flow.mode, type: flow.type ?? null }) };
  }
  const outputs: DescribedNode['outputs'] = {};
  for (const [port, portSpec] of Object.entries(attempt(() => outputPorts(spec, config)) ?? {})) {
    const flow = flows?.get(port);
    outputs[port] = { ...portSpec, mode: flow?.mode ?? { mode: 'append' }, type: flow?.type ?? null };
  }
  const summary = checkedConfig === undefined ? null : (attempt(() => spec.summary?.(config)) ?? null);
  return { title: node.label || spec.docs.title, summary, inputs, outputs, config };
}

/** Operator code runs on half-edited configs here; a throw only means that there is nothing to show. */
function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
