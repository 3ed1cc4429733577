import type { OutputMode, RecordType, Value } from '@millrace/sdk';

/** A workflow's graph as people save it. `schema` is the version of this format. */
export interface GraphDocument {
  schema: 1;
  name: string;
  description?: string;
  settings?: GraphSettings;
  nodes: GraphNode[];
  edges: GraphEdge[];
  /** Frames around nodes on the canvas; a run knows nothing of them. */
  groups?: GraphGroup[];
}

export interface GraphGroup {
  id: string;
  label: string;
  /** Ids of its nodes; those that are gone are ignored. */
  nodes: string[];
}

export interface GraphSettings {
  /** Parallel tasks of a node that does not say otherwise. Sources keep one task a partition at most. Default 1. */
  parallelism?: number;
  /** IANA zone for calendar windows and local times. Default UTC. */
  timeZone?: string;
  /** Event time between two watermark markers, ms. Default 100; 1 makes every advance visible. */
  watermarkInterval?: number;
}

export type OnError = 'fail' | 'skip' | 'dead-letter';

export interface GraphNode {
  /** Addresses state, metrics and dead letters: ^[A-Za-z0-9_-]{1,64}$ and no reserved name. Never reused for something else. */
  id: string;
  operator: string;
  /** Version of the operator the config was written for. Default: the current one. */
  version?: number;
  label?: string;
  config?: Value;
  parallelism?: number;
  /** What happens to a record that the node cannot process. Default dead-letter. */
  onError?: OnError;
  position?: { x: number; y: number };
  /** Free text on the canvas. */
  note?: string;
  /** Switched off: a run is made without it, and records pass by. */
  disabled?: boolean;
}

/** React Flow's names. Handles default to `out` and `in`. */
export interface GraphEdge {
  id: string;
  source: string;
  sourceHandle?: string;
  target: string;
  targetHandle?: string;
}

/** One problem with a graph. The sentence is made from `code` and `params` at the edge (editor, CLI). */
export interface Finding {
  /** Stable upper-case code, e.g. `GRAPH_CYCLE`. */
  code: string;
  severity: 'error' | 'warning';
  params: { [name: string]: unknown };
  /** JSON pointer into the document, e.g. `/nodes/3/config/where`. */
  path: string;
  nodeId?: string;
  edgeId?: string;
  /** Where in a text value, 0-based offsets. */
  range?: { from: number; to: number };
  /** A change that would mend it: `SET` the value at `path`, `REMOVE` what is there, `RENAME` the property there to `value`. */
  fix?: { code: string; path: string; value?: Value };
}

/** A graph that passed: defaults filled in, configs upgraded to the current operator versions, handles explicit. */
export interface CheckedGraph {
  document: GraphDocument;
  /** Nodes in topological order (ties: document order). */
  order: string[];
  /** What is known of the records at every output port, by node id and port. */
  outputs: Map<string, Map<string, { type: RecordType | undefined; mode: OutputMode }>>;
}

export interface ValidationResult {
  findings: Finding[];
  /** Present when no finding is an error. */
  graph?: CheckedGraph;
}
