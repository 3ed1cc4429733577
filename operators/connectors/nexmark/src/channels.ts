import { EventRandom } from './random.js';

export interface Channel {
  readonly name: string;
  readonly url: string;
}

const HOT = ['Google', 'Facebook', 'Baidu', 'Apple'] as const;
const CHANNELS = 10_000;
const STREAM = 2;

/** The places bids come from. Each has one address, the same for a seed. */
export class Channels {
  readonly #random: EventRandom;
  readonly #hot: readonly Channel[];
  readonly #made = new Map<number, Channel>();

  constructor(seed: number) {
    this.#random = new EventRandom(seed, STREAM);
    this.#hot = HOT.map((name, i) => ({ name, url: address(this.#random.at(CHANNELS + i)) }));
  }

  /** Half of the bids come through one of four channels, the others through one of ten thousand. */
  pick(random: EventRandom): Channel {
    return random.below(2) > 0 ? random.pick(this.#hot) : this.#numbered(random.below(CHANNELS));
  }

  #numbered(i: number): Channel {
    let channel = this.#made.get(i);
    if (channel === undefined) {
      const random = this.#random.at(i);
      const url = address(random);
      const id = random.below(10) > 0 ? `&channel_id=${Math.abs(reversed(i))}` : '';
      channel = { name: `channel-${i}`, url: url + id };
      this.#made.set(i, channel);
    }
    return channel;
  }
}

function address(random: EventRandom): string {
  const part = () => random.text(5, '_');
  return `https://www.nexmark.com/${part()}/${part()}/${part()}/item.htm?query=1`;
}

/** The 32 bits of a number in reverse order, as a signed number. */
export function reversed(n: number): number {
  let bits = 0;
  for (let i = 0; i < 32; i++) bits = (bits << 1) | ((n >>> i) & 1);
  return bits;
}
