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
  latest: GraphDocument,
): { graph: GraphDocument; clashes: string[] } {
  const theirs = apart(base, mine, latest);
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
  // Each side may have put a card into a group of its own: it stays in the first.
  const placed = new Set<string>();
  const place = (id: string) => ids.has(id) && !placed.has(id) && placed.add(id);
  const groups = mergeLists(base?.groups, mine.groups ?? [], theirs.groups ?? [])
    .map((group) => ({ ...group, nodes: group.nodes.filter(place) }))
    .filter((group) => group.nodes.length > 0);
  return { graph: { ...merged, nodes, edges, ...(groups.length > 0 && { groups }) }, clashes };
}

/**
 * Theirs, with other ids for what they added while I added something else of the same id: ids are counted (`filter-2`, `e5`, `g1`), so
 * two people who add a card get the same one, and both cards are wanted.
 */
function apart(base: GraphDocument | undefined, mine: GraphDocument, theirs: GraphDocument): GraphDocument {
  const known = (list: readonly { id: string }[] | undefined) => new Set(list?.map(({ id }) => id));
  const nodes = renamed(base && known(base.nodes), mine.nodes, theirs.nodes);
  const node = (id: string) => nodes.get(id) ?? id;
  const linked = theirs.edges.map((edge) => ({ ...edge, source: node(edge.source), target: node(edge.target) }));
  const edges = renamed(known(base?.edges), mine.edges, linked);
  const grouped = theirs.groups?.map((group) => ({ ...group, nodes: group.nodes.map(node) }));
  const groups = renamed(known(base?.groups), mine.groups ?? [], grouped ?? []);
  return {
    ...theirs,
    nodes: theirs.nodes.map((one) => ({ ...one, id: node(one.id) })),
    edges: linked.map((one) => ({ ...one, id: edges.get(one.id) ?? one.id })),
    ...(grouped && { groups: grouped.map((one) => ({ ...one, id: groups.get(one.id) ?? one.id })) }),
  };
}

/** New ids for what is in both lists, is not the same, and was not there before. Nothing is renamed when that is not known. */
function renamed(
  before: ReadonlySet<string> | undefined,
  mine: readonly { id: string }[],
  theirs: readonly { id: string }[],
): Map<string, string> {
  const names = new Map<string, string>();
  if (before === undefined) return names;
  const own = new Map(mine.map((one) => [one.id, one]));
  const taken = new Set([...before, ...own.keys(), ...theirs.map(({ id }) => id)]);
  for (const one of theirs) {
    const other = own.get(one.id);
    if (other === undefined || before.has(one.id) || same(other, one)) continue;
    const stem = one.id.replace(/\d+$/, '') || one.id;
    let n = 2;
    while (taken.has(`${stem}${n}`)) n++;
    taken.add(`${stem}${n}`);
    names.set(one.id, `${stem}${n}`);
  }
  return names;
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
