/** How many visits start until when: the intensity of visits over time, in closed form so that any time can be looked up directly. */

const DAY = 86_400_000;

export interface Sale {
  /** ms from the start of one sale to that of the next; the first starts after one such span. */
  every: number;
  duration: number;
  /** Visits during a sale compared with before. */
  factor: number;
}

export class Visitors {
  constructor(
    /** Visits per ms, on the average of a day, outside of sales. */
    private readonly perMs: number,
    /** ms since 1970 of time 0, at which the shop is opened to the outside. It was busy before, too. */
    private readonly start: number,
    private readonly daily: boolean,
    private readonly sale: Sale | undefined,
  ) {}

  /** Ordinary visits in [0, t), t in ms; less than zero for an earlier time. */
  ordinary(t: number): number {
    const curve = this.daily ? hours(this.start + t) - hours(this.start) : 0;
    return this.perMs * (t + curve);
  }

  /** Visits that a sale adds in [0, t). */
  drawnBySale(t: number): number {
    if (this.sale === undefined) return 0;
    const { every, duration, factor } = this.sale;
    const sales = Math.floor(t / every);
    if (sales < 1) return 0;
    return this.perMs * (factor - 1) * ((sales - 1) * duration + Math.min(duration, t - sales * every));
  }

  /** Whole visits begun in [0, t). */
  count(t: number): number {
    return Math.floor(this.ordinary(t) + this.drawnBySale(t));
  }

  /** The part of [from, to) in which a sale is on; undefined when there is none. */
  saleWithin(from: number, to: number): [number, number] | undefined {
    if (this.sale === undefined) return undefined;
    const { every, duration } = this.sale;
    for (let start = Math.max(1, Math.floor(from / every)) * every; start < to; start += every) {
      if (start + duration > from) return [Math.max(from, start), Math.min(to, start + duration)];
    }
    return undefined;
  }
}

/**
 * Integral of the daily curve less 1, in ms: 1 + 0.45 cos(2π(h − 17)/24) + 0.15 cos(4π(h − 21)/24) over the hour h in UTC. Lowest
 * (0.48) about 5:00, highest (1.46) about 19:00, 1 on average.
 */
function hours(ms: number): number {
  const turn = (2 * Math.PI * ms) / DAY;
  const a = 0.45 * Math.sin(turn - (2 * Math.PI * 17) / 24);
  const b = 0.075 * Math.sin(2 * turn - (4 * Math.PI * 21) / 24);
  return ((a + b) * DAY) / (2 * Math.PI);
}
