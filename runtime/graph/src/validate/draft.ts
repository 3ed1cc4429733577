import type { AnyOperator, Catalogue, Ports, Value } from '@millrace/sdk';
import type { GraphDocument, GraphEdge, GraphNode } from '../document.js';
import { pointerStep } from '../limits.js';
import type { Report } from './report.js';

/** A node while it is being checked. */
export interface DraftNode {
  readonly node: GraphNode;
  readonly index: number;
  /** Another node has the id already: edges and ports belong to that one. */
  readonly duplicate: boolean;
  /** JSON pointer, `/nodes/3`. */
  readonly path: string;
  /** Absent when the operator is unknown. */
  spec?: AnyOperator;
  /** Upgraded, with defaults; `configOk` says whether it fits the schema and the lint rules. */
  config: Value;
  configOk: boolean;
  /** Ports by name; undefined when they cannot be known (unknown operator, bad config). */
  inputs?: ReadonlyMap<string, Ports[string]>;
  outputs?: ReadonlyMap<string, Ports[string]>;
  readonly incoming: DraftEdge[];
  readonly outgoing: DraftEdge[];
}

/** An edge whose two ends exist. Handles are filled in. */
export interface DraftEdge {
  readonly edge: GraphEdge;
  readonly path: string;
  readonly from: DraftNode;
  readonly to: DraftNode;
  sourceHandle: string;
  targetHandle: string;
  /** Both ports exist. */
  ok: boolean;
}

/** What the rule groups share. */
export interface Draft {
  readonly document: GraphDocument;
  readonly catalogue: Catalogue;
  readonly report: Report;
  readonly nodes: DraftNode[];
  readonly byId: Map<string, DraftNode>;
  readonly edges: DraftEdge[];
  /** Topological order of the nodes outside cycles. */
  order: DraftNode[];
}

export function configPath(draft: DraftNode, pointer = ''): string {
  return `${draft.path}/config${pointer}`;
}

export function step(pointer: string, key: string | number): string {
  return `${pointer}/${pointerStep(key)}`;
}

/** The name people know a node by. */
export function nameOf(draft: DraftNode): string {
  return draft.node.label || draft.node.id;
}

/**
 * Runs code of an operator (lint, ports, field types …). A throw is a finding about the operator, never a crash of the checker.
 */
export function ask<T>(draft: DraftNode, report: Report, what: string, run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    report.add('OPERATOR_CHECK_FAILED', {
      params: {
        operator: draft.node.operator,
        what,
        reason: error instanceof Error ? error.message.slice(0, 300) : String(error),
      },
      path: draft.path,
      nodeId: draft.node.id,
    });
    return undefined;
  }
}
