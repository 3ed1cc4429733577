/** Longest record in bytes; what is longer becomes a `BadInput`. */
export const MAX_RECORD = 1024 * 1024;

/** Room at first. Larger reads are slower here: what is read should still be in the cache when it is parsed. */
const FIRST_CAPACITY = 256 * 1024;

/**
 * The bytes of a stream that are read but not yet used up, in `buffer[start..end)`. `offset` and `line` say where the last whole
 * record ended, which is where a later run goes on; `discard` drops bytes of a record that has not ended yet and leaves them alone.
 */
export class ByteWindow {
  buffer: Buffer = Buffer.alloc(0);
  start = 0;
  end = 0;
  /** Bytes of the stream (uncompressed) before the next record. */
  offset = 0;
  /** Lines before the next record. */
  line = 0;
  #discarded = 0;

  get length(): number {
    return this.end - this.start;
  }

  /** Bytes of the stream taken in so far: where the next byte read comes from. */
  get readTo(): number {
    return this.offset + this.#discarded + this.length;
  }

  /** A whole record, or a skipped line end, of this many bytes and lines is done. */
  consume(bytes: number, lines: number): void {
    this.start += bytes;
    this.offset += this.#discarded + bytes;
    this.line += lines;
    this.#discarded = 0;
  }

  /** Forgets bytes of a record whose end is not known yet. */
  discard(bytes: number): void {
    this.start += bytes;
    this.#discarded += bytes;
  }

  /** Makes room behind `end`, by moving what is left to the front or by growing, and returns the free bytes. */
  makeRoom(): number {
    if (this.buffer.length === 0) this.buffer = Buffer.allocUnsafeSlow(FIRST_CAPACITY);
    if (this.start > 0) {
      if (this.length > 0) this.buffer.copyWithin(0, this.start, this.end);
      this.end -= this.start;
      this.start = 0;
    }
    // A record may be MAX_RECORD long and still be waiting for its line end.
    if (this.end > this.buffer.length / 2 && this.buffer.length < 4 * MAX_RECORD) {
      const larger = Buffer.allocUnsafeSlow(this.buffer.length * 2);
      this.buffer.copy(larger, 0, 0, this.end);
      this.buffer = larger;
    }
    return this.buffer.length - this.end;
  }

  /** Continues at another place of the stream, or in another file. */
  moveTo(offset: number, line: number): void {
    this.start = 0;
    this.end = 0;
    this.offset = offset;
    this.line = line;
    this.#discarded = 0;
  }

  /** Gives the memory back; the window stays usable. */
  release(): void {
    this.buffer = Buffer.alloc(0);
    this.start = 0;
    this.end = 0;
  }

  /** Index of the first byte of this value at or after `from`, -1 when there is none. */
  find(byte: number, from: number): number {
    return from >= this.end ? -1 : this.buffer.subarray(0, this.end).indexOf(byte, from);
  }
}
