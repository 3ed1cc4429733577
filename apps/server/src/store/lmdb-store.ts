import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, type Key, open, type RootDatabase } from 'lmdb';
import type {
  AuditDoc,
  ConnectionDoc,
  CredentialDoc,
  RunDoc,
  Store,
  UpdateResult,
  VersionDoc,
  WorkflowDoc,
} from './port.js';

/** Sorts before and behind every part of a key. */
const FIRST = Number.NEGATIVE_INFINITY;
const LAST = Number.POSITIVE_INFINITY;

/**
 * The store on one LMDB environment. Changes are synchronous transactions with flushing on: small, rare, and durable when they
 * return. Several processes may open it (the server, and `millrace login` beside it).
 */
export function openLmdbStore(dir: string): Store {
  const path = join(dir, 'control.mdb');
  const root = open({ path, maxDbs: 16, overlappingSync: false, encoding: 'json', mapSize: 64 * 1024 * 1024 });
  for (const file of [path, `${path}-lock`]) if (existsSync(file)) chmodSync(file, 0o600);
  return new LmdbStore(root);
}

class LmdbStore implements Store {
  readonly workflows: Store['workflows'];
  readonly versions: Store['versions'];
  readonly runs: Store['runs'];
  readonly credentials: Store['credentials'];
  readonly connections: Store['connections'];
  readonly audit: Store['audit'];
  readonly values: Store['values'];
  readonly #root: RootDatabase;

  constructor(root: RootDatabase) {
    this.#root = root;
    const db = <T>(name: string) => root.openDB<T, Key>({ name, encoding: 'json' });
    const workflows = db<WorkflowDoc>('workflows');
    const versions = db<VersionDoc>('versions');
    const runs = db<RunDoc>('runs');
    this.workflows = workflowDocs(root, workflows, versions);
    this.versions = versionDocs(root, versions);
    this.runs = runDocs(root, runs, db<string>('runs-by-workflow'));
    this.credentials = credentialDocs(root, db<CredentialDoc>('credentials'));
    this.connections = connectionDocs(root, db<ConnectionDoc>('connections'));
    this.audit = auditDocs(root, db<AuditDoc>('audit'));
    this.values = valueDocs(root, db<unknown>('values'));
  }

  async close(): Promise<void> {
    await this.#root.close();
  }
}

function workflowDocs(
  root: RootDatabase,
  db: Database<WorkflowDoc, Key>,
  versions: Database<VersionDoc, Key>,
): Store['workflows'] {
  return {
    list: async () =>
      [...db.getRange().map(({ value }) => value)].sort((a, b) => b.updatedAt - a.updatedAt || (a.id < b.id ? -1 : 1)),
    get: async (id) => db.get(id),
    create: async (workflow) =>
      root.transactionSync(() => {
        if (db.get(workflow.id) !== undefined) return false;
        db.putSync(workflow.id, workflow);
        return true;
      }),
    update: async (id, revision, change) =>
      root.transactionSync((): UpdateResult => {
        const theirs = db.get(id);
        if (theirs === undefined) return { ok: false, reason: 'missing' };
        if (theirs.revision !== revision) return { ok: false, reason: 'conflict', theirs };
        const workflow = { ...theirs, ...change, revision: revision + 1 };
        db.putSync(id, workflow);
        return { ok: true, workflow };
      }),
    setPublished: async (id, version) =>
      root.transactionSync(() => {
        const workflow = db.get(id);
        if (workflow !== undefined) db.putSync(id, { ...workflow, publishedVersion: version });
      }),
    delete: async (id) =>
      root.transactionSync(() => {
        for (const key of [...versions.getKeys({ start: [id, FIRST], end: [id, LAST] })]) versions.removeSync(key);
        return db.removeSync(id);
      }),
  };
}

function versionDocs(root: RootDatabase, db: Database<VersionDoc, Key>): Store['versions'] {
  const newestFirst = (workflowId: string) =>
    db.getRange({ start: [workflowId, LAST], end: [workflowId, FIRST], reverse: true });
  return {
    add: async (doc) =>
      root.transactionSync(() => {
        const [newest] = newestFirst(doc.workflowId);
        const version = (newest?.value.version ?? 0) + 1;
        db.putSync([doc.workflowId, version], { ...doc, version });
        return version;
      }),
    get: async (workflowId, version) => db.get([workflowId, version]),
    list: async (workflowId) => [...newestFirst(workflowId).map(({ value }) => value)],
  };
}

