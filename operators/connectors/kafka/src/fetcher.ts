import { keepTrying, MillraceError, type SourceSetup } from '@millrace/sdk';
import type { KafkaClient } from './client.js';
import type { DecodeTools } from './decode-batch.js';
import { Code, explainKafka, KafkaAnswer } from './errors.js';
import { Feed } from './feed.js';
import { type FetchApi, type FetchedPartition, type FetchTopic, fetchApi } from './fetch-request.js';
import { listOffset } from './offsets.js';

/** ms a broker may keep a request open while there is nothing new. */
const LONG_WAIT = 500;
/** The same while another partition of the broker is waiting for its reader. */
const SHORT_WAIT = 10;
/** Bytes of one answer. */
const MAX_BYTES = 16 << 20;
const READ_COMMITTED = 1;

export interface FetcherOptions {
  headers: boolean;
  /** What to do when records were deleted before they were read. */
  whenGone: 'stop' | 'skip';
}

/** Fetches the partitions of one source task: a loop per broker that leads some of them, ahead of the readers by little. */
export class Fetcher {
  readonly #feeds: Feed[] = [];
  readonly #loops = new Map<number, Promise<void>>();
  readonly #api: FetchApi;
  readonly #tools: DecodeTools;
  #closed = false;
  #rest: Array<() => void> = [];
  #turn = 0;

