import { encodePart, type Value } from '@millrace/sdk';
import type { GraphDocument, GraphEdge, GraphNode } from './document.js';
import { pointerStep } from './limits.js';

/** One value that differs; absent = the field is not there. */
export interface ValueChange {
  /** JSON pointer into the node (`/config/where`) or the document (`/settings/timeZone`). */
  path: string;
  before?: Value;
  after?: Value;
}

/** What publishing `b` after `a` means for the state of a node. Ids address state; a new operator under an old id starts empty. */
export type StateEffect = 'new' | 'kept' | 'restart' | 'lost';

export interface GraphDiff {
  nodes: {
    added: GraphNode[];
    removed: GraphNode[];
    /** Operator, version, config, parallelism or error handling differ: the node behaves differently. */
    changed: { id: string; changes: ValueChange[] }[];
    /** Ids of nodes that stand elsewhere on the canvas. */
    moved: string[];
    /** Ids of nodes with another label or note. */
    relabelled: string[];
  };
  edges: { added: GraphEdge[]; removed: GraphEdge[] };
  /** Name, description and settings. */
  document: ValueChange[];
  /** By node id. `restart`: state is kept and the node starts again with its new config or links. */
  state: Map<string, StateEffect>;
  /** True when nothing differs that a run would notice. */
  sameBehaviour: boolean;
}

const BEHAVIOUR = ['operator', 'version', 'config', 'parallelism', 'onError', 'disabled'] as const;

/** What differs between two documents. Edges are compared by the ports they join; their ids mean nothing at run time. */
export function diffGraphs(a: GraphDocument, b: GraphDocument): GraphDiff {
  const before = new Map(a.nodes.map((node) => [node.id, node]));
  const after = new Map(b.nodes.map((node) => [node.id, node]));
  const kept = b.nodes.filter((node) => before.has(node.id));
  const changed = kept.flatMap((node) => {
    const old = before.get(node.id)!;
    const changes = BEHAVIOUR.flatMap((key) => differences(old[key], node[key], `/${key}`));
    return changes.length > 0 ? [{ id: node.id, changes }] : [];
  });
  const edges = diffEdges(a.edges, b.edges);
  const diff: GraphDiff = {
    nodes: {
      added: b.nodes.filter((node) => !before.has(node.id)),
      removed: a.nodes.filter((node) => !after.has(node.id)),
      changed,
      moved: idsOf(kept, before, (node) => node.position),
      relabelled: idsOf(kept, before, (node) => [node.label, node.note]),
    },
    edges,
    document: (['name', 'description', 'settings'] as const).flatMap((key) => differences(a[key], b[key], `/${key}`)),
    state: new Map(),
    sameBehaviour: false,
  };
  diff.state = effects(diff, before, after);
  diff.sameBehaviour =
    [diff.nodes.added, diff.nodes.removed, changed, edges.added, edges.removed].every((list) => list.length === 0) &&
    diff.document.every(({ path }) => !path.startsWith('/settings'));
  return diff;
}

function idsOf(
  kept: readonly GraphNode[],
  before: ReadonlyMap<string, GraphNode>,
  part: (node: GraphNode) => unknown,
): string[] {
  return kept.filter((node) => !same(part(before.get(node.id)!), part(node))).map((node) => node.id);
}

function effects(
  diff: GraphDiff,
  before: ReadonlyMap<string, GraphNode>,
  after: ReadonlyMap<string, GraphNode>,
): Map<string, StateEffect> {
  const state = new Map<string, StateEffect>();
  const touched = new Set(diff.nodes.changed.map(({ id }) => id));
  for (const edge of [...diff.edges.added, ...diff.edges.removed]) touched.add(edge.source).add(edge.target);
  for (const [id, node] of after) {
    const old = before.get(id);
    if (!old) state.set(id, 'new');
    else if (old.operator !== node.operator) state.set(id, 'lost');
    else state.set(id, touched.has(id) ? 'restart' : 'kept');
  }
  for (const id of before.keys()) if (!after.has(id)) state.set(id, 'lost');
  return state;
}

function diffEdges(a: readonly GraphEdge[], b: readonly GraphEdge[]): GraphDiff['edges'] {
  const ends = (edge: GraphEdge) =>
    JSON.stringify([edge.source, edge.sourceHandle ?? 'out', edge.target, edge.targetHandle ?? 'in']);
  const before = new Set(a.map(ends));
  const after = new Set(b.map(ends));
  return { added: b.filter((edge) => !before.has(ends(edge))), removed: a.filter((edge) => !after.has(ends(edge))) };
}

/** Equal by content, whatever the order of fields. */
function same(a: unknown, b: unknown): boolean {
  return encodePart(a) === encodePart(b);
}

/** The smallest values that differ. Lists are compared as a whole: their items have no identity. */
function differences(a: Value, b: Value, path: string): ValueChange[] {
  if (same(a, b)) return [];
  if (!isPlain(a) || !isPlain(b)) {
    return [{ path, ...(a === undefined ? {} : { before: a }), ...(b === undefined ? {} : { after: b }) }];
  }
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].flatMap((name) => differences(own(a, name), own(b, name), `${path}/${pointerStep(name)}`));
}

function own(value: { [name: string]: Value }, name: string): Value {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

function isPlain(value: unknown): value is { [name: string]: Value } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
