import { EPOCH_AUCTIONS, EPOCH_EVENTS } from './ids.js';

/** Multiplier that stirs the events of a group (NexmarkConfiguration of apache/beam). */
const STIR = 953;
/** Auctions an auction stays open for, on average. */
const OPEN_AUCTIONS = 100;

/** When events happen and in which order they come. */
export class Timeline {
  readonly #delayUs: number;

  /** `rate` in events per second, `group` events that come in a stirred order, `start` in ms. */
  constructor(
    readonly rate: number,
    readonly group: number,
    readonly start: number,
  ) {
    this.#delayUs = 1_000_000 / rate;
  }

  /** Id of the event that comes as number `n`. */
  eventAt(n: number): number {
    const { group } = this;
    if (group === 1) return n;
    const place = n % group;
    return n - place + ((place * STIR) % group);
  }

  timeOf(event: number): number {
    return this.start + Math.floor((event * this.#delayUs) / 1000);
  }

  /** ms from an event to the one that is 100 auctions later. */
  horizon(event: number): number {
    return this.timeOf(event + Math.floor((OPEN_AUCTIONS * EPOCH_EVENTS) / EPOCH_AUCTIONS)) - this.timeOf(event);
  }

  /** How far behind the newest an event may come, ms. */
  get disorder(): number {
    return this.group === 1 ? 0 : Math.ceil(((this.group - 1) * this.#delayUs) / 1000);
  }
}
