import type { GraphNode, Manifest } from '../api/types.js';
import { toast } from '../app/toast.js';
import { currentLanguage, translate } from '../i18n/index.js';
import { useApp } from '../store/app.js';
import { copy, paste, readClip } from '../store/clipboard.js';
import { currentDoc, known, type QuickAdd, run, select, undoEdit, useEditor } from '../store/editor.js';
import { addNode, connect, freshNodeId, insertOnEdge, move, type Point, type PortRef, remove } from '../store/edits.js';
import { leaveGroups, makeGroup } from '../store/groups.js';
import { firstFit, linkProblem, portsIn, portsOut } from '../store/linking.js';
import { fitAll, flow, pointerOnCanvas, reveal, toFlow } from './flow.js';
import { freshNodes } from './fresh.js';
import { CARD_WIDTH, cardHeight, GRID } from './geometry.js';
import { operatorName } from './names.js';

const snap = (value: number) => Math.round(value / GRID) * GRID;

/** A place at or below `at` where a new card covers no other. */
function freePlace(at: Point, height: number): Point {
  const boxes = flow.current?.getNodes() ?? [];
  const place = { x: snap(at.x), y: snap(at.y) };
  for (let tries = 0; tries < 40; tries++) {
    const hit = boxes.find(
      (box) =>
        Math.abs(box.position.x - place.x) < CARD_WIDTH + 8 &&
        place.y < box.position.y + (box.height ?? 76) + 8 &&
        place.y + height + 8 > box.position.y,
    );
    if (!hit) break;
    place.y = snap(hit.position.y + (hit.height ?? 76) + GRID);
  }
  return place;
}

export function newNode(manifest: Manifest, at: Point): GraphNode {
  const doc = currentDoc();
  const id = freshNodeId(doc, manifest.type);
  freshNodes.add(id);
  const label = operatorName(manifest, manifest.type, currentLanguage());
  const twins = doc.nodes.filter((node) => node.operator === manifest.type).length;
  return {
    id,
    operator: manifest.type,
    version: manifest.version,
    ...(twins > 0 ? { label: `${label} ${twins + 1}` } : {}),
    config: {},
    position: at,
  };
}

/** Adds an operator where the quick-add list (or a drop, or the palette's Enter) says. One undo step with its link. */
export function addOperator(type: string, where?: Partial<QuickAdd>): string | undefined {
  const manifest = useApp.getState().manifests.get(type);
  if (!manifest) return undefined;
  const doc = currentDoc();
  const inputs = Object.keys(manifest.inputs);
  const outputs = Object.keys(manifest.outputs ?? { out: {} });
  const height = cardHeight(inputs.length, outputs.length);
  const edge = where?.edge ? doc.edges.find((other) => other.id === where.edge) : undefined;
  if (edge && inputs[0] && outputs[0]) {
    const at = where?.flow ?? { x: 0, y: 0 };
    const node = newNode(manifest, { x: snap(at.x - CARD_WIDTH / 2), y: snap(at.y - height / 2) });
    const source = doc.nodes.find((other) => other.id === edge.source);
    const output = source && portsOut(source, known(), doc).find((port) => port.name === (edge.sourceHandle ?? 'out'));
    run(insertOnEdge(doc, node, edge, firstFit(output, manifest) ?? inputs[0], outputs[0]));
    select([node.id]);
    return node.id;
  }
  const selected = useEditor.getState().selection.nodes;
  const from = where?.from ?? (where?.flow || where?.to ? undefined : openOutput(selected[0]));
  const source = from && doc.nodes.find((other) => other.id === from.node);
  const output = source && from ? portsOut(source, known(), doc).find((port) => port.name === from.port) : undefined;
  const port = from ? firstFit(output, manifest) : where?.to ? outputs[0] : undefined;
  const beside =
    source?.position && !where?.flow ? { x: source.position.x + CARD_WIDTH + 60, y: source.position.y } : undefined;
  const at = where?.flow
    ? { x: where.flow.x - (where.to ? CARD_WIDTH : where.from ? 0 : CARD_WIDTH / 2), y: where.flow.y - 38 }
    : (beside ?? toFlow(pointerOnCanvas()));
  const node = newNode(manifest, freePlace(at, height));
  run(
    addNode(
      doc,
      node,
      port ? { port, ...(from ? { from } : {}), ...(where?.to && !from ? { to: where.to } : {}) } : undefined,
    ),
  );
  select([node.id]);
  requestAnimationFrame(() => inView(node.id) || reveal(node.id));
  return node.id;
}

