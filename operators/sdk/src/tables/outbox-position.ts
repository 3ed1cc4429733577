import { MillraceError } from '../errors.js';
import type { DeliveryPlace } from '../operator.js';
import type { StreamRecord } from '../record.js';

/** A record on its way into a table, with its place in the outbox. */
export interface Delivery {
  record: StreamRecord;
  place: DeliveryPlace;
}

/** The row a target keeps for one partition of a node's outbox, written in the same transaction as the records. */
export interface StoredPosition {
  epoch: number;
  sequence: number;
  offset: number;
  /** Places at or before the position that were refused and not written: `sequence-offset`, separated by commas. */
  refused: string;
}

/** Before anything was written. */
export const NOTHING: Omit<StoredPosition, 'epoch'> = { sequence: 0, offset: -1, refused: '' };

/**
 * What a task knows of the position the target keeps. A record at or before it has been written, unless it is listed as refused: the
 * position moves past a refused record in the target before the dead letter is in a commit of ours, so a crash in between must be able
 * to find it again. Refused places are forgotten once that commit is sure.
 */
export class OutboxPosition {
  sequence: number;
  offset: number;

  /** `refused`: what this process knows to be refused, by place: the generation of commits it belongs to. Outlives connections. */
  constructor(
    stored: StoredPosition,
    readonly epoch: number,
    private readonly refused: Map<string, number>,
  ) {
    if (stored.epoch > epoch) throw fenced(stored.epoch, epoch);
    this.sequence = stored.sequence;
    this.offset = stored.offset;
    const listed = new Set(stored.refused.split(',').filter((place) => place !== ''));
    // A place the target has passed and does not list was written after all.
    for (const place of refused.keys()) if (!listed.has(place) && this.#passed(place)) refused.delete(place);
    // Of an earlier life: kept until everything up to the position has come again.
    for (const place of listed) if (!refused.has(place)) refused.set(place, Number.POSITIVE_INFINITY);
  }

  /** Has to be written (again). */
  isDue({ sequence, offset }: DeliveryPlace): boolean {
    return !this.#isBehind(sequence, offset) || this.refused.has(`${sequence}-${offset}`);
  }

  refuse({ sequence, offset }: DeliveryPlace, generation: number): void {
    this.refused.set(`${sequence}-${offset}`, generation);
  }

  /** Position and refused list once `written` is in the target. */
  after(written: readonly Delivery[]): Omit<StoredPosition, 'epoch'> {
    const { sequence, offset } = written.at(-1)!.place;
    const gone = new Set(
      this.refused.size === 0 ? [] : written.map(({ place }) => `${place.sequence}-${place.offset}`),
    );
    const refused = [...this.refused.keys()].filter((place) => !gone.has(place)).join(',');
    return this.#isBehind(sequence, offset)
      ? { sequence: this.sequence, offset: this.offset, refused }
      : { sequence, offset, refused };
  }

  moved(to: Omit<StoredPosition, 'epoch'>, written: readonly Delivery[], generation: number): void {
    const on = !(to.sequence === this.sequence && to.offset === this.offset);
    this.sequence = to.sequence;
    this.offset = to.offset;
    if (this.refused.size === 0) return;
    for (const { place } of written) this.refused.delete(`${place.sequence}-${place.offset}`);
    if (on)
      for (const [place, of] of this.refused) if (of === Number.POSITIVE_INFINITY) this.refused.set(place, generation);
  }

  #passed(place: string): boolean {
    const [sequence, offset] = place.split('-').map(Number) as [number, number];
    return this.#isBehind(sequence, offset);
  }

  #isBehind(sequence: number, offset: number): boolean {
    return sequence < this.sequence || (sequence === this.sequence && offset <= this.offset);
  }
}

export function fenced(stored: number, epoch: number): MillraceError {
  return new MillraceError('Another owner of this task has written to the target; this one stops.', {
    code: 'FENCED',
    domain: 'internal',
    retry: 'never',
    params: { stored, epoch },
  });
}
