/**
 * Random numbers that depend on (seed, stream, index) alone, so that any part of the simulation can be made again by itself.
 * The generator is sfc32 (Chris Doty-Humphrey, PractRand), a 128-bit state of which the index fills two words.
 */
export class Random {
  #a = 0;
  #b = 0;
  #c = 0;
  #d = 0;

  constructor(
    private readonly seed: number,
    private readonly stream: number,
  ) {}

  /** Goes to the start of the numbers of this index (a whole number below 2^53). */
  at(index: number): this {
    this.#a = this.seed | 0;
    this.#b = (this.stream ^ 0x9e3779b9) | 0;
    this.#c = index | 0;
    this.#d = Math.floor(index / 0x1_0000_0000) + 1;
    for (let i = 0; i < 12; i++) this.#next();
    return this;
  }

  #next(): number {
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
    return this.#next() / 0x1_0000_0000;
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  /** Whole number in [0, n). */
  below(n: number): number {
    return Math.floor(this.unit() * n);
  }

  /** Uniform in [from, to). */
  between(from: number, to: number): number {
    return from + this.unit() * (to - from);
  }

  /** Exponential with this mean, cut off at six times the mean. */
  wait(mean: number): number {
    return Math.min(6 * mean, -Math.log(1 - this.unit()) * mean);
  }

  /** How often in a row something of this probability happens, at most `most` times. */
  times(probability: number, most: number): number {
    let n = 0;
    while (n < most && this.unit() < probability) n++;
    return n;
  }

  /** Standard normal (Box-Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.unit())) * Math.cos(2 * Math.PI * this.unit());
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }
}

/** Draws 0 .. n−1 with weights 1/1, 1/2, 1/3 … (Zipf, exponent 1). */
export class Zipf {
  readonly #sums: Float64Array;

  constructor(n: number) {
    this.#sums = new Float64Array(n);
    let sum = 0;
    for (let i = 0; i < n; i++) {
      sum += 1 / (i + 1);
      this.#sums[i] = sum;
    }
  }

  draw(random: Random): number {
    const sums = this.#sums;
    const wanted = random.unit() * sums[sums.length - 1]!;
    let low = 0;
    let high = sums.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle]! <= wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Probability of this number. */
  share(i: number): number {
    return 1 / (i + 1) / this.#sums[this.#sums.length - 1]!;
  }
}
