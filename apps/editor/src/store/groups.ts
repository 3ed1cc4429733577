import type { GraphDocument } from '../api/types.js';
import type { Edit } from './history.js';
import type { Op } from './ops.js';

/** Puts cards into a group of their own; they leave the groups they were in, and a group without cards is gone. */
export function makeGroup(doc: GraphDocument, ids: readonly string[], label: string): Edit {
  const groups = without(doc, new Set(ids));
  const taken = new Set(groups.map((group) => group.id));
  let n = groups.length + 1;
  while (taken.has(`g${n}`)) n++;
  return patch('group', [...groups, { id: `g${n}`, label, nodes: [...ids] }]);
}

/** Takes cards out of their groups. */
export function leaveGroups(doc: GraphDocument, ids: readonly string[]): Edit {
  return patch('ungroup', without(doc, new Set(ids)));
}

export function renameGroup(doc: GraphDocument, id: string, label: string): Edit {
  return patch(
    'rename',
    (doc.groups ?? []).map((group) => (group.id === id ? { ...group, label } : group)),
  );
}

/** The op that takes removed cards out of their groups, so that a later card of the same id does not turn up in one. */
export function forgetInGroups(doc: GraphDocument, ids: ReadonlySet<string>): Op[] {
  if (!doc.groups?.some((group) => group.nodes.some((id) => ids.has(id)))) return [];
  return patch('remove', without(doc, ids)).ops;
}

type Groups = NonNullable<GraphDocument['groups']>;

function without(doc: GraphDocument, ids: ReadonlySet<string>): Groups {
  return (doc.groups ?? [])
    .map((group) => ({ ...group, nodes: group.nodes.filter((id) => !ids.has(id)) }))
    .filter((group) => group.nodes.length > 0);
}

function patch(label: Edit['label'], groups: Groups): Edit & { ops: Op[] } {
  return { label, ops: [{ kind: 'doc.patch', patch: { groups: groups.length > 0 ? groups : undefined } }] };
}
