import {
  type Catalogue,
  type Clock,
  CONNECTION_NAME,
  type ConnectionUse,
  connectionVariable,
  MillraceError,
  parseConnectionUrl,
} from '@millrace/sdk';
import { HttpError, notFound } from '../http/errors.js';
import type { Cipher } from '../secrets/cipher.js';
import type { ConnectionDoc, Store } from '../store/port.js';
import { type Address, addressOf, withSecretsOf } from './address.js';
import { connectionsOf, type KnownConnections } from './findings.js';
import type { ConnectionTester, TestOutcome } from './tester.js';

/** A connection as people see it: never its secrets. */
export interface ConnectionView extends Omit<Address, 'masked'> {
  name: string;
  kind: string;
  /** The address with `***` for each secret. */
  url: string;
  updatedAt: number | null;
  updatedBy: string | null;
  /** Set outside, in the environment of the server; it cannot be changed here. */
  fromEnvironment: boolean;
  usedBy: { id: string; name: string }[];
}

export type ConnectionKind = Pick<ConnectionUse, 'kind' | 'title' | 'example'>;

export interface ConnectionServiceOptions {
  store: Store;
  catalogue: Catalogue;
  cipher: Cipher;
  clock: Clock;
  tester: ConnectionTester;
  /** Told when a connection has another address: what uses it must connect anew. */
  changed(workflowIds: readonly string[]): void;
  env?: NodeJS.ProcessEnv;
}

const recordId = (name: string) => `connection/${name}`;
const VARIABLE = /^MILLRACE_CONNECTION_([A-Z][A-Z0-9_]{0,63})$/;

/**
 * Named, encrypted addresses of outside systems. Decrypted ones stand in the environment, from where task threads inherit them;
 * graphs, plans, run directories and logs only hold names.
 */
export class ConnectionService {
  readonly #options: ConnectionServiceOptions;
  readonly #env: NodeJS.ProcessEnv;
  readonly #known = new Map<string, string | undefined>();
  readonly #fromEnvironment = new Set<string>();

  private constructor(options: ConnectionServiceOptions) {
    this.#options = options;
    this.#env = options.env ?? process.env;
  }

