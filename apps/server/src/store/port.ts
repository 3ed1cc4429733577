import type { GraphDocument } from '@millrace/graph';
import type { Sealed } from '../secrets/cipher.js';

/** Rights grow from left to right; `ingest` may only send records to ingest nodes. */
export type Role = 'ingest' | 'viewer' | 'editor' | 'admin';

export interface WorkflowDoc {
  id: string;
  name: string;
  /** Grows by one with each save of the draft. */
  revision: number;
  /** The draft; may be invalid. */
  graph: GraphDocument;
  createdAt: number;
  updatedAt: number;
  publishedVersion: number | null;
}

export interface VersionDoc {
  workflowId: string;
  /** From 1. */
  version: number;
  publishedAt: number;
  publishedBy: string;
  graph: GraphDocument;
}

export type RunStatus = 'starting' | 'running' | 'restarting' | 'pausing' | 'paused' | 'finished' | 'failed' | 'killed';

export interface RunDoc {
  id: string;
  workflowId: string;
  version: number;
  status: RunStatus;
  /** What people want of it: a server that starts brings runs that should be running back. */
  wanted: 'running' | 'paused' | 'ended';
  startedAt: number;
  endedAt?: number;
  error?: { code: string; message: string; hint?: string };
  /** The graph that runs: the published version with the run's own parallelism. */
  graph: GraphDocument;
}

/** What is kept of a credential: never the credential, only its SHA-256. */
export interface CredentialDoc {
  hash: string;
  kind: 'login' | 'session' | 'api';
  /** Public handle of an API token. */
  id: string;
  name: string;
  role: Role;
  createdAt: number;
  expiresAt: number | null;
}

/** An outside system under a name. Its URL holds the secrets and is kept encrypted only. */
export interface ConnectionDoc {
  name: string;
  /** `kind` of the operators' `connection`, e.g. `postgres`. */
  kind: string;
  url: Sealed;
  createdAt: number;
  updatedAt: number;
  updatedBy: string;
}

export interface AuditDoc {
  at: number;
  user: string;
  action: string;
  target: string;
  detail?: { [name: string]: unknown };
}

export type UpdateResult =
  | { ok: true; workflow: WorkflowDoc }
  | { ok: false; reason: 'missing' }
  | { ok: false; reason: 'conflict'; theirs: WorkflowDoc };

/** Documents of the control plane. Every change is durable when its promise resolves. */
export interface Store {
  workflows: {
    /** Newest change first. */
    list(): Promise<WorkflowDoc[]>;
    get(id: string): Promise<WorkflowDoc | undefined>;
    /** False when the id is taken. */
    create(workflow: WorkflowDoc): Promise<boolean>;
    /** Applies `change` and raises the revision, if the stored revision is still `revision`; otherwise nothing happens. */
    update(
      id: string,
      revision: number,
      change: { graph: GraphDocument; name: string; updatedAt: number },
    ): Promise<UpdateResult>;
    setPublished(id: string, version: number): Promise<void>;
    /** Removes it with its versions. */
    delete(id: string): Promise<boolean>;
  };
  versions: {
    /** Stores the next version and answers its number. */
    add(version: Omit<VersionDoc, 'version'>): Promise<number>;
    get(workflowId: string, version: number): Promise<VersionDoc | undefined>;
    /** Newest first. */
    list(workflowId: string): Promise<VersionDoc[]>;
  };
  runs: {
    get(id: string): Promise<RunDoc | undefined>;
    put(run: RunDoc): Promise<void>;
    /** Newest first. */
    list(filter?: { workflowId?: string; limit?: number }): Promise<RunDoc[]>;
    delete(id: string): Promise<void>;
  };
  credentials: {
    add(credential: CredentialDoc): Promise<void>;
    get(hash: string): Promise<CredentialDoc | undefined>;
    /** Removes it and answers it: of several callers exactly one gets it. */
    take(hash: string): Promise<CredentialDoc | undefined>;
    list(kind: CredentialDoc['kind']): Promise<CredentialDoc[]>;
    /** Removes those that expired at or before `now`. */
    expire(now: number): Promise<void>;
  };
  connections: {
    /** By name. */
    list(): Promise<ConnectionDoc[]>;
    get(name: string): Promise<ConnectionDoc | undefined>;
    /** False when the name is taken. */
    create(connection: ConnectionDoc): Promise<boolean>;
    /** False when there is none of that name. */
    replace(connection: ConnectionDoc): Promise<boolean>;
    delete(name: string): Promise<boolean>;
  };
  audit: {
    append(entry: AuditDoc): Promise<void>;
    /** Newest first. */
    list(limit: number, before?: number): Promise<AuditDoc[]>;
  };
  /** Small values by name: settings the server keeps for itself, encrypted secrets. */
  values: {
    get(name: string): Promise<unknown>;
    set(name: string, value: unknown): Promise<void>;
    delete(name: string): Promise<void>;
    list(prefix: string): Promise<[string, unknown][]>;
  };
  close(): Promise<void>;
}
