import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GraphDocument } from '../api/types.js';
import { copy, paste } from './clipboard.js';
import {
  addNode,
  connect,
  freshNodeId,
  insertOnEdge,
  move,
  remove,
  replaceDocument,
  setConfig,
  setNode,
} from './edits.js';
import { leaveGroups, makeGroup, renameGroup } from './groups.js';
import { type Edit, type History, redo, runEdit, startHistory, undo } from './history.js';
import { mergeDrafts } from './merge.js';
import { applyOps } from './ops.js';

const start: GraphDocument = {
  schema: 1,
  name: 'Revenue',
  settings: { parallelism: 2 },
  nodes: [
    { id: 'orders', operator: 'files.read', config: { path: 'a' }, position: { x: 0, y: 0 } },
    { id: 'paid', operator: 'core.filter', config: { where: 'true' }, position: { x: 200, y: 0 } },
    { id: 'out', operator: 'core.print', position: { x: 400, y: 0 } },
  ],
  edges: [
    { id: 'e1', source: 'orders', sourceHandle: 'out', target: 'paid', targetHandle: 'in' },
    { id: 'e2', source: 'paid', sourceHandle: 'out', target: 'out', targetHandle: 'in' },
  ],
};

/** One random thing a person may do, given the document as it is then. */
type Action = { kind: string; a: number; b: number; text: string };
const action = fc.record({
  kind: fc.constantFrom(
    'add',
    'insert',
    'connect',
    'remove',
    'removeEdge',
    'rejoin',
    'move',
    'config',
    'label',
    'unlabel',
    'settings',
    'paste',
    'duplicate',
    'replace',
    'disable',
    'group',
    'ungroup',
    'renameGroup',
    'merge',
    'undo',
    'redo',
    'wait',
  ),
  a: fc.nat(1000),
  b: fc.nat(1000),
  text: fc.string({ maxLength: 6 }),
});

function editFor(doc: GraphDocument, { kind, a, b, text }: Action): Edit | undefined {
  const node = doc.nodes[a % Math.max(1, doc.nodes.length)];
  const other = doc.nodes[b % Math.max(1, doc.nodes.length)];
  const edge = doc.edges[a % Math.max(1, doc.edges.length)];
  const fresh = { id: freshNodeId(doc, 'core.filter'), operator: 'core.filter', config: {}, position: { x: a, y: b } };
  switch (kind) {
    case 'add':
      return addNode(doc, fresh, node && { from: { node: node.id, port: 'out' }, port: 'in' });
    case 'insert':
      return edge && insertOnEdge(doc, fresh, edge, 'in', 'out');
    case 'connect':
      return node && other && connect(doc, { node: node.id, port: 'out' }, { node: other.id, port: 'in' });
    case 'remove':
      return node && remove(doc, node === other ? [node.id] : [node.id, other!.id], []);
    case 'rejoin':
      return node && remove(doc, [node.id], [], true);
    case 'removeEdge':
      return edge && remove(doc, [], [edge.id]);
    case 'move':
      return node && move(doc, new Map([[node.id, { x: a, y: b }]]), 'move', a % 2 ? `nudge:${node.id}` : undefined);
    case 'config':
      return node && setConfig(node.id, { where: text }, 'where');
    case 'label':
      return node && setNode(node.id, { label: text }, 'rename');
    case 'unlabel':
      return (
        node && setNode(node.id, { label: undefined, note: text || undefined, parallelism: (a % 4) + 1 }, 'rename')
      );
    case 'settings':
      return {
        label: 'settings',
        ops: [
          {
            kind: 'doc.patch',
            patch: {
              name: text,
              description: a % 2 ? text : undefined,
              settings: a % 3 ? { parallelism: a } : undefined,
            },
          },
        ],
        merge: 'doc:name',
      };
    case 'paste':
    case 'duplicate': {
      const clip = copy(
        doc,
        doc.nodes.slice(a % 3, (a % 3) + 3).map((one) => one.id),
      );
      return clip && paste(doc, clip, kind === 'paste' ? { x: a, y: b } : undefined, kind).edit;
    }
    case 'replace':
      return replaceDocument(doc, start, 'restore');
    case 'disable':
      return node && setNode(node.id, { disabled: node.disabled ? undefined : true }, 'disable');
    case 'group':
      return node && makeGroup(doc, [...new Set([node.id, other!.id])], text);
    case 'ungroup':
      return node && leaveGroups(doc, [node.id]);
    case 'renameGroup':
      return doc.groups && renameGroup(doc, doc.groups[a % doc.groups.length]!.id, text);
    case 'merge': {
      // Somebody else has grouped, removed and added cards meanwhile.
      const grouped = node ? applyOps(doc, makeGroup(doc, [node.id], text).ops).doc : doc;
      const fewer = other ? applyOps(grouped, remove(grouped, [other.id], []).ops).doc : grouped;
      const theirs = applyOps(fewer, addNode(fewer, { ...fresh, id: `theirs-${a}` }).ops).doc;
      return replaceDocument(doc, mergeDrafts(b % 2 ? start : undefined, doc, theirs).graph, 'restore');
    }
    default:
      return undefined;
  }
}