  static async open(options: ConnectionServiceOptions): Promise<ConnectionService> {
    const service = new ConnectionService(options);
    const kept = await options.store.connections.list();
    const own = new Set(kept.map(({ name }) => connectionVariable(name)));
    for (const variable of Object.keys(service.#env)) {
      const name = VARIABLE.exec(variable)?.[1]?.toLowerCase();
      if (name === undefined || own.has(variable) || !service.#env[variable]) continue;
      service.#fromEnvironment.add(name);
      service.#known.set(name, undefined);
    }
    for (const doc of kept) service.#expose(doc.name, doc.kind, service.#open(doc));
    return service;
  }

  /** Names that a graph may use, with their kinds. */
  get known(): KnownConnections {
    return this.#known;
  }

  /** The systems that the installed operators connect to. */
  kinds(): ConnectionKind[] {
    const kinds = new Map<string, ConnectionKind>();
    for (const { connection } of this.#options.catalogue.list())
      if (connection !== undefined && !kinds.has(connection.kind))
        kinds.set(connection.kind, { kind: connection.kind, title: connection.title, example: connection.example });
    return [...kinds.values()].sort((a, b) => (a.title < b.title ? -1 : 1));
  }

  async list(): Promise<ConnectionView[]> {
    const uses = await this.#uses();
    const kept = (await this.#options.store.connections.list()).map(
      (doc): ConnectionView => ({
        ...this.#describe(this.#open(doc)),
        name: doc.name,
        kind: doc.kind,
        updatedAt: doc.updatedAt,
        updatedBy: doc.updatedBy,
        fromEnvironment: false,
        usedBy: uses.get(doc.name) ?? [],
      }),
    );
    const given = [...this.#fromEnvironment].map(
      (name): ConnectionView => ({
        ...this.#describe(this.#env[connectionVariable(name)] ?? ''),
        name,
        kind: '',
        updatedAt: null,
        updatedBy: null,
        fromEnvironment: true,
        usedBy: uses.get(name) ?? [],
      }),
    );
    return [...kept, ...given].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  #describe(url: string): Omit<Address, 'masked'> & { url: string } {
    try {
      const { masked, ...rest } = addressOf(url);
      return { ...rest, url: masked };
    } catch {
      return { host: '', user: null, hasPassword: false, path: '', url: '' };
    }
  }

  async create(name: string, kind: string, url: string, user: string): Promise<ConnectionView> {
    const { store, clock, cipher } = this.#options;
    if (!CONNECTION_NAME.test(name)) {
      throw new HttpError(
        422,
        'CONNECTION_NAME',
        'A name has lower-case letters, digits, - and _, and begins with a letter.',
        {
          params: { name },
        },
      );
    }
    this.#checkKind(kind);
    parseConnectionUrl(withSecretsOf(url, undefined));
    const twin = [...this.#known.keys()].find((other) => connectionVariable(other) === connectionVariable(name));
    const now = clock.now();
    const doc = { name, kind, url: cipher.seal(url, recordId(name)), createdAt: now, updatedAt: now, updatedBy: user };
    if (twin !== undefined || !(await store.connections.create(doc))) {
      throw new HttpError(409, 'CONNECTION_EXISTS', `There is a connection named "${twin ?? name}" already.`, {
        hint: 'Choose another name, or change that one.',
        params: { name: twin ?? name },
      });
    }
    this.#expose(name, kind, url);
    return this.#view(name);
  }

  /** Another address for the same name; `***` in it stands for the secret that is kept. What runs with it connects anew. */
  async replace(name: string, url: string, user: string): Promise<ConnectionView> {
    const { store, clock, cipher } = this.#options;
    const doc = await this.#get(name);
    const full = withSecretsOf(url, this.#open(doc));
    parseConnectionUrl(full);
    const next = { ...doc, url: cipher.seal(full, recordId(name)), updatedAt: clock.now(), updatedBy: user };
    if (!(await store.connections.replace(next))) throw notFound('connection');
    this.#expose(name, doc.kind, full);
    const view = await this.#view(name);
    this.#options.changed(view.usedBy.map(({ id }) => id));
    return view;
  }

  async delete(name: string): Promise<void> {
    await this.#get(name);
    const usedBy = (await this.#uses()).get(name) ?? [];
    if (usedBy.length > 0) {
      throw new HttpError(409, 'CONNECTION_USED', `Used by ${usedBy.map((one) => `"${one.name}"`).join(', ')}.`, {
        hint: 'Choose another connection there and publish, then delete this one.',
        params: { workflows: usedBy },
      });
    }
    await this.#options.store.connections.delete(name);
    this.#known.delete(name);
    delete this.#env[connectionVariable(name)];
  }

  /** Reaches the system and signs in, outside the event loop. */
  async test(name: string): Promise<TestOutcome> {
    const doc = await this.#get(name);
    return this.#options.tester.test(doc.kind, this.#open(doc));
  }

  /** The same with an address that is not kept yet; `***` stands for the secret of the connection `name`. */
  async testUrl(kind: string, url: string, name: string | undefined): Promise<TestOutcome> {
    this.#checkKind(kind);
    const doc = name === undefined ? undefined : await this.#options.store.connections.get(name);
    const full = withSecretsOf(url, doc && this.#open(doc));
    parseConnectionUrl(full);
    return this.#options.tester.test(kind, full);
  }

  async #get(name: string): Promise<ConnectionDoc> {
    const doc = await this.#options.store.connections.get(name);
    if (doc !== undefined) return doc;
    if (!this.#fromEnvironment.has(name)) throw notFound('connection');
    throw new HttpError(409, 'CONNECTION_GIVEN', 'This connection is set in the environment of the server.', {
      hint: `Change ${connectionVariable(name)} there and start the server again.`,
    });
  }

  async #view(name: string): Promise<ConnectionView> {
    const view = (await this.list()).find((one) => one.name === name);
    if (view === undefined) throw notFound('connection');
    return view;
  }

  #checkKind(kind: string): void {
    if (this.kinds().some((one) => one.kind === kind)) return;
    throw new MillraceError('No installed operator connects to this system.', {
      code: 'CONNECTION_KIND_UNKNOWN',
      params: { kind },
    });
  }

  #open(doc: ConnectionDoc): string {
    return this.#options.cipher.open(doc.url, recordId(doc.name));
  }

  #expose(name: string, kind: string, url: string): void {
    this.#known.set(name, kind);
    this.#env[connectionVariable(name)] = url;
  }

  /** Workflows by the connection that their draft, published version or living run names. */
  async #uses(): Promise<Map<string, { id: string; name: string }[]>> {
    const { store, catalogue } = this.#options;
    const uses = new Map<string, { id: string; name: string }[]>();
    for (const { id, name, graph, publishedVersion } of await store.workflows.list()) {
      const version = publishedVersion === null ? undefined : await store.versions.get(id, publishedVersion);
      const names = new Set(
        [...graph.nodes, ...(version?.graph.nodes ?? [])].flatMap((node) =>
          connectionsOf(node, catalogue).map(({ value }) => value),
        ),
      );
      for (const used of names) uses.set(used, [...(uses.get(used) ?? []), { id, name }]);
    }
    return uses;
  }
}
