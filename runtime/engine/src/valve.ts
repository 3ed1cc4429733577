import { MAX_TIME, MIN_TIME } from '@millrace/sdk';

interface Channel {
  watermark: number;
  idle: boolean;
  /** False: came back from idle behind the output, ignored until it catches up (semantics §2.5). */
  aligned: boolean;
}

/** Stored form of a valve. */
export interface ValveState {
  channels: [watermark: number, idle: boolean, aligned: boolean][];
  watermark: number;
  idle: boolean;
}

/** Merges the watermarks of several inputs: the minimum over the active ones, never going back (Flink's StatusWatermarkValve). */
export class WatermarkValve {
  readonly #channels: Channel[];
  #watermark = MIN_TIME;
  #idle = false;

  constructor(channels: number) {
    this.#channels = Array.from({ length: channels }, () => ({ watermark: MIN_TIME, idle: false, aligned: true }));
  }

  /** What the inputs have proven: no record at or before this time is expected. */
  get watermark(): number {
    return this.#watermark;
  }

  /** All inputs idle. */
  get idle(): boolean {
    return this.#idle;
  }

  channelWatermark(channel: number): number {
    return this.#channels[channel]!.watermark;
  }

  isIdle(channel: number): boolean {
    return this.#channels[channel]!.idle;
  }

  advance(channel: number, watermark: number): void {
    const c = this.#channels[channel]!;
    if (c.idle || watermark <= c.watermark) return;
    c.watermark = watermark;
    if (!c.aligned && watermark >= this.#watermark) c.aligned = true;
    this.#raise();
  }

  setIdle(channel: number): void {
    const c = this.#channels[channel]!;
    if (c.idle) return;
    c.idle = true;
    c.aligned = false;
    if (this.#channels.every((other) => other.idle)) {
      // Nobody is left to wait for: what any of them has proven holds.
      let highest = this.#watermark;
      for (const other of this.#channels) if (other.watermark > highest) highest = other.watermark;
      this.#watermark = highest;
      this.#idle = true;
    } else this.#raise();
  }

  setActive(channel: number): void {
    const c = this.#channels[channel]!;
    if (!c.idle) return;
    c.idle = false;
    c.aligned = c.watermark >= this.#watermark;
    this.#idle = false;
  }

  #raise(): void {
    let lowest = MAX_TIME;
    let any = false;
    for (const c of this.#channels) {
      if (c.idle || !c.aligned) continue;
      any = true;
      if (c.watermark < lowest) lowest = c.watermark;
    }
    if (any && lowest > this.#watermark) this.#watermark = lowest;
  }

  snapshot(): ValveState {
    return {
      channels: this.#channels.map((c) => [c.watermark, c.idle, c.aligned]),
      watermark: this.#watermark,
      idle: this.#idle,
    };
  }

  restore(state: ValveState): void {
    state.channels.forEach(([watermark, idle, aligned], i) => {
      const c = this.#channels[i];
      if (c) Object.assign(c, { watermark, idle, aligned });
    });
    this.#watermark = state.watermark;
    this.#idle = state.idle;
  }
}
