import { randomBytes } from 'node:crypto';
import type { GraphDocument, GraphNode } from '@millrace/graph';
import type { Catalogue, Value } from '@millrace/sdk';
import type { Store } from '../store/port.js';
import { type Cipher, SECRET_PREFIX as PREFIX, type Sealed } from './cipher.js';

/**
 * Secrets of graphs. Config properties with the `secret` widget are taken out of every graph that is saved, encrypted, and replaced by
 * `{ $secret: id }`: graphs, versions, plans, exports and logs never hold them. Task threads find them in their environment.
 */
export class Vault {
  readonly #store: Store;
  readonly #catalogue: Catalogue;
  readonly #cipher: Cipher;
  readonly #env: NodeJS.ProcessEnv;

  private constructor(store: Store, catalogue: Catalogue, cipher: Cipher, env: NodeJS.ProcessEnv) {
    this.#store = store;
    this.#catalogue = catalogue;
    this.#cipher = cipher;
    this.#env = env;
  }

  /** Opens the vault and puts its secrets into `env`, from where worker threads inherit them. */
  static async open(
    store: Store,
    catalogue: Catalogue,
    cipher: Cipher,
    env: NodeJS.ProcessEnv = process.env,
  ): Promise<Vault> {
    const kept = await store.values.list(PREFIX);
    const vault = new Vault(store, catalogue, cipher, env);
    for (const [name, sealed] of kept) vault.#expose(name.slice(PREFIX.length), cipher.open(sealed as Sealed, name));
    return vault;
  }

  /** The graph with references in place of texts. */
  async takeSecrets(graph: GraphDocument): Promise<GraphDocument> {
    const nodes = await Promise.all(graph.nodes.map((node) => this.#takeFromNode(node)));
    return { ...graph, nodes };
  }

  async #takeFromNode(node: GraphNode): Promise<GraphNode> {
    let config: Value = node.config;
    for (const name of this.#secretProperties(node)) {
      const text: unknown = config?.[name];
      if (typeof text !== 'string' || text === '') continue;
      config = { ...config, [name]: { $secret: await this.#keep(text) } };
    }
    return config === node.config ? node : { ...node, config };
  }

  #secretProperties(node: GraphNode): string[] {
    const { properties = {} } = (this.#catalogue.get(node.operator)?.config ?? {}) as {
      properties?: { [name: string]: { 'x-ui'?: { widget?: string } } };
    };
    return Object.keys(properties).filter((name) => properties[name]?.['x-ui']?.widget === 'secret');
  }

  async #keep(text: string): Promise<string> {
    const id = randomBytes(12).toString('hex');
    await this.#store.values.set(PREFIX + id, this.#cipher.seal(text, PREFIX + id));
    this.#expose(id, text);
    return id;
  }

  #expose(id: string, text: string): void {
    this.#env[`MILLRACE_SECRET_${id}`] = text;
  }

  /** Removes the secrets of a graph that is deleted. */
  async forget(graph: GraphDocument): Promise<void> {
    for (const node of graph.nodes) {
      for (const name of this.#secretProperties(node)) {
        const id: unknown = node.config?.[name]?.$secret;
        if (typeof id !== 'string') continue;
        await this.#store.values.delete(PREFIX + id);
        delete this.#env[`MILLRACE_SECRET_${id}`];
      }
    }
  }
}
