import type { API, Connection } from '@platformatic/kafka';
import { Code, KafkaAnswer } from './errors.js';
import type { ClusterSettings } from './settings.js';

type Library = typeof import('@platformatic/kafka');

/** ms after which what is known about a topic is asked again. */
const KNOWN_FOR = 300_000;

export interface TopicInfo {
  /** Leader (broker id) by partition. */
  leaders: readonly number[];
}

const CLIENT_ID = 'millrace';

/**
 * Connections to the brokers of a cluster and what is known about it. Made of the wire protocol of `@platformatic/kafka`
 * (connections, sign-in, requests); its producer and consumer are not used, see docs/decisions/0008-connectors.md.
 * Errors of a connection close it: the next call opens another.
 */
export class KafkaClient {
  readonly #topics = new Map<string, TopicInfo & { until: number }>();
  readonly #brokers = new Map<number, { host: string; port: number }>();
  readonly #connections = new Map<string, Promise<Connection>>();
  #closed = false;

  constructor(
    readonly library: Library,
    private readonly settings: ClusterSettings,
  ) {}

  static async load(settings: ClusterSettings): Promise<KafkaClient> {
    return new KafkaClient(await import('@platformatic/kafka'), settings);
  }

  /**
   * Calls a request of the library at a broker; without one, at any. Requests of one `lane` wait for each other's answers, so what
   * waits for news has a lane of its own.
   */
  async call<A extends unknown[], R>(
    api: API<A, R>,
    at: number | { broker: number; lane: string } | undefined,
    ...args: A
  ): Promise<R> {
    const broker = typeof at === 'object' ? at.broker : at;
    const key = at === undefined ? 'any' : typeof at === 'object' ? `${at.lane}/${at.broker}` : String(at);
    const connection = await this.#connection(key, broker);
    try {
      return await api.async(connection, ...args);
    } catch (error) {
      // An answer of the broker leaves the connection usable; after anything else (time-out, broken frame) it is not.
      if ((error as { code?: string }).code !== 'PLT_KFK_RESPONSE') this.#drop(key, connection);
      throw error;
    }
  }

  /** Partitions of a topic and their leaders; kept until `forget`. Throws KafkaAnswer when there is no such topic. */
  async topic(name: string): Promise<TopicInfo> {
    const known = this.#topics.get(name);
    if (known && known.until > performance.now()) return known;
    const response = await this.#answerOf(
      this.call(this.library.metadataV9.api, undefined, [name], false, false),
      `metadata of ${name}`,
      name,
    );
    this.#brokers.clear();
    for (const { nodeId, host, port } of response.brokers) this.#brokers.set(nodeId, { host, port });
    const found = response.topics.find((topic) => topic.name === name);
    if (found === undefined || found.errorCode !== 0) {
      throw new KafkaAnswer(found?.errorCode ?? Code.UNKNOWN_TOPIC_OR_PARTITION, 'metadata', name);
    }
    const leaders: number[] = [];
    for (const { partitionIndex, leaderId, errorCode } of found.partitions) {
      if (leaderId < 0) throw new KafkaAnswer(errorCode || Code.LEADER_NOT_AVAILABLE, 'leader', name);
      leaders[partitionIndex] = leaderId;
    }
    const info = { leaders, until: performance.now() + KNOWN_FOR };
    this.#topics.set(name, info);
    return info;
  }

  /** Leaders have moved, or the topic has been made anew: asks again next time. */
  forget(): void {
    this.#topics.clear();
  }

  /** The broker that keeps a group's offsets (0) or a transactional id (1). */
  async coordinator(kind: 0 | 1, key: string): Promise<number> {
    const { coordinators } = await this.call(this.library.findCoordinatorV4.api, undefined, kind, [key]);
    const found = coordinators[0];
    if (found === undefined || found.errorCode !== 0) {
      throw new KafkaAnswer(found?.errorCode ?? Code.COORDINATOR_NOT_AVAILABLE, 'coordinator');
    }
    this.#brokers.set(found.nodeId, { host: found.host, port: found.port });
    return found.nodeId;
  }

  async close(): Promise<void> {
    this.#closed = true;
    const open = [...this.#connections.values()];
    this.#connections.clear();
    await Promise.allSettled(open.map(async (connection) => (await connection).close()));
  }

  /** Errors inside an answer, as one with the topic's name. */
  async #answerOf<R>(call: Promise<R>, what: string, topic: string): Promise<R> {
    try {
      return await call;
    } catch (error) {
      const response = (error as { response?: R }).response;
      if (response !== undefined && (error as { code?: string }).code === 'PLT_KFK_RESPONSE') return response;
      throw Object.assign(error as Error, { what, topic });
    }
  }

  #connection(key: string, broker: number | undefined): Promise<Connection> {
    const open = this.#connections.get(key);
    if (open) return open;
    if (this.#closed) return Promise.reject(new Error('the Kafka client is closed'));
    const opening = this.#open(broker);
    this.#connections.set(key, opening);
    opening.then(
      (connection) => {
        const gone = () => {
          if (this.#connections.get(key) === opening) this.#connections.delete(key);
        };
        connection.on('close', gone);
        connection.on('error', gone);
      },
      () => this.#connections.delete(key),
    );
    return opening;
  }

  async #open(broker: number | undefined): Promise<Connection> {
    const known = broker === undefined ? undefined : this.#brokers.get(broker);
    const candidates = known ? [known] : this.settings.brokers;
    let failure: unknown;
    for (const { host, port } of candidates) {
      const connection = new this.library.Connection(CLIENT_ID, this.settings.options);
      // Without a listener an error event would end the process.
      connection.on('error', () => undefined);
      try {
        await connection.connect(host, port);
        return connection;
      } catch (error) {
        failure = error;
        await connection.close().catch(() => undefined);
      }
    }
    // The broker may be gone for good; where the others are is asked anew.
    this.forget();
    throw failure;
  }

  #drop(key: string, connection: Connection): void {
    this.#connections.delete(key);
    void connection.close().catch(() => undefined);
  }
}
