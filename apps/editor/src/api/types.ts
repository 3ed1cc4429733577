import type { Finding, GraphDelivery, GraphDocument } from '@millrace/graph';
import type { Example, OperatorDocs, OutputMode, PortSpec, RecordType, Traits, Value } from '@millrace/sdk';

export type { Finding, GraphDelivery, GraphDocument, GraphEdge, GraphNode, OnError } from '@millrace/graph';
export type { Category, FieldType, OutputMode, PortSpec, RecordType, UiHint, Value } from '@millrace/sdk';

/** The part of JSON Schema that operators use, with the form's hints. */
export interface Schema {
  type?: string | string[];
  title?: string;
  description?: string;
  default?: Value;
  const?: Value;
  enum?: Value[];
  examples?: Value[];
  properties?: { [name: string]: Schema };
  required?: string[];
  items?: Schema;
  additionalProperties?: boolean | Schema;
  patternProperties?: { [pattern: string]: Schema };
  anyOf?: Schema[];
  oneOf?: Schema[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  multipleOf?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
  'x-ui'?: import('@millrace/sdk').UiHint;
  'x-expression'?: string;
  'x-field'?: boolean;
  'x-connection'?: string;
}

export type Ports = { [name: string]: PortSpec };

/** An operator as the server describes it. `outputs` null: the config names them. */
export interface Manifest {
  type: string;
  version: number;
  kind: 'source' | 'operator' | 'sink';
  docs: OperatorDocs;
  config: Schema;
  inputs: Ports;
  outputs: Ports | null;
  traits?: Traits;
  examples?: Example[];
  delivery?: string;
}

export interface InputInfo extends PortSpec {
  mode?: OutputMode;
  type?: RecordType | null;
}
export interface OutputInfo extends PortSpec {
  mode: OutputMode;
  type: RecordType | null;
}
/** What the checker knows about a node of a draft. */
export interface NodeInfo {
  title: string;
  summary: string | null;
  inputs: { [port: string]: InputInfo };
  outputs: { [port: string]: OutputInfo };
  config: Value;
}
export interface Validation {
  findings: Finding[];
  delivery?: GraphDelivery;
  nodes: { [id: string]: NodeInfo };
}

export type RunStatus = 'starting' | 'running' | 'restarting' | 'pausing' | 'paused' | 'finished' | 'failed' | 'killed';
export interface RunSummary {
  id: string;
  workflowId: string;
  version: number;
  status: RunStatus;
  startedAt: number | string;
  endedAt?: number | string | null;
  error?: { code: string; message?: string; params?: { [name: string]: unknown }; hint?: string } | null;
}

export interface WorkflowListItem {
  id: string;
  name: string;
  description?: string;
  revision: number;
  updatedAt: number | string;
  publishedVersion: number | null;
  run: RunSummary | null;
}
export interface Workflow {
  id: string;
  name: string;
  revision: number;
  graph: GraphDocument;
  updatedAt: number | string;
  publishedVersion: number | null;
  publishedGraph: GraphDocument | null;
  run: RunSummary | null;
}
export interface PlanChange {
  nodeId: string;
  change: 'added' | 'removed' | 'config' | 'moved' | 'parallelism';
  state: 'new' | 'kept' | 'lost' | 'none';
  live: boolean;
}
export interface PublishPlan {
  findings: Finding[];
  changes: PlanChange[];
  restarts: boolean;
  delivery?: GraphDelivery;
  plan: string;
}
export interface Version {
  version: number;
  publishedAt: number | string;
  graph: GraphDocument;
}

export interface NodeSample {
  in: number;
  out: number;
  handled: number;
  filtered: number;
  late: number;
  skipped: number;
  deadLettered: number;
  inRate: number;
  outRate: number;
  aptUs: number | null;
  latencyMs: { p50: number; p95: number; p99: number } | null;
  busy: number;
  idle: number;
  backPressured: number;
  watermark: number | null;
  watermarkLagMs: number | null;
  stateBytes?: number;
  stateKeys?: number;
  restarts?: number;
  /** What keeps the node from going on while it tries again; `since` in ms. */
  problem?: { code: string; message: string; hint?: string; since: number };
}
export interface EdgeSample {
  rate: number;
  sent: number;
  received: number;
  inFlight: number;
  fill: number | null;
}
export interface Bottleneck {
  nodeId: string;
  sentenceCode: string;
  params: { [name: string]: unknown };
}
/** One second of a run. Rates are records/s, shares are 0..1. */
export interface MetricsSample {
  runId: string;
  at: number;
  status: RunStatus;
  nodes: { [id: string]: NodeSample };
  edges: { [id: string]: EdgeSample };
  bottleneck: Bottleneck | null;
}
export interface SampleRecord {
  value: Value;
  time: number;
  key?: string;
  op?: string;
  at: number;
}
export interface DeadLetter {
  id: string;
  nodeId: string;
  port?: string;
  code: string;
  message: string;
  value: Value;
  time: number;
  at: number;
  status: 'open' | 'replayed';
}
export interface ViewSummary {
  name: string;
  workflowId: string;
  nodeId: string;
  title?: string;
  rows: number;
}
export interface ViewColumn {
  name: string;
  title?: string;
  type?: string;
}
export interface ViewPage {
  name: string;
  title?: string;
  columns: Array<string | ViewColumn>;
  rows: Value[];
  updatedAt: number | null;
  total?: number;
}
/** A kept connection as people see it: never its secrets. */
export interface Connection {
  name: string;
  kind: string;
  /** The address with `***` for each secret. */
  url: string;
  host: string;
  user: string | null;
  hasPassword: boolean;
  path: string;
  updatedAt: number | null;
  updatedBy: string | null;
  fromEnvironment: boolean;
  usedBy: { id: string; name: string }[];
}
export interface ConnectionKind {
  kind: string;
  title: string;
  example: string;
}
export type ConnectionOutcome =
  | { ok: true; ms: number }
  | { ok: false; error: { code: string; message: string; hint?: string } };
export interface Template {
  id: string;
  name: string;
  description?: string;
  graph: GraphDocument;
  zh?: { name?: string; description?: string };
}
export interface ExpressionCheck {
  findings: Finding[];
  results: Array<{
    ok: boolean;
    value?: Value;
    error?: { code: string; message?: string; params?: { [name: string]: unknown } };
  }>;
}
