import type { GraphDelivery, OnError } from '@millrace/graph';
import type { OutputMode, Value } from '@millrace/sdk';

/** The compiled graph: plain JSON, the same for the same graph and options. Run data refers to its stage, node and exchange ids. */
export interface Plan {
  format: 1;
  name: string;
  timeZone: string;
  /** Event time between watermark markers, ms. */
  watermarkInterval: number;
  /** What the graph promises, and the nodes that keep it from more. */
  delivery: GraphDelivery;
  nodes: { [id: string]: PlanNode };
  /** In topological order. */
  stages: PlanStage[];
  exchanges: PlanExchange[];
  edges: PlanEdge[];
}

export interface PlanNode {
  id: string;
  label: string;
  operator: string;
  config: Value;
  onError: OnError;
  /** By input port: the key expressions of a by-key operator ([] = one group for all); absent for others. */
  keys: { [port: string]: string[] } | undefined;
  /** Modes of the records that arrive, by input port. */
  inputModes: { [port: string]: OutputMode };
  outputs: string[];
  stage: string;
}

export interface PlanEdge {
  id: string;
  source: string;
  sourcePort: string;
  target: string;
  targetPort: string;
  /** Set when the edge crosses stages. */
  exchange?: string;
  /**
   * Set when an upsert stream meets a by-key node whose key may change from one version of a row to the next: before a row goes to its
   * new group, a `delete` of the old version goes to the old one.
   */
  rekey?: { row: readonly string[]; group: readonly string[] };
}

/** Nodes fused into one loop. */
export interface PlanStage {
  /** The id of its first node. */
  id: string;
  /** Topological order. */
  nodes: string[];
  parallelism: number;
  /** False: nothing in or after this stage looks at event time, so no markers are made. */
  watermarks: boolean;
}

/**
 * How records find their task at the far side.
 * key: by key group of the target node's key. spread: round robin over the tasks, from a counter kept in the commit. forward: same task index.
 */
export type Distribution = 'key' | 'spread' | 'forward';

export interface PlanExchange {
  /** The edge's id. */
  id: string;
  from: string;
  to: string;
  distribution: Distribution;
  /** In front of a sink outside the process: entries are delivered, committed, then removed. */
  outbox: boolean;
  senders: number;
  receivers: number;
}
