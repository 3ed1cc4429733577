import { isDeepStrictEqual } from 'node:util';
import type { GraphDocument, GraphNode } from '@millrace/graph';
import { type Catalogue, isSource } from '@millrace/sdk';

export interface NodeChange {
  nodeId: string;
  /** unchanged: nothing was edited, and yet its state cannot be carried over. */
  change: 'added' | 'removed' | 'config' | 'moved' | 'parallelism' | 'unchanged';
  /** What becomes of the node's state. */
  state: 'new' | 'kept' | 'lost' | 'none';
  /** Takes effect without a restart. */
  live: boolean;
}

/**
 * What differs between the running graph and the next one, node by node. A node keeps its state by its id while its operator and the
 * settings that shape the state stay, if the engine can carry state from one graph to the other at all (`carried`).
 */
export function changesBetween(
  running: GraphDocument | undefined,
  next: GraphDocument,
  catalogue: Catalogue,
  carried = true,
): NodeChange[] {
  // A node that is switched off is no part of the run.
  const before = new Map(running?.nodes.filter(isOn).map((node) => [node.id, node]));
  const nodes = next.nodes.filter(isOn);
  const after = new Set(nodes.map((node) => node.id));
  const changes: NodeChange[] = [];
  for (const node of nodes) {
    const old = before.get(node.id);
    if (old === undefined)
      changes.push({
        nodeId: node.id,
        change: 'added',
        state: hasState(node, catalogue) ? 'new' : 'none',
        live: false,
      });
    else changes.push(...changesOf(old, node, running!, next, catalogue));
  }
  for (const old of before.values()) {
    if (!after.has(old.id))
      changes.push({
        nodeId: old.id,
        change: 'removed',
        state: hasState(old, catalogue) ? 'lost' : 'none',
        live: false,
      });
  }
  return carried ? changes : withLostState(running, next, catalogue, changes);
}

const isOn = ({ disabled }: GraphNode): boolean => disabled !== true;

function withLostState(
  running: GraphDocument | undefined,
  next: GraphDocument,
  catalogue: Catalogue,
  changes: readonly NodeChange[],
): NodeChange[] {
  const before = new Set(running?.nodes.map((node) => node.id));
  const listed = new Set(changes.map((change) => change.nodeId));
  const silent = next.nodes.filter((node) => before.has(node.id) && !listed.has(node.id) && hasState(node, catalogue));
  return [
    ...changes.map(
      (change): NodeChange => (change.state === 'kept' ? { ...change, state: 'lost', live: false } : change),
    ),
    ...silent.map(({ id }): NodeChange => ({ nodeId: id, change: 'unchanged', state: 'lost', live: false })),
  ];
}

function changesOf(
  old: GraphNode,
  node: GraphNode,
  before: GraphDocument,
  after: GraphDocument,
  catalogue: Catalogue,
): NodeChange[] {
  const changes: NodeChange[] = [];
  const kept = hasState(old, catalogue) ? 'kept' : 'none';
  if (
    old.operator !== node.operator ||
    !isDeepStrictEqual(old.config ?? {}, node.config ?? {}) ||
    (old.onError ?? '') !== (node.onError ?? '')
  ) {
    const live = onlyLiveConfig(old, node, catalogue);
    changes.push({ nodeId: node.id, change: 'config', state: live || kept === 'none' ? kept : 'lost', live: false });
  }
  if (
    (old.parallelism ?? before.settings?.parallelism ?? 1) !== (node.parallelism ?? after.settings?.parallelism ?? 1)
  ) {
    changes.push({ nodeId: node.id, change: 'parallelism', state: kept, live: false });
  }
  if (!isDeepStrictEqual(old.position, node.position) || (old.label ?? '') !== (node.label ?? '')) {
    changes.push({ nodeId: node.id, change: 'moved', state: kept, live: true });
  }
  return changes;
}

function hasState(node: GraphNode, catalogue: Catalogue): boolean {
  const spec = catalogue.get(node.operator);
  if (spec === undefined) return true;
  // A source's state is its position.
  return isSource(spec) || Object.keys(spec.state ?? {}).length > 0;
}

/** True if the operator is the same and only settings differ that its state does not depend on. */
function onlyLiveConfig(old: GraphNode, node: GraphNode, catalogue: Catalogue): boolean {
  if (old.operator !== node.operator) return false;
  const live = new Set(catalogue.get(node.operator)?.traits?.liveConfig ?? []);
  const names = new Set([...Object.keys(old.config ?? {}), ...Object.keys(node.config ?? {})]);
  return [...names].every((name) => live.has(name) || isDeepStrictEqual(old.config?.[name], node.config?.[name]));
}

/** True unless a node that stays would find state that another config, or another time zone, has made. */
export function carriesOver(before: GraphDocument, next: GraphDocument, catalogue: Catalogue): boolean {
  if ((before.settings?.timeZone ?? 'UTC') !== (next.settings?.timeZone ?? 'UTC')) return false;
  return changesBetween(before, next, catalogue).every(({ state, change }) => state !== 'lost' || change === 'removed');
}
