import { hashKey } from '@millrace/sdk';

/** Bits a key; with four of them set, one strange key in 80 looks known. */
const BITS = 10;
const PROBES = 4;
/** Bits of the first part; each further one has four times as many. */
const FIRST = 2 ** 20;
/** Bits of the last part, 32 MiB. All parts together have room for 35 million keys. */
const LARGEST = 2 ** 28;

/** Another hash than `hashKey`, which has already told the tasks apart. Odd, so that the probes of a key differ. */
function secondHash(key: string): number {
  let h = 0x9747b28c;
  for (let i = 0; i < key.length; i++) {
    h = Math.imul(h ^ key.charCodeAt(i), 0x5bd1e995);
    h ^= h >>> 15;
  }
  return (h | 1) >>> 0;
}

/**
 * Keys that may lie in the store (a Bloom filter that grows): says no for certain, yes perhaps. A key that was never seen need not be asked
 * for there, which costs fifty times as much.
 */
export class KeyFilter {
  readonly #parts: Uint32Array[] = [new Uint32Array(FIRST / 32)];
  #free = FIRST / BITS;

  /** False when there is no more room: the filter knows nothing then. */
  add(key: string): boolean {
    const parts = this.#parts;
    let part = parts[parts.length - 1]!;
    if (this.#free-- <= 0) {
      const bits = part.length * 32 * 4;
      if (bits > LARGEST) return false;
      part = new Uint32Array(bits / 32);
      parts.push(part);
      this.#free = bits / BITS;
    }
    const mask = part.length * 32 - 1;
    const step = secondHash(key);
    let at = hashKey(key);
    for (let i = 0; i < PROBES; i++) {
      const bit = (at & mask) >>> 0;
      part[bit >>> 5]! |= 1 << (bit & 31);
      at = (at + step) | 0;
    }
    return true;
  }

  mayHold(key: string): boolean {
    const first = hashKey(key);
    const step = secondHash(key);
    for (const part of this.#parts) {
      const mask = part.length * 32 - 1;
      let at = first;
      let probe = 0;
      for (; probe < PROBES; probe++) {
        const bit = (at & mask) >>> 0;
        if ((part[bit >>> 5]! & (1 << (bit & 31))) === 0) break;
        at = (at + step) | 0;
      }
      if (probe === PROBES) return true;
    }
    return false;
  }
}
