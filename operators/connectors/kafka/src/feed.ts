import { type DecodeTools, type FetchedChunk, type InRecord, RecordCursor, readInt64 } from './decode-batch.js';

/** Chunks kept ahead of the reader. */
const AHEAD = 2;
const FIRST_BYTES = 1 << 20;
const MOST_BYTES = 64 << 20;

/** What has been fetched of one partition and not been read yet. */
export class Feed {
  /** Offset to fetch next. */
  fetchOffset: number;
  /** Readers of committed records see offsets below this one; undefined until the first answer. */
  lastStable: number | undefined;
  /** Bytes to ask for at a time; grows when a single batch is larger. */
  maxBytes = FIRST_BYTES;
  failure: unknown;
  readonly #cursor: RecordCursor;
  readonly #waiting: FetchedChunk[] = [];
  #arrived: (() => void) | undefined;

  constructor(
    readonly topic: string,
    readonly partition: number,
    offset: number,
    tools: DecodeTools,
    headers: boolean,
    /** Called when there is something new. */
    private readonly wake: () => void,
    /** Called when there is room for another chunk. */
    private readonly drained: () => void,
  ) {
    this.fetchOffset = offset;
    this.#cursor = new RecordCursor(offset, tools, headers);
  }

  /** Offset to go on from once everything taken so far is done. */
  get next(): number {
    return this.#cursor.next;
  }

  get hasRoom(): boolean {
    return this.failure === undefined && this.#waiting.length < AHEAD;
  }

  /** An answer for this partition. */
  arrive(chunk: FetchedChunk, lastStable: number): void {
    this.lastStable = lastStable;
    const end = endOffset(chunk.bytes);
    if (end === undefined) {
      if (chunk.bytes.length > 0) this.maxBytes = Math.min(this.maxBytes * 2, MOST_BYTES);
      return;
    }
    this.fetchOffset = Math.max(end, this.fetchOffset);
    this.#waiting.push(chunk);
    this.#tell();
  }

  /** Goes on at another offset: what lay between has been deleted. */
  jump(offset: number): void {
    this.fetchOffset = offset;
    this.#cursor.next = offset;
  }

  fail(error: unknown): void {
    this.failure ??= error;
    this.#tell();
  }

  #tell(): void {
    this.#arrived?.();
    this.wake();
  }

  /** Appends up to `max` records that are there now. Throws what reading has come to. */
  take(max: number, visit: (record: InRecord) => void): void {
    let left = max;
    while (left > 0) {
      if (this.#cursor.empty) {
        const chunk = this.#waiting.shift();
        if (chunk === undefined) break;
        this.#cursor.feed(chunk);
        this.drained();
      }
      this.#cursor.take(left, (record) => {
        left--;
        visit(record);
      });
    }
    if (left === max && this.#waiting.length === 0 && this.failure !== undefined) throw this.failure;
  }

  /** Resolves when there is something to take, or a failure. */
  ready(): Promise<void> {
    if (this.#waiting.length > 0 || !this.#cursor.empty || this.failure !== undefined) return Promise.resolve();
    return new Promise((resolve) => {
      this.#arrived = () => {
        this.#arrived = undefined;
        resolve();
      };
    });
  }
}

/** Offset behind the last whole batch; undefined when there is none. */
function endOffset(bytes: Buffer): number | undefined {
  let end: number | undefined;
  for (let at = 0; bytes.length - at >= 61; ) {
    const size = 12 + bytes.readInt32BE(at + 8);
    if (size < 61 || bytes.length - at < size) break;
    end = readInt64(bytes, at) + bytes.readInt32BE(at + 23) + 1;
    at += size;
  }
  return end;
}
