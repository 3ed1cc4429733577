import type * as mongooseModule from 'mongoose';
import type {
  AuditDoc,
  ConnectionDoc,
  CredentialDoc,
  RunDoc,
  Store,
  UpdateResult,
  VersionDoc,
  WorkflowDoc,
} from '../port.js';
import type { ConnectionRow, CredentialRow, Models, VersionRow, WorkflowRow } from './models.js';

type Trusted = (typeof mongooseModule.default)['trusted'];

const DUPLICATE = 11_000;
/** Savers of versions and audit entries that meet at one number try the next. */
const TRIES = 50;

/** Runs an insert; false when its key is taken. */
async function inserted(insert: () => Promise<unknown>): Promise<boolean> {
  try {
    await insert();
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === DUPLICATE) return false;
    throw error;
  }
}

/** Runs what concerns one key one after the other. */
function turns(): <T>(key: string, action: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return (key, action) => {
    const mine = (last.get(key) ?? Promise.resolve()).then(action, action);
    const settled: Promise<unknown> = mine
      .catch(() => undefined)
      .then(() => {
        if (last.get(key) === settled) last.delete(key);
      });
    last.set(key, settled);
    return mine;
  };
}

export function workflowDocs({ workflows, versions }: Models): Store['workflows'] {
  const inTurn = turns();
  const toDoc = ({ _id, graph, ...rest }: WorkflowRow): WorkflowDoc => ({ id: _id, ...rest, graph: JSON.parse(graph) });
  return {
    list: async () => (await workflows.find().sort({ updatedAt: -1, _id: 1 }).lean()).map(toDoc),
    get: async (id) => {
      const row = await workflows.findById(id).lean();
      return row === null ? undefined : toDoc(row);
    },
    create: ({ id, graph, ...rest }) =>
      inserted(() => workflows.create([{ _id: id, ...rest, graph: JSON.stringify(graph) }])),
    // One command that finds and changes: of several savers of a revision exactly one is let through. They also go one after the other
    // here, for servers that only speak MongoDB's protocol and find and change in two steps.
    update: async (id, revision, { graph, name, updatedAt }): Promise<UpdateResult> => {
      const row = await inTurn(id, () =>
        workflows
          .findOneAndUpdate(
            { _id: id, revision },
            { $set: { graph: JSON.stringify(graph), name, updatedAt }, $inc: { revision: 1 } },
            { returnDocument: 'after' },
          )
          .lean(),
      );
      if (row !== null) return { ok: true, workflow: toDoc(row) };
      const theirs = await workflows.findById(id).lean();
      return theirs === null
        ? { ok: false, reason: 'missing' }
        : { ok: false, reason: 'conflict', theirs: toDoc(theirs) };
    },
    setPublished: async (id, version) => {
      await workflows.updateOne({ _id: id }, { $set: { publishedVersion: version } });
    },
    // Versions first: a crash in between leaves a workflow that can be deleted again, not versions without one.
    delete: async (id) => {
      await versions.deleteMany({ workflowId: id });
      return (await workflows.deleteOne({ _id: id })).deletedCount === 1;
    },
  };
}

export function versionDocs({ versions }: Models): Store['versions'] {
  const toDoc = ({ workflowId, version, publishedAt, publishedBy, graph }: VersionRow): VersionDoc => ({
    workflowId,
    version,
    publishedAt,
    publishedBy,
    graph: JSON.parse(graph),
  });
  return {
    add: async ({ graph, ...rest }) => {
      for (let tries = 0; ; tries++) {
        const newest = await versions.findOne({ workflowId: rest.workflowId }).sort({ version: -1 }).lean();
        const version = (newest?.version ?? 0) + 1;
        const row = { ...rest, version, graph: JSON.stringify(graph) };
        if (await inserted(() => versions.create([row]))) return version;
        if (tries >= TRIES) throw new Error('no free version number');
      }
    },
    get: async (workflowId, version) => {
      const row = await versions.findOne({ workflowId, version }).lean();
      return row === null ? undefined : toDoc(row);
    },
    list: async (workflowId) => (await versions.find({ workflowId }).sort({ version: -1 }).lean()).map(toDoc),
  };
}

