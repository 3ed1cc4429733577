import type { Clock } from '@millrace/sdk';

/** Lets through a number of records per second, spread evenly. After a pause it goes on at the rate; it does not catch up. */
export class Throttle {
  #since: number | undefined;
  #sent = 0;

  constructor(
    private readonly perSecond: number,
    private readonly clock: Clock,
  ) {}

  /** Records that may go now. */
  allowed(): number {
    const now = this.clock.now();
    // More than a second behind: whoever reads was slow, not the throttle.
    if (this.#since === undefined || this.#due(now) - this.#sent > this.perSecond) {
      this.#since = now;
      this.#sent = 0;
    }
    return Math.max(0, this.#due(now) - this.#sent);
  }

  #due(now: number): number {
    return Math.floor(((now - (this.#since ?? now)) * this.perSecond) / 1000);
  }

  sent(records: number): void {
    this.#sent += records;
  }

  /** ms until at least one more record may go. */
  wait(): number {
    const next = ((this.#sent + 1) * 1000) / this.perSecond + (this.#since ?? 0);
    return Math.max(1, Math.ceil(next - this.clock.now()));
  }
}
