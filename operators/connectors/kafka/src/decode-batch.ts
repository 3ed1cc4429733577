/** One record as it lies in a log; the buffers are views into what was fetched. */
export interface InRecord {
  offset: number;
  /** ms; -1: none. */
  time: number;
  key: Buffer | null;
  value: Buffer | null;
  /** undefined when nobody asked for them. */
  headers: { [name: string]: string } | undefined;
}

export interface DecodeTools {
  crc32c(data: Buffer): number;
  /** By the lower three bits of a batch's attributes. */
  decompress(bitmask: number, data: Buffer): Buffer;
}

/** A transaction that was aborted: its records are not for readers. Offsets are those of its first record. */
export interface Aborted {
  producerId: number;
  firstOffset: number;
}

/** What came for one partition: raw batches, read bit by bit. */
export interface FetchedChunk {
  bytes: Buffer;
  aborted: readonly Aborted[];
}

const HEADER = 61;
const TRANSACTIONAL = 1 << 4;
const CONTROL = 1 << 5;
const LOG_APPEND_TIME = 1 << 3;
const ABORT_MARKER = 0;

/**
 * Reads records out of fetched bytes, as a reader that sees committed records only: those of aborted transactions and markers are
 * passed over. A batch at the end that is not whole is left for the next fetch.
 */
export class RecordCursor {
  /** Offset to go on from once everything taken so far is done. */
  next: number;
  #chunk: Buffer | undefined;
  #at = 0;
  /** Records of the batch at hand. */
  #records: Buffer = Buffer.alloc(0);
  #recordAt = 0;
  #recordsLeft = 0;
  #base = 0;
  #baseTime = 0;
  #fixedTime: number | undefined;
  #batchEnd = 0;
  #pending: Aborted[] = [];
  readonly #open = new Set<number>();

  constructor(
    offset: number,
    private readonly tools: DecodeTools,
    private readonly headers: boolean,
  ) {
    this.next = offset;
  }

  get empty(): boolean {
    return this.#chunk === undefined;
  }

  /** Gives it what was fetched from `next`; only when it is empty. */
  feed({ bytes, aborted }: FetchedChunk): void {
    this.#chunk = bytes;
    this.#at = 0;
    this.#recordsLeft = 0;
    this.#open.clear();
    this.#pending = [...aborted].sort((a, b) => a.firstOffset - b.firstOffset);
  }

  /** Appends up to `max` records; fewer only when the bytes are used up (then it is empty). */
  take(max: number, visit: (record: InRecord) => void): void {
    let left = max;
    while (left > 0) {
      if (this.#recordsLeft === 0) {
        if (!this.#nextBatch()) {
          this.#chunk = undefined;
          return;
        }
        continue;
      }
      // The first batch of a fetch may begin before the offset that was asked for.
      const wanted = this.next;
      const record = this.#record();
      this.#recordsLeft--;
      this.next = Math.max(wanted, this.#recordsLeft === 0 ? this.#batchEnd : record.offset + 1);
      if (record.offset < wanted) continue;
      visit(record);
      left--;
    }
  }

  /** Opens the next batch that holds records for readers; false: no whole batch is left. */
  #nextBatch(): boolean {
    const chunk = this.#chunk;
    if (chunk === undefined) return false;
    while (chunk.length - this.#at >= HEADER) {
      const at = this.#at;
      const size = 12 + chunk.readInt32BE(at + 8);
      if (size < HEADER || chunk.length - at < size) return false;
      this.#at = at + size;
      if (chunk[at + 16] !== 2) throw corrupt(`a batch of format ${chunk[at + 16]}`);
      const body = chunk.subarray(at + 21, at + size);
      if (this.tools.crc32c(body) >>> 0 !== chunk.readUInt32BE(at + 17)) throw corrupt('a checksum that does not fit');
      this.#base = readInt64(chunk, at);
      this.#batchEnd = this.#base + chunk.readInt32BE(at + 23) + 1;
      const attributes = chunk.readInt16BE(at + 21);
      const visible = this.#isVisible(attributes, readInt64(chunk, at + 43), chunk, at);
      const count = chunk.readInt32BE(at + 57);
      if (!visible || count === 0 || this.#batchEnd <= this.next) {
        this.next = Math.max(this.next, this.#batchEnd);
        continue;
      }
      this.#baseTime = readInt64(chunk, at + 27);
      this.#fixedTime = attributes & LOG_APPEND_TIME ? readInt64(chunk, at + 35) : undefined;
      const packed = chunk.subarray(at + HEADER, at + size);
      const bitmask = attributes & 7;
      this.#records = bitmask === 0 ? packed : this.tools.decompress(bitmask, packed);
      this.#recordAt = 0;
      this.#recordsLeft = count;
      return true;
    }
    return false;
  }

  /** Follows which transactions are being aborted at this place of the log. */
  #isVisible(attributes: number, producerId: number, chunk: Buffer, at: number): boolean {
    while (this.#pending.length > 0 && this.#pending[0]!.firstOffset < this.#batchEnd) {
      this.#open.add(this.#pending.shift()!.producerId);
    }
    if (attributes & CONTROL) {
      // Record: length, attributes, time, offset, key length (4) as one byte each; key: version, kind.
      if (chunk.readInt16BE(at + HEADER + 7) === ABORT_MARKER) this.#open.delete(producerId);
      return false;
    }
    return !(attributes & TRANSACTIONAL && this.#open.has(producerId));
  }

  #record(): InRecord {
    const bytes = this.#records;
    const length = this.#varint(bytes);
    const end = this.#recordAt + length;
    this.#recordAt++;
    const time = this.#baseTime + this.#varint(bytes);
    const offset = this.#base + this.#varint(bytes);
    const key = this.#blob(bytes);
    const value = this.#blob(bytes);
    const headers = this.headers ? this.#headers(bytes) : undefined;
    this.#recordAt = end;
    return { offset, time: this.#fixedTime ?? time, key, value, headers };
  }

  #headers(bytes: Buffer): { [name: string]: string } {
    const headers: { [name: string]: string } = {};
    for (let left = this.#varint(bytes); left > 0; left--) {
      const name = this.#blob(bytes)?.toString('utf8') ?? '';
      const value = this.#blob(bytes)?.toString('utf8') ?? '';
      if (name !== '__proto__') headers[name] = value;
    }
    return headers;
  }

  #blob(bytes: Buffer): Buffer | null {
    const length = this.#varint(bytes);
    if (length < 0) return null;
    const from = this.#recordAt;
    this.#recordAt = from + length;
    return bytes.subarray(from, from + length);
  }

  #varint(bytes: Buffer): number {
    let byte = bytes[this.#recordAt++]!;
    if (byte < 128) return byte & 1 ? -(byte + 1) / 2 : byte / 2;
    let value = byte & 127;
    let scale = 128;
    do {
      byte = bytes[this.#recordAt++]!;
      value += (byte & 127) * scale;
      scale *= 128;
    } while (byte >= 128);
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  }
}

/** 64-bit number as a double: exact up to 2^53, which offsets, times and producer ids never reach. */
export function readInt64(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at) * 4294967296 + bytes.readUInt32BE(at + 4);
}

function corrupt(what: string): Error {
  return Object.assign(new Error(`The broker sent ${what}.`), { code: 'KAFKA_CORRUPT' });
}