/** Clicking an operator in the palette continues the selected node when it has an output that leads nowhere yet. */
function openOutput(id: string | undefined): PortRef | undefined {
  const doc = currentDoc();
  const node = doc.nodes.find((other) => other.id === id);
  if (!node) return undefined;
  const port = portsOut(node, known(), doc).find(
    (output) =>
      !output.side &&
      !doc.edges.some((edge) => edge.source === node.id && (edge.sourceHandle ?? 'out') === output.name),
  );
  return port && { node: node.id, port: port.name };
}

function inView(id: string): boolean {
  const box = flow.pane?.querySelector(`.node[data-id="${CSS.escape(id)}"]`)?.getBoundingClientRect();
  const pane = flow.pane?.getBoundingClientRect();
  return (
    !!box &&
    !!pane &&
    box.left >= pane.left &&
    box.right <= pane.right &&
    box.top >= pane.top &&
    box.bottom <= pane.bottom
  );
}

export function quickAddAtPointer(): void {
  const screen = pointerOnCanvas();
  useEditor.setState({ quickAdd: { screen, flow: toFlow(screen) } });
}
export function quickAddOnEdge(edge: string, x: number, y: number): void {
  useEditor.setState({ quickAdd: { screen: { x, y }, flow: toFlow({ x, y }), edge } });
}

/** Drops a node that is already there into an edge (dragging a card over a line). */
export function spliceNode(id: string, edgeId: string, at: Point): boolean {
  const doc = currentDoc();
  const node = doc.nodes.find((other) => other.id === id);
  const edge = doc.edges.find((other) => other.id === edgeId);
  if (
    !node ||
    !edge ||
    edge.source === id ||
    edge.target === id ||
    doc.edges.some((other) => other.source === id || other.target === id)
  )
    return false;
  const input = portsIn(node, known())[0];
  const output = portsOut(node, known(), doc)[0];
  if (!input || !output) return false;
  if (
    linkProblem(doc, known(), { node: edge.source, port: edge.sourceHandle ?? 'out' }, { node: id, port: input.name })
  )
    return false;
  run(
    insertOnEdge(
      doc,
      { ...node, position: { x: Math.round(at.x), y: Math.round(at.y) } },
      edge,
      input.name,
      output.name,
      true,
    ),
  );
  return true;
}

export function link(from: PortRef, to: PortRef): void {
  const problem = linkProblem(currentDoc(), known(), from, to);
  if (problem) toast(translate(`link.${problem.code}`, problem.params), { tone: 'bad' });
  else run(connect(currentDoc(), from, to));
}

export function removeSelection(rejoin = false): void {
  const { selection } = useEditor.getState();
  const count = selection.nodes.length + selection.edges.length;
  if (count === 0) return;
  run(remove(currentDoc(), selection.nodes, selection.edges, rejoin));
  if (selection.nodes.length > 0)
    toast(translate('toast.removed', { count: selection.nodes.length }), {
      action: { label: translate('common.undo'), run: undoEdit },
    });
}

export function selectionText(): string | undefined {
  const clip = copy(currentDoc(), useEditor.getState().selection.nodes);
  return clip && JSON.stringify(clip, null, 2);
}
/** Pastes text of the clipboard. False when it holds no nodes. */
export function pasteText(text: string): boolean {
  const clip = readClip(text);
  if (!clip) return false;
  const { edit, ids } = paste(currentDoc(), clip, flow.pointer ? toFlow(pointerOnCanvas()) : undefined);
  run(edit);
  select(ids);
  return true;
}
export function duplicate(): void {
  const clip = copy(currentDoc(), useEditor.getState().selection.nodes);
  if (!clip) return;
  const { edit, ids } = paste(currentDoc(), clip, undefined, 'duplicate');
  run(edit);
  select(ids);
}

/** Switches the selected nodes off, or on again when all of them are off: one step. */
export function toggleDisabled(): void {
  const doc = currentDoc();
  const chosen = doc.nodes.filter((node) => useEditor.getState().selection.nodes.includes(node.id));
  if (chosen.length === 0) return;
  const on = chosen.every((node) => node.disabled === true);
  run({
    label: on ? 'enable' : 'disable',
    ops: chosen.map(({ id }) => ({ kind: 'node.patch', id, patch: { disabled: on ? undefined : true } })),
  });
}

/** Frames the selected nodes. */
export function groupSelection(): void {
  const ids = useEditor.getState().selection.nodes;
  if (ids.length > 0) run(makeGroup(currentDoc(), ids, ''));
}

