import type { SourceBatch, SourceReader, Value } from '@millrace/sdk';
import type { InRecord } from './decode-batch.js';
import type { Feed } from './feed.js';

/** Where a partition is read on: kept in the task's commit. */
export interface KafkaPosition {
  offset: number;
  /** Bounded reading only: first offset, and the one to end before. */
  begin?: number;
  end?: number;
}

/** Hands the records of one partition to the task. */
export class PartitionReader implements SourceReader {
  readonly at: Value;

  constructor(
    private readonly feed: Feed,
    private readonly start: KafkaPosition,
    private readonly toValue: (record: InRecord) => Value | undefined,
    private readonly onCommitted: (offset: number) => void,
    private readonly onClose: () => void,
  ) {
    this.at = start;
  }

  poll(max: number): SourceBatch | null | Promise<SourceBatch | null> {
    const { end } = this.start;
    if (end === undefined) return this.#batch(max);
    if (this.feed.next >= end) return { values: [], position: this.#position(this.feed.next), end: true };
    return this.#bounded(max);
  }

  async #bounded(max: number): Promise<SourceBatch> {
    for (;;) {
      await this.feed.ready();
      const batch = this.#batch(max);
      const end = this.feed.next >= this.start.end!;
      if (batch !== null && (batch.values.length > 0 || end)) return { ...batch, end };
    }
  }

  #batch(max: number): SourceBatch | null {
    const values: Value[] = [];
    const offsets: number[] = [];
    const times: number[] = [];
    const { toValue, feed } = this;
    const { end = Number.MAX_SAFE_INTEGER } = this.start;
    const before = feed.next;
    feed.take(max, (record) => {
      if (record.offset >= end) return;
      const value = toValue(record);
      if (value === undefined) return;
      values.push(value);
      offsets.push(record.offset + 1);
      times.push(record.time < 0 ? Number.NaN : record.time);
    });
    if (feed.next === before) return null;
    return {
      values,
      times,
      position: this.#position(feed.next),
      after: (n) => this.#position(offsets[n - 1]!),
    };
  }

  #position(offset: number): KafkaPosition {
    const { begin, end } = this.start;
    return end === undefined ? { offset } : { offset, begin: begin!, end };
  }

  progress(): { done: number; total: number } {
    const { offset, begin = offset, end = offset } = this.start;
    return { done: Math.min(this.feed.next, end) - begin, total: end - begin };
  }

  committed(position: Value): void {
    this.onCommitted((position as KafkaPosition).offset);
  }

  close(): void {
    this.onClose();
  }
}
