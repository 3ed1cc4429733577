/**
 * Random numbers of one event. They depend on (seed, event id) alone, so that any worker can make any event, in any order.
 * The generator is sfc32 (Chris Doty-Humphrey, PractRand); the id fills two words of its state.
 */
export class EventRandom {
  #a = 0;
  #b = 0;
  #c = 0;
  #d = 0;

  constructor(
    private readonly seed: number,
    /** Keeps streams of the same seed apart, such as events and channels. */
    private readonly stream: number,
  ) {}

  /** Goes to the start of the numbers of this id, a whole number below 2^53. */
  at(id: number): this {
    this.#a = this.seed | 0;
    this.#b = (this.stream ^ 0x9e3779b9) | 0;
    this.#c = id | 0;
    this.#d = Math.floor(id / 0x1_0000_0000) + 1;
    for (let i = 0; i < 12; i++) this.next();
    return this;
  }

  /** The next 32 bits, as a whole number from 0. */
  next(): number {
    const t = (((this.#a + this.#b) | 0) + this.#d) | 0;
    this.#d = (this.#d + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (this.#c << 21) | (this.#c >>> 11);
    this.#c = (this.#c + t) | 0;
    return t >>> 0;
  }

  /** Uniform in [0, 1). */
  unit(): number {
    return this.next() / 0x1_0000_0000;
  }

  /** A whole number in [0, n). */
  below(n: number): number {
    return Math.floor(this.unit() * n);
  }

  /** Cents from 100 to 100,000,000, evenly spread over the orders of magnitude. */
  price(): number {
    return Math.round(10 ** (6 * this.unit()) * 100);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** `n` letters from a to z. Six of them are made of one number, three by three: 26^6 < 2^32. */
  letters(n: number): string {
    let text = '';
    for (let left = n; left > 0; left -= 6) {
      const bits = this.next();
      text += TRIPLES[bits % TRIPLES.length]! + TRIPLES[Math.floor(bits / TRIPLES.length) % TRIPLES.length]!;
    }
    return text.length === n ? text : text.slice(0, n);
  }

  /** Text of 3 to max − 1 characters: letters, and one in thirteen is `special`. Blanks at the ends are cut off. */
  text(max: number, special = ' '): string {
    const length = 3 + this.below(max - 3);
    let text = '';
    for (let i = 0; i < length; i++) {
      const bits = this.next();
      text += bits % 13 === 0 ? special : ALPHABET[Math.floor(bits / 13) % 26];
    }
    return text.trim();
  }

  /** Letters that bring a record of `current` bytes to about `average` bytes. */
  extra(current: number, average: number): string {
    if (current > average) return '';
    const wanted = average - current;
    const delta = Math.round(wanted * 0.2);
    return this.letters(wanted - delta + (delta === 0 ? 0 : this.below(2 * delta)));
  }
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';
const TRIPLES: readonly string[] = Array.from(
  { length: 26 ** 3 },
  (_, i) => ALPHABET[i % 26]! + ALPHABET[Math.floor(i / 26) % 26]! + ALPHABET[Math.floor(i / 676)]!,
);