export function ungroupSelection(): void {
  const ids = useEditor.getState().selection.nodes;
  if (currentDoc().groups?.some((group) => group.nodes.some((id) => ids.includes(id))))
    run(leaveGroups(currentDoc(), ids));
}

export const selectAll = () => select(currentDoc().nodes.map((node) => node.id));

/** Lays the graph out anew: one undo step. The layout runs in a worker that is loaded on first use. */
export async function tidy(): Promise<void> {
  const { layout } = await import('./tidy.js');
  const doc = currentDoc();
  const positions = await layout(doc, known());
  if (doc !== currentDoc()) return;
  run(move(doc, positions, 'tidy'));
  toast(translate('toast.tidied'), { action: { label: translate('common.undo'), run: undoEdit } });
  requestAnimationFrame(fitAll);
}

export type Direction = 'left' | 'right' | 'up' | 'down';

/** Arrow keys: along the edges to the left and right, to the nearest card above and below. */
export function walk(direction: Direction): void {
  const doc = currentDoc();
  const selected = useEditor.getState().selection.nodes[0];
  const here = flow.current?.getNode(selected ?? '');
  if (!selected || !here) {
    if (doc.nodes[0]) select([doc.nodes[0].id]);
    return;
  }
  let next: string | undefined;
  if (direction === 'right') next = doc.edges.find((edge) => edge.source === selected)?.target;
  else if (direction === 'left') next = doc.edges.find((edge) => edge.target === selected)?.source;
  else {
    const sign = direction === 'down' ? 1 : -1;
    let best = Number.POSITIVE_INFINITY;
    for (const node of flow.current?.getNodes() ?? []) {
      const dy = (node.position.y - here.position.y) * sign;
      const distance = dy + 2 * Math.abs(node.position.x - here.position.x);
      if (node.id !== selected && dy > 0 && distance < best) {
        best = distance;
        next = node.id;
      }
    }
  }
  if (!next) return;
  select([next]);
  if (!inView(next)) reveal(next);
}

/** Shift+arrow: everything upstream or downstream of the selection. */
export function selectStream(direction: 'left' | 'right'): void {
  const doc = currentDoc();
  const found = new Set(useEditor.getState().selection.nodes);
  const queue = [...found];
  while (queue.length > 0) {
    const id = queue.pop()!;
    for (const edge of doc.edges) {
      const [near, far] = direction === 'right' ? [edge.source, edge.target] : [edge.target, edge.source];
      if (near === id && !found.has(far)) {
        found.add(far);
        queue.push(far);
      }
    }
  }
  select([...found]);
}

/** Lines the selected cards up, or spreads them evenly. */
export function align(how: 'left' | 'right' | 'top' | 'bottom' | 'horizontal' | 'vertical'): void {
  const ids = new Set(useEditor.getState().selection.nodes);
  const boxes = (flow.current?.getNodes() ?? [])
    .filter((node) => ids.has(node.id))
    .map((node) => ({ id: node.id, x: node.position.x, y: node.position.y, h: node.height ?? 76 }));
  if (boxes.length < 2) return;
  const to = new Map<string, Point>();
  const axis = how === 'horizontal' ? 'x' : 'y';
  const sorted = [...boxes].sort((a, b) => a[axis] - b[axis]);
  const step = (sorted.at(-1)![axis] - sorted[0]![axis]) / (sorted.length - 1);
  for (const box of boxes) {
    if (how === 'left') to.set(box.id, { x: Math.min(...boxes.map((b) => b.x)), y: box.y });
    else if (how === 'right') to.set(box.id, { x: Math.max(...boxes.map((b) => b.x)), y: box.y });
    else if (how === 'top') to.set(box.id, { x: box.x, y: Math.min(...boxes.map((b) => b.y)) });
    else if (how === 'bottom') to.set(box.id, { x: box.x, y: Math.max(...boxes.map((b) => b.y + b.h)) - box.h });
    else {
      const at = sorted[0]![axis] + step * sorted.indexOf(box);
      to.set(box.id, how === 'horizontal' ? { x: at, y: box.y } : { x: box.x, y: at });
    }
  }
  run(move(currentDoc(), to));
}

/** Moves the selection by whole grid steps; a held key is one undo step. */
export function nudge(dx: number, dy: number): void {
  const ids = useEditor.getState().selection.nodes;
  const to = new Map<string, Point>();
  for (const id of ids) {
    const node = flow.current?.getNode(id);
    if (node) to.set(id, { x: node.position.x + dx, y: node.position.y + dy });
  }
  run(move(currentDoc(), to, 'move', `nudge:${ids.join()}`));
}