function play(actions: readonly Action[]): History {
  let history = startHistory(start);
  let now = 0;
  for (const one of actions) {
    now += one.kind === 'wait' ? 5000 : 100;
    if (one.kind === 'undo') history = undo(history);
    else if (one.kind === 'redo') history = redo(history);
    else {
      const edit = editFor(history.doc, one);
      if (edit) history = runEdit(history, edit, now);
    }
  }
  return history;
}

const undoAll = (history: History): History => (history.past.length === 0 ? history : undoAll(undo(history)));
const redoAll = (history: History): History => (history.future.length === 0 ? history : redoAll(redo(history)));

describe('the command bus', () => {
  it('undoes 200 random edits back to the start and redoes them all to the end', () => {
    fc.assert(
      fc.property(fc.array(action, { minLength: 200, maxLength: 200 }), (actions) => {
        const end = redoAll(play(actions));
        const back = undoAll(end);
        expect(back.doc).toEqual(start);
        expect(redoAll(back).doc).toEqual(end.doc);
      }),
      { numRuns: 60 },
    );
  });

  it('never leaves an edge or a group without its nodes, nor two things with one id', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 120 }), (actions) => {
        let history = play(actions);
        for (;;) {
          const ids = new Set(history.doc.nodes.map((node) => node.id));
          expect(ids.size).toBe(history.doc.nodes.length);
          expect(new Set(history.doc.edges.map((edge) => edge.id)).size).toBe(history.doc.edges.length);
          for (const edge of history.doc.edges) expect(ids.has(edge.source) && ids.has(edge.target)).toBe(true);
          const grouped = (history.doc.groups ?? []).flatMap((group) => group.nodes);
          expect(new Set(grouped).size, 'cards in groups, each in one').toBe(grouped.length);
          expect(grouped.filter((id) => !ids.has(id))).toEqual([]);
          expect(new Set(history.doc.groups?.map((group) => group.id)).size).toBe(history.doc.groups?.length ?? 0);
          if (history.past.length === 0) break;
          history = undo(history);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('makes one step of quick typing and two of slow typing', () => {
    let history = startHistory(start);
    history = runEdit(history, setConfig('paid', { where: 's' }, 'where'), 0);
    history = runEdit(history, setConfig('paid', { where: 'st' }, 'where'), 300);
    expect(history.past).toHaveLength(1);
    history = runEdit(history, setConfig('paid', { where: 'sta' }, 'where'), 9000);
    expect(history.past).toHaveLength(2);
    expect(undo(undo(history)).doc).toEqual(start);
  });

  it('does not merge what is typed after an undo into the step before', () => {
    let history = startHistory(start);
    history = runEdit(history, setConfig('paid', { where: 'a' }, 'where'), 0);
    history = redo(undo(history));
    history = runEdit(history, setConfig('paid', { where: 'b' }, 'where'), 100);
    expect(history.past).toHaveLength(2);
  });

  it('ignores an edit that changes nothing', () => {
    const history = startHistory(start);
    expect(runEdit(history, remove(start, ['nobody'], []), 0)).toBe(history);
    expect(runEdit(history, move(start, new Map([['paid', { x: 200, y: 0 }]])), 0)).toBe(history);
  });

  it('keeps the order of nodes and edges when something is removed and brought back', () => {
    const removed = runEdit(startHistory(start), remove(start, ['paid'], []), 0);
    expect(removed.doc.edges).toEqual([]);
    expect(undo(removed).doc).toEqual(start);
  });

  it('links on when a node is deleted with its edges re-joined', () => {
    const { doc } = runEdit(startHistory(start), remove(start, ['paid'], [], true), 0);
    expect(doc.edges.map(({ source, target }) => [source, target])).toEqual([['orders', 'out']]);
  });
});