/** `byWorkflow` has the key [workflow, start, run] for each run: the newest run of a workflow is asked for often, and runs hold graphs. */
function runDocs(root: RootDatabase, db: Database<RunDoc, Key>, byWorkflow: Database<string, Key>): Store['runs'] {
  const place = (run: RunDoc): Key => [run.workflowId, run.startedAt, run.id];
  const all = () =>
    [...db.getRange().map(({ value }) => value)].sort((a, b) => b.startedAt - a.startedAt || (a.id < b.id ? 1 : -1));
  const ofWorkflow = (id: string, limit: number) =>
    [...byWorkflow.getRange({ start: [id, LAST], end: [id, FIRST], reverse: true, limit })].flatMap(
      ({ value }) => db.get(value) ?? [],
    );
  return {
    get: async (id) => db.get(id),
    put: async (run) => {
      root.transactionSync(() => {
        db.putSync(run.id, run);
        byWorkflow.putSync(place(run), run.id);
      });
    },
    list: async ({ workflowId, limit = 1000 } = {}) =>
      workflowId === undefined ? all().slice(0, limit) : ofWorkflow(workflowId, limit),
    delete: async (id) => {
      root.transactionSync(() => {
        const run = db.get(id);
        if (run === undefined) return;
        db.removeSync(id);
        byWorkflow.removeSync(place(run));
      });
    },
  };
}

function credentialDocs(root: RootDatabase, db: Database<CredentialDoc, Key>): Store['credentials'] {
  return {
    add: async (credential) => {
      root.transactionSync(() => db.putSync(credential.hash, credential));
    },
    get: async (hash) => db.get(hash),
    take: async (hash) =>
      root.transactionSync(() => {
        const credential = db.get(hash);
        if (credential !== undefined) db.removeSync(hash);
        return credential;
      }),
    list: async (kind) =>
      [...db.getRange().map(({ value }) => value)]
        .filter((credential) => credential.kind === kind)
        .sort((a, b) => a.createdAt - b.createdAt),
    expire: async (now) => {
      root.transactionSync(() => {
        for (const { key, value } of [...db.getRange()])
          if (value.expiresAt !== null && value.expiresAt <= now) db.removeSync(key);
      });
    },
  };
}

function connectionDocs(root: RootDatabase, db: Database<ConnectionDoc, Key>): Store['connections'] {
  const putIf = (connection: ConnectionDoc, there: boolean) =>
    root.transactionSync(() => {
      if ((db.get(connection.name) !== undefined) !== there) return false;
      db.putSync(connection.name, connection);
      return true;
    });
  return {
    list: async () => [...db.getRange().map(({ value }) => value)],
    get: async (name) => db.get(name),
    create: async (connection) => putIf(connection, false),
    replace: async (connection) => putIf(connection, true),
    delete: async (name) => root.transactionSync(() => db.removeSync(name)),
  };
}

function auditDocs(root: RootDatabase, db: Database<AuditDoc, Key>): Store['audit'] {
  return {
    append: async (entry) => {
      root.transactionSync(() => {
        const [last] = db.getKeys({ start: [entry.at, LAST], end: [entry.at, FIRST], reverse: true, limit: 1 });
        db.putSync([entry.at, last === undefined ? 0 : (last as number[])[1]! + 1], entry);
      });
    },
    list: async (limit, before = LAST) => [
      ...db.getRange({ start: [before, FIRST], end: [FIRST], reverse: true, limit }).map(({ value }) => value),
    ],
  };
}

function valueDocs(root: RootDatabase, db: Database<unknown, Key>): Store['values'] {
  return {
    get: async (name) => db.get(name),
    set: async (name, value) => {
      root.transactionSync(() => db.putSync(name, value));
    },
    delete: async (name) => {
      root.transactionSync(() => db.removeSync(name));
    },
    list: async (prefix) => [
      ...db
        .getRange({ start: prefix, end: `${prefix}￿` })
        .map(({ key, value }): [string, unknown] => [String(key), value]),
    ],
  };
}
