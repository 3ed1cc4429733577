import {
  BadInput,
  type Clock,
  durationMs,
  type EventTimeConfig,
  fieldReader,
  MAX_TIME,
  MIN_TIME,
  MillraceError,
  parseTime,
  preciseNow,
  type SourceBatch,
  type SourceBehaviour,
  type SourceReader,
  type StreamRecord,
  type Value,
} from '@millrace/sdk';
import type { Mark } from './batch.js';
import type { Chunk, Input } from './inputs.js';
import type { NodeRunner } from './node-runner.js';

interface SourcePosition {
  /** The reader's own position at the start of the current batch. */
  reader: Value | null;
  /** Values after it that are done. */
  skip: number;
  /** Largest event time so far, and the watermark slot of the last marker. */
  max: number;
  slot: number;
  ended: boolean;
}

export interface SourceOptions {
  /** Event time settings, undefined: time of arrival. */
  time: EventTimeConfig | undefined;
  /** ms of event time between markers; 0: make none. */
  interval: number;
  clock: Clock;
  /** Values a poll may bring. */
  pollSize: number;
  failed(record: StreamRecord, error: MillraceError): void;
}

/**
 * Reads one partition of a source and gives its records event time, birth and watermark markers. Markers depend on the records
 * alone: one follows the record with which max time − disorder − 1 enters a new multiple of the interval.
 */
export class SourceInput implements Input {
  readonly port = 'out';
  ended = false;
  #reader: SourceReader | undefined;
  #batch: SourceBatch | undefined;
  #cursor = 0;
  #at: Value | null = null;
  #skip = 0;
  #max = MIN_TIME;
  #slot = MIN_TIME;
  #born = 0;
  #ready = true;
  #lastArrival: number;
  #idle = false;
  readonly #timeOf: ((value: Value) => Value) | undefined;
  readonly #unit: 'ms' | 's';
  readonly #zone: string | undefined;
  readonly #bound: number;
  readonly #idleAfter: number;
  /** For progress: what the reader's position says, if it is a number or has an `offset`. */
  finishing = false;

  constructor(
    readonly id: string,
    readonly node: NodeRunner,
    readonly channel: number,
    readonly partition: string,
    private readonly source: SourceBehaviour,
    private readonly options: SourceOptions,
  ) {
    const { time } = options;
    this.#timeOf = time?.field === undefined ? undefined : fieldReader(time.field);
    this.#unit = time?.unit ?? 'ms';
    this.#zone = time?.zone;
    this.#bound = durationMs(time?.disorder ?? 0);
    this.#idleAfter = durationMs(time?.idleAfter ?? 10_000);
    this.#lastArrival = options.clock.now();
  }

  get live(): boolean {
    return this.source.live;
  }

  async open(): Promise<void> {
    if (this.ended) return;
    this.#reader = await this.source.open(this.partition, this.#at);
    this.#at ??= this.#reader.at ?? null;
  }

  async close(): Promise<void> {
    await this.#reader?.close?.();
  }

  /** A live source has something again. */
  wake(): void {
    this.#ready = true;
  }

