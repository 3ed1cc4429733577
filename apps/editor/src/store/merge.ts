import type { GraphDocument } from '../api/types.js';

type Part = { [name: string]: unknown };
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/**
 * Joins two drafts that were made from the same one. What only one side changed is taken from it, property by property; where both
 * changed the same, mine stays, and the names of such nodes are told. Without the common draft nothing counts as deleted.
 */
export function mergeDrafts(
  base: GraphDocument | undefined,
  mine: GraphDocument,
  theirs: GraphDocument,
): { graph: GraphDocument; clashes: string[] } {
  const clashes: string[] = [];
  const nodes = mergeLists(base?.nodes, mine.nodes, theirs.nodes, (id) => clashes.push(id));
  const ids = new Set(nodes.map((node) => node.id));
  const edges = mergeLists(base?.edges, mine.edges, theirs.edges).filter(
    (edge) => ids.has(edge.source) && ids.has(edge.target),
  );
  const rest = ({ nodes: _n, edges: _e, groups: _g, ...others }: GraphDocument): Part => others;
  const merged = mergeParts(base && rest(base), rest(mine), rest(theirs)).part as Omit<
    GraphDocument,
    'nodes' | 'edges'
  >;
  const groups = mergeLists(base?.groups, mine.groups ?? [], theirs.groups ?? [])
    .map((group) => ({ ...group, nodes: group.nodes.filter((id) => ids.has(id)) }))
    .filter((group) => group.nodes.length > 0);
  return { graph: { ...merged, nodes, edges, ...(groups.length > 0 && { groups }) }, clashes };
}

function mergeLists<T extends { id: string }>(
  base: readonly T[] | undefined,
  mine: readonly T[],
  theirs: readonly T[],
  clash: (id: string) => void = () => undefined,
): T[] {
  const before = new Map(base?.map((one) => [one.id, one]));
  const others = new Map(theirs.map((one) => [one.id, one]));
  const own = new Set(mine.map((one) => one.id));
  const result: T[] = [];
  for (const one of mine) {
    const old = before.get(one.id);
    const other = others.get(one.id);
    if (other === undefined) {
      // They deleted it; what I changed since stays.
      if (old === undefined || !same(old, one)) result.push(one);
      continue;
    }
    const { part, clashed } = mergeParts(old as Part | undefined, one as unknown as Part, other as unknown as Part);
    if (clashed) clash(one.id);
    result.push(part as unknown as T);
  }
  for (const one of theirs) {
    if (own.has(one.id)) continue;
    const old = before.get(one.id);
    if (old === undefined || !same(old, one)) result.push(one);
  }
  return result;
}

function mergeParts(base: Part | undefined, mine: Part, theirs: Part): { part: Part; clashed: boolean } {
  const part: Part = {};
  let clashed = false;
  for (const name of new Set([...Object.keys(mine), ...Object.keys(theirs)])) {
    const [old, own, other] = [base?.[name], mine[name], theirs[name]];
    const changedByMe = base === undefined || !same(old, own);
    const changedByThem = base === undefined || !same(old, other);
    if (changedByMe && changedByThem && !same(own, other)) clashed = true;
    const value = changedByMe || !changedByThem ? own : other;
    if (value !== undefined) part[name] = value;
  }
  return { part, clashed };
}