export function runDocs({ runs }: Models): Store['runs'] {
  return {
    get: async (id) => {
      const row = await runs.findById(id).lean();
      return row === null ? undefined : (JSON.parse(row.json) as RunDoc);
    },
    put: async (run) => {
      const { id, workflowId, startedAt } = run;
      const set = { workflowId, startedAt, json: JSON.stringify(run) };
      await runs.updateOne({ _id: id }, { $set: set }, { upsert: true });
    },
    list: async ({ workflowId, limit = 1000 } = {}) => {
      const rows = await runs
        .find(workflowId === undefined ? {} : { workflowId })
        .sort({ startedAt: -1, _id: -1 })
        .limit(limit)
        .lean();
      return rows.map(({ json }) => JSON.parse(json) as RunDoc);
    },
    delete: async (id) => {
      await runs.deleteOne({ _id: id });
    },
  };
}

export function credentialDocs({ credentials }: Models, trusted: Trusted): Store['credentials'] {
  const toDoc = ({ _id, kind, role, ...rest }: CredentialRow): CredentialDoc => ({
    hash: _id,
    kind: kind as CredentialDoc['kind'],
    role: role as CredentialDoc['role'],
    ...rest,
  });
  return {
    add: async ({ hash, ...rest }) => {
      await credentials.updateOne({ _id: hash }, { $set: rest }, { upsert: true });
    },
    get: async (hash) => {
      const row = await credentials.findById(hash).lean();
      return row === null ? undefined : toDoc(row);
    },
    // The count of the deletion decides who gets it: servers that only speak MongoDB's protocol may answer findOneAndDelete twice.
    take: async (hash) => {
      const row = await credentials.findById(hash).lean();
      if (row === null) return undefined;
      return (await credentials.deleteOne({ _id: hash })).deletedCount === 1 ? toDoc(row) : undefined;
    },
    list: async (kind) => (await credentials.find({ kind }).sort({ createdAt: 1, _id: 1 }).lean()).map(toDoc),
    // Those without an end hold null, which no number is compared with.
    expire: async (now) => {
      await credentials.deleteMany({ expiresAt: trusted({ $lte: now, $gt: Number.MIN_SAFE_INTEGER }) });
    },
  };
}

export function connectionDocs({ connections }: Models): Store['connections'] {
  const toDoc = ({ _id, ...rest }: ConnectionRow): ConnectionDoc => ({ name: _id, ...rest });
  return {
    list: async () => (await connections.find().sort({ _id: 1 }).lean()).map(toDoc),
    get: async (name) => {
      const row = await connections.findById(name).lean();
      return row === null ? undefined : toDoc(row);
    },
    create: ({ name, ...rest }) => inserted(() => connections.create([{ _id: name, ...rest }])),
    replace: async ({ name, ...rest }) =>
      (await connections.updateOne({ _id: name }, { $set: rest })).matchedCount === 1,
    delete: async (name) => (await connections.deleteOne({ _id: name })).deletedCount === 1,
  };
}

export function auditDocs({ audit }: Models, trusted: Trusted): Store['audit'] {
  return {
    append: async ({ detail, ...rest }) => {
      for (let tries = 0; ; tries++) {
        const last = await audit.findOne({ at: rest.at }).sort({ n: -1 }).lean();
        const row = { ...rest, n: (last?.n ?? -1) + 1, detail: detail === undefined ? null : JSON.stringify(detail) };
        if (await inserted(() => audit.create([row]))) return;
        if (tries >= TRIES) throw new Error('no free place in the audit');
      }
    },
    list: async (limit, before) => {
      const rows = await audit
        .find(before === undefined ? {} : { at: trusted({ $lt: before }) })
        .sort({ at: -1, n: -1 })
        .limit(limit)
        .lean();
      return rows.map(
        ({ at, user, action, target, detail }): AuditDoc => ({
          at,
          user,
          action,
          target,
          ...(detail !== null && { detail: JSON.parse(detail) }),
        }),
      );
    },
  };
}

export function valueDocs({ values }: Models, trusted: Trusted): Store['values'] {
  return {
    get: async (name) => {
      const row = await values.findById(name).lean();
      return row === null ? undefined : (JSON.parse(row.json) as unknown);
    },
    set: async (name, value) => {
      await values.updateOne({ _id: name }, { $set: { json: JSON.stringify(value) } }, { upsert: true });
    },
    delete: async (name) => {
      await values.deleteOne({ _id: name });
    },
    list: async (prefix) => {
      const rows = await values
        .find({ _id: trusted({ $gte: prefix, $lt: `${prefix}\uffff` }) })
        .sort({ _id: 1 })
        .lean();
      return rows.map(({ _id, json }): [string, unknown] => [_id, JSON.parse(json)]);
    },
  };
}
