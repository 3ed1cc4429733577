import type * as mongooseModule from 'mongoose';
import type { Connection, Schema as MongooseSchema, SchemaDefinition } from 'mongoose';

/** Graphs and other free-form values are kept as JSON text: names in them may begin with `$` or hold dots, which the database reads as its own. */
export interface WorkflowRow {
  _id: string;
  name: string;
  revision: number;
  graph: string;
  createdAt: number;
  updatedAt: number;
  publishedVersion: number | null;
}
export interface VersionRow {
  workflowId: string;
  version: number;
  publishedAt: number;
  publishedBy: string;
  graph: string;
}
export interface RunRow {
  _id: string;
  workflowId: string;
  startedAt: number;
  /** The whole document. */
  json: string;
}
export interface CredentialRow {
  _id: string;
  kind: string;
  id: string;
  name: string;
  role: string;
  createdAt: number;
  expiresAt: number | null;
}
export interface ConnectionRow {
  _id: string;
  kind: string;
  url: { v: 1; key: string; nonce: string; tag: string; data: string };
  createdAt: number;
  updatedAt: number;
  updatedBy: string;
}
export interface AuditRow {
  at: number;
  /** Counts entries of one millisecond. */
  n: number;
  user: string;
  action: string;
  target: string;
  detail: string | null;
}
export interface ValueRow {
  _id: string;
  json: string;
}

/**
 * The collections of the control plane. Strict throughout: a field that is not declared is an error, in documents and in filters, and
 * operators in values that come from outside are taken as values (`sanitizeFilter`).
 */
export function modelsOf(mongoose: typeof mongooseModule.default, connection: Connection) {
  const text = { type: String, required: true } as const;
  // `required` refuses an empty string, which is a fine value here.
  const anyText = { type: String, default: '' } as const;
  const number = { type: Number, required: true } as const;
  const make = <T>(collection: string, definition: SchemaDefinition, indexes: readonly Index[] = []) => {
    const schema = new mongoose.Schema(definition, {
      strict: 'throw',
      strictQuery: 'throw',
      versionKey: false,
      autoIndex: false,
      autoCreate: false,
      collection,
    });
    for (const [fields, options] of indexes) schema.index(fields, options);
    return connection.model<T>(collection, schema as unknown as MongooseSchema<T>);
  };
  return {
    workflows: make<WorkflowRow>(
      'workflows',
      {
        _id: text,
        name: anyText,
        revision: number,
        graph: text,
        createdAt: number,
        updatedAt: number,
        publishedVersion: { type: Number, default: null },
      },
      [[{ updatedAt: -1 }, {}]],
    ),
    versions: make<VersionRow>(
      'versions',
      { workflowId: text, version: number, publishedAt: number, publishedBy: anyText, graph: text },
      [[{ workflowId: 1, version: -1 }, { unique: true }]],
    ),
    runs: make<RunRow>('runs', { _id: text, workflowId: text, startedAt: number, json: text }, [
      [{ workflowId: 1, startedAt: -1, _id: -1 }, {}],
      [{ startedAt: -1, _id: -1 }, {}],
    ]),
    credentials: make<CredentialRow>(
      'credentials',
      {
        _id: text,
        kind: text,
        id: text,
        name: anyText,
        role: text,
        createdAt: number,
        expiresAt: { type: Number, default: null },
      },
      [
        [{ kind: 1, createdAt: 1 }, {}],
        [{ expiresAt: 1 }, {}],
      ],
    ),
    connections: make<ConnectionRow>('connections', {
      _id: text,
      kind: text,
      url: { v: number, key: text, nonce: text, tag: text, data: anyText },
      createdAt: number,
      updatedAt: number,
      updatedBy: anyText,
    }),
    audit: make<AuditRow>(
      'audit',
      { at: number, n: number, user: anyText, action: text, target: anyText, detail: { type: String, default: null } },
      [[{ at: -1, n: -1 }, { unique: true }]],
    ),
    values: make<ValueRow>('values', { _id: text, json: text }),
  };
}

type Index = readonly [{ [field: string]: 1 | -1 }, { unique?: boolean }];
export type Models = ReturnType<typeof modelsOf>;
