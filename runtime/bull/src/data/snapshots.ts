import type { StateWriter } from './state-codec.js';
import type { StateCopy } from './state-copy.js';

/** Bytes of one snapshot blob, about. */
const CHUNK = 2 * 1024 * 1024;
/** A log shorter than this is not worth a snapshot. */
const LOG_MIN = 1024 * 1024;

/** A field of the task's snapshot hash to write, or to remove. */
export interface SnapshotField {
  field: string;
  blob: Buffer | undefined;
}

export const fieldOf = (group: number, part: number) => `${group}:${part}`;

/**
 * Decides which key groups' snapshots ride along with a commit. A rotation begins when the log outgrows the state; it writes group
 * after group, at twice the pace at which the log grows, so no commit carries all of the state. Once through, the log up to the
 * rotation's first commit may go. So the log is never much longer than twice the state, and a restore reads at most three times the
 * state's size.
 */
export class Snapshots {
  /** Parts stored of each group. */
  readonly #parts = new Map<number, number>();
  /** Log bytes not covered by the last full rotation, and of those the ones since the running rotation began. */
  #logBytes = 0;
  #sinceStart = 0;
  #start = 0;
  #next: number | undefined;
  #budget = 0;

  constructor(
    private readonly key: string,
    private readonly copy: StateCopy,
    private readonly writer: StateWriter,
    private readonly groups: readonly [number, number],
  ) {}

  /** What the store holds at the start. */
  restored(parts: ReadonlyMap<number, number>, logBytes: number): void {
    for (const [group, count] of parts) this.#parts.set(group, count);
    this.#logBytes = logBytes;
  }

  /**
   * To be called with each commit that changes state, once the copy has its changes: the fields to write with it, and the first log
   * entry to keep (0: all).
   */
  advance(sequence: number, deltaBytes: number): { fields: SnapshotField[]; keepFrom: number } {
    this.#logBytes += deltaBytes;
    this.#sinceStart += deltaBytes;
    const fields: SnapshotField[] = [];
    if (this.#next === undefined) {
      if (this.#logBytes < Math.max(LOG_MIN, this.copy.bytes)) return { fields, keepFrom: 0 };
      this.#next = this.groups[0];
      this.#start = sequence;
      this.#sinceStart = 0;
      this.#budget = LOG_MIN / 4;
    } else this.#budget += 2 * deltaBytes;
    while (this.#next <= this.groups[1] && this.#budget > 0) {
      this.#budget -= this.copy.groupBytes(this.#next);
      this.#write(this.#next++, sequence, fields);
    }
    if (this.#next <= this.groups[1]) return { fields, keepFrom: 0 };
    this.#next = undefined;
    this.#logBytes = this.#sinceStart;
    return { fields, keepFrom: this.#start + 1 };
  }

  /** All groups, one after the other: for a task that is written from nothing. */
  *eachGroup(sequence: number): Generator<SnapshotField[]> {
    for (let group = this.groups[0]; group <= this.groups[1]; group++) {
      const fields: SnapshotField[] = [];
      this.#write(group, sequence, fields);
      yield fields;
    }
  }

  #write(group: number, sequence: number, fields: SnapshotField[]): void {
    const { writer, key } = this;
    let part = 0;
    const cut = () => {
      const field = fieldOf(group, part++);
      fields.push({ field, blob: writer.end(`${key}/${field}`) });
      writer.begin(sequence);
    };
    writer.begin(sequence);
    this.copy.write(group, writer, CHUNK, cut);
    if (writer.operations > 0) cut();
    const before = this.#parts.get(group) ?? 0;
    for (let gone = part; gone < before; gone++) fields.push({ field: fieldOf(group, gone), blob: undefined });
    this.#parts.set(group, part);
  }
}