  constructor(
    private readonly setup: SourceSetup<unknown>,
    private readonly client: KafkaClient,
    private readonly options: FetcherOptions,
  ) {
    const { library } = client;
    this.#api = fetchApi(library);
    this.#tools = {
      crc32c: (data) => library.crc32c(data),
      decompress: (bitmask, data) => {
        const codec = library.compressionsAlgorithmsByBitmask[bitmask];
        if (codec === undefined || codec.available === false) throw unknownCompression(bitmask);
        return codec.decompressSync(data);
      },
    };
  }

  async add(topic: string, partition: number, offset: number, wake: () => void): Promise<Feed> {
    const feed = new Feed(topic, partition, offset, this.#tools, this.options.headers, wake, () => this.#moved());
    this.#feeds.push(feed);
    await this.#startLoops();
    this.#moved();
    return feed;
  }

  remove(feed: Feed): void {
    const at = this.#feeds.indexOf(feed);
    if (at >= 0) this.#feeds.splice(at, 1);
  }

  close(): void {
    this.#closed = true;
    this.#moved();
  }

  /** Room has come up, partitions have changed hands, or it is over: whoever rests looks again. */
  #moved(): void {
    const resting = this.#rest;
    this.#rest = [];
    for (const go of resting) go();
  }

  async #startLoops(): Promise<void> {
    for (const { topic } of this.#feeds) {
      const { leaders } = await this.client.topic(topic);
      for (const leader of leaders) {
        if (this.#loops.has(leader)) continue;
        this.#loops.set(
          leader,
          this.#loop(leader).finally(() => this.#loops.delete(leader)),
        );
      }
    }
  }

  async #loop(broker: number): Promise<void> {
    while (!this.#closed) {
      try {
        const going = await keepTrying(this.setup, () => this.#fetchOnce(broker), { explain: explainKafka });
        if (!going) return;
      } catch (error) {
        if (this.#closed) return;
        for (const feed of this.#feeds) feed.fail(error);
        return;
      }
    }
  }

  /** One request to a broker; false: it leads none of the partitions any more. */
  async #fetchOnce(broker: number): Promise<boolean> {
    if (this.#closed) return false;
    const led: Feed[] = [];
    for (const feed of this.#feeds) {
      const { leaders } = await this.client.topic(feed.topic);
      if (leaders[feed.partition] === broker) led.push(feed);
      else if (leaders[feed.partition] === undefined)
        throw new KafkaAnswer(Code.UNKNOWN_TOPIC_OR_PARTITION, 'partition', feed.topic);
      else if (!this.#loops.has(leaders[feed.partition]!)) await this.#startLoops();
    }
    if (led.length === 0) return false;
    const wanted = led.filter((feed) => feed.hasRoom);
    if (wanted.length === 0) {
      await new Promise<void>((resolve) => this.#rest.push(resolve));
      return true;
    }
    // The first partitions of a request get their bytes first.
    this.#turn = (this.#turn + 1) % wanted.length;
    const inTurn = [...wanted.slice(this.#turn), ...wanted.slice(0, this.#turn)];
    const wait = wanted.length === led.length ? LONG_WAIT : SHORT_WAIT;
    const answer = await this.#request(broker, inTurn, wait).catch((error: unknown) => {
      if (this.#closed) return [];
      this.client.forget();
      throw error;
    });
    for (const found of answer) await this.#distribute(broker, wanted, found);
    return true;
  }

  #request(broker: number, feeds: readonly Feed[], wait: number): Promise<FetchedPartition[]> {
    const topics = new Map<string, FetchTopic>();
    for (const { topic, partition, fetchOffset, maxBytes } of feeds) {
      let entry = topics.get(topic);
      if (entry === undefined) {
        entry = { topicId: topic, partitions: [] };
        topics.set(topic, entry);
      }
      entry.partitions.push({
        partition,
        currentLeaderEpoch: -1,
        fetchOffset: BigInt(fetchOffset),
        lastFetchedEpoch: -1,
        partitionMaxBytes: maxBytes,
      });
    }
    const at = { broker, lane: 'fetch' };
    return this.client.call(this.#api, at, wait, 1, MAX_BYTES, READ_COMMITTED, 0, -1, [...topics.values()], [], '');
  }

  async #distribute(broker: number, feeds: readonly Feed[], found: FetchedPartition): Promise<void> {
    const feed = feeds.find(({ topic, partition }) => topic === found.topic && partition === found.partition);
    if (feed === undefined) return;
    if (found.errorCode === 0) feed.arrive(found, found.lastStable);
    else if (found.errorCode === Code.OFFSET_OUT_OF_RANGE) await this.#gone(broker, feed);
    else {
      this.client.forget();
      throw new KafkaAnswer(found.errorCode, 'fetch', found.topic);
    }
  }

  /** The broker has deleted records that were still to be read, or the topic was made anew. */
  async #gone(broker: number, feed: Feed): Promise<void> {
    const { topic, partition, fetchOffset } = feed;
    const first = await listOffset(this.client, broker, topic, partition, 'earliest');
    const lost = first - fetchOffset;
    if (this.options.whenGone === 'skip') {
      this.setup.services.log(
        'warn',
        'Kafka has deleted records before they were read; going on with the oldest there is.',
        {
          topic,
          partition,
          from: fetchOffset,
          to: first,
        },
      );
      feed.jump(first);
      return;
    }
    throw new MillraceError(
      lost > 0
        ? `Kafka has deleted ${lost} records of "${topic}" (partition ${partition}) before they were read.`
        : `Topic "${topic}" (partition ${partition}) holds less than was read from it already: it was made anew.`,
      {
        code: 'KAFKA_OFFSET_GONE',
        domain: 'user',
        retry: 'backoff',
        params: { topic, partition, from: fetchOffset, first },
        hint: 'To go on with the oldest records there are, set "When records are gone" to skip and publish; or start a fresh run.',
      },
    );
  }
}

function unknownCompression(bitmask: number): MillraceError {
  const name = ['none', 'gzip', 'snappy', 'lz4', 'zstd'][bitmask] ?? String(bitmask);
  return new MillraceError(`Messages are compressed with ${name}, which cannot be unpacked here.`, {
    code: 'KAFKA_COMPRESSION',
    domain: 'user',
    params: { compression: name },
    hint: name === 'zstd' ? 'Unpacking zstd needs Node 22.15 or newer.' : 'Use gzip, snappy, lz4 or zstd.',
  });
}