  fill(): boolean | Promise<boolean> {
    if (this.#batch) return true;
    if (this.ended) return false;
    if (this.finishing) {
      this.#batch = { values: [], position: this.#at, end: true };
      return true;
    }
    if (!this.#ready) return false;
    const polled = this.#reader!.poll(this.options.pollSize + this.#skip);
    return polled instanceof Promise ? polled.then((batch) => this.#polled(batch)) : this.#polled(polled);
  }

  #polled(batch: SourceBatch | null): boolean {
    if (batch === null || (batch.values.length === 0 && !batch.end)) {
      // A bounded source is asked again at once; a live one calls wake.
      this.#ready = !this.source.live;
      if (batch !== null) this.#at = batch.position;
      return false;
    }
    this.#batch = batch;
    this.#cursor = 0;
    this.#born = preciseNow(this.options.clock);
    if (batch.values.length > 0) this.#lastArrival = this.options.clock.now();
    return true;
  }

  take(max: number): Chunk {
    const batch = this.#batch!;
    const { values, ports, times } = batch;
    if (this.#skip > 0 && this.#cursor === 0) {
      if (this.#skip > values.length && !batch.end) {
        // Resumed in the middle of what was one larger batch then: pass over this one.
        this.#skip -= values.length;
        this.#at = batch.position;
        this.#batch = undefined;
        return { records: [], marks: [] };
      }
      this.#cursor = Math.min(this.#skip, values.length);
    }
    const records: StreamRecord[] = [];
    const recordPorts: string[] | undefined = ports ? [] : undefined;
    const marks: Mark[] = [];
    const { interval } = this.options;
    const timeOf = this.#timeOf;
    const born = this.#born;
    const from = this.#cursor;
    const until = Math.min(values.length, from + max);
    if (this.#idle && until > from) this.#idle = false;
    let i = from;
    while (i < until) {
      const value = values[i]!;
      i++;
      if (value instanceof BadInput) {
        this.#reject(value.raw, value.error);
        continue;
      }
      let time = Math.floor(born);
      if (timeOf !== undefined) {
        const raw = timeOf(value);
        time = parseTime(raw, this.#unit, this.#zone);
        if (Number.isNaN(time)) {
          this.#reject(value, this.#badTime(raw));
          continue;
        }
      } else if (times !== undefined) {
        const known = times[i - 1]!;
        if (!Number.isNaN(known)) time = Math.floor(known);
      }
      records.push({ value, time, key: undefined, born, op: 'insert' });
      if (recordPorts) recordPorts.push(ports![i - 1]!);
      if (time > this.#max) {
        this.#max = time;
        if (interval > 0) {
          const watermark = time - this.#bound - 1;
          const slot = Math.floor(watermark / interval);
          if (slot > this.#slot) {
            this.#slot = slot;
            marks.push({ at: records.length, kind: 'watermark', value: watermark });
            break;
          }
        }
      }
    }
    this.#cursor = i;
    if (i >= values.length) {
      this.#batch = undefined;
      this.#at = batch.position;
      this.#skip = 0;
      if (batch.end) {
        this.ended = true;
        marks.push({ at: records.length, kind: 'end' });
      }
    } else this.#skip = i;
    return { records, ports: recordPorts, marks };
  }

  /**
   * A live source that has been quiet for longer than `idleAfter` (strictly) no longer holds others back, and its own time goes on
   * with the clock: the signals to apply now, if any. They become permanent with the commit that follows.
   */
  quiet(now: number): Mark[] {
    if (!this.source.live || this.ended || this.#batch || this.options.interval === 0) return [];
    const silent = now - this.#lastArrival;
    if (silent <= this.#idleAfter) return [];
    const marks: Mark[] = [];
    marks.push({ at: 0, kind: 'active' });
    if (this.#max > MIN_TIME) {
      const watermark = Math.floor(this.#max + silent) - this.#bound - 1;
      const slot = Math.floor(watermark / this.options.interval);
      if (slot > this.#slot) {
        this.#slot = slot;
        marks.push({ at: 0, kind: 'watermark', value: Math.min(watermark, MAX_TIME) });
      } else if (this.#idle) return [];
    } else if (this.#idle) return [];
    this.#idle = true;
    marks.push({ at: 0, kind: 'idle' });
    return marks;
  }

  #reject(value: Value, error: MillraceError): void {
    this.options.failed(
      {
        value,
        time: this.#max === MIN_TIME ? Math.floor(this.#born) : this.#max,
        key: undefined,
        born: this.#born,
        op: 'insert',
      },
      error,
    );
  }

  #badTime(raw: Value): MillraceError {
    const field = this.options.time!.field!;
    return raw === null
      ? new MillraceError(`The record has no field "${field}", which says when it happened.`, {
          code: 'TIME_MISSING',
          params: { field },
          hint: 'Choose another time field in the source, or leave it empty to use the time of arrival.',
        })
      : new MillraceError(`"${String(raw).slice(0, 60)}" in field "${field}" is not a time.`, {
          code: 'TIME_INVALID',
          params: { field, value: String(raw).slice(0, 60) },
          hint: 'Times are ISO 8601 text such as 2011-10-02T10:32:00Z, or a number in the unit set in the source.',
        });
  }

  /** To be called once the commit that is being made now is durable: tells the reader how far it may acknowledge. */
  acknowledgement(): () => void | Promise<void> {
    const [at] = this.#place();
    return () => (at === null ? undefined : this.#reader?.committed?.(at));
  }

  /** Share of a bounded input that was read; undefined when the reader cannot tell. */
  progress(): { done: number; total: number } | undefined {
    if (this.source.live) return undefined;
    const progress = this.#reader?.progress?.();
    return progress && progress.total > 0 ? progress : undefined;
  }

  position(): SourcePosition {
    const [reader, skip] = this.#place();
    return { reader, skip, max: this.#max, slot: this.#slot, ended: this.ended };
  }

  /** Position to go on from, and how many values behind it are done. */
  #place(): [Value | null, number] {
    const after = this.#batch?.after;
    return after !== undefined && this.#cursor > 0
      ? [after.call(this.#batch, this.#cursor), 0]
      : [this.#at, this.#skip];
  }

  restore(position: Value): void {
    const { reader, skip, max, slot, ended } = position as SourcePosition;
    this.#at = reader;
    this.#skip = skip;
    this.#max = max;
    this.#slot = slot;
    this.ended = ended;
  }
}
