/**
 * Weights that fade: an event counts 1 when it happens, half after `halfLife`, a quarter after two.
 * Exponential decay as in Cormode, Shkapenyuk, Srivastava, Xu, "Forward decay: a practical time decay model for streaming systems"
 * (ICDE 2009), kept as [weight at time t, t]. The order in which events arrive does not matter, up to rounding.
 */
export class Decay {
  readonly #rate: number;

  /** ms; 0 or undefined: never fades. */
  constructor(halfLife: number | undefined) {
    this.#rate = halfLife === undefined || halfLife <= 0 ? 0 : 1 / halfLife;
  }

  /** What `weight` of time `from` is worth at time `to`. Times the other way round give more than it was. */
  at(weight: number, from: number, to: number): number {
    return this.#rate === 0 ? weight : weight * 2 ** ((from - to) * this.#rate);
  }

  /** Adds an event of worth `more` at `time` to [weight, t] in place. */
  add(kept: { w: number; t: number }, time: number, more: number): void {
    if (time >= kept.t) {
      kept.w = this.at(kept.w, kept.t, time) + more;
      kept.t = time;
    } else kept.w += this.at(more, time, kept.t);
  }
}
