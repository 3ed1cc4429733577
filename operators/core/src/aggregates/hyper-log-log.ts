/**
 * HyperLogLog with 2^14 registers over a 32-bit hash: standard error 1.04 ÷ √m = 0.81 %. Few values are kept as a map of the registers
 * that are not zero, many as one byte per register; both give the same estimate, bit by bit.
 */
const P = 14;
const M = 1 << P;
/** Hash bits that give the rank. */
const Q = 32 - P;
/** Registers in a map beyond which bytes are smaller. */
const SPARSE = 2048;

export type Registers = Map<number, number> | Uint8Array;

/** MurmurHash3 (32 bit) of the UTF-16 code units of a text, two of them per block. */
export function murmur3(text: string, seed = 0): number {
  let h = seed;
  const pairs = text.length & ~1;
  for (let i = 0; i < pairs; i += 2) {
    h ^= scramble(text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16));
    h = (h << 13) | (h >>> 19);
    h = (Math.imul(h, 5) + 0xe6546b64) | 0;
  }
  if (pairs < text.length) h ^= scramble(text.charCodeAt(pairs));
  h ^= text.length * 2;
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  h ^= h >>> 16;
  return h >>> 0;
}

function scramble(block: number): number {
  let k = Math.imul(block, 0xcc9e2d51);
  k = (k << 15) | (k >>> 17);
  return Math.imul(k, 0x1b873593);
}

/** Adds a hash. Gives back the registers, which are others once the map has become too large. */
export function addHash(registers: Registers, hash: number): Registers {
  const register = hash >>> Q;
  // Place of the first 1 among the remaining bits; Q + 1 when all are 0.
  const rank = Math.clz32((hash << P) | (1 << (P - 1))) + 1;
  return raise(registers, register, rank);
}

function raise(registers: Registers, register: number, rank: number): Registers {
  if (registers instanceof Uint8Array) {
    if (rank > registers[register]!) registers[register] = rank;
    return registers;
  }
  if (rank > (registers.get(register) ?? 0)) registers.set(register, rank);
  if (registers.size <= SPARSE) return registers;
  const dense = new Uint8Array(M);
  for (const [place, value] of registers) dense[place] = value;
  return dense;
}

/** The union: the same as if all values had been added to one. Gives back `into`, or its successor. */
export function mergeRegisters(into: Registers, from: Registers): Registers {
  let merged = into;
  if (from instanceof Uint8Array) {
    for (let register = 0; register < M; register++)
      if (from[register]! > 0) merged = raise(merged, register, from[register]!);
  } else {
    for (const [register, rank] of from) merged = raise(merged, register, rank);
  }
  return merged;
}

/**
 * The improved estimator of O. Ertl, "New cardinality estimation algorithms for HyperLogLog sketches" (2017), algorithm 6: no bias from small to
 * large numbers, and no tables.
 */
export function estimate(registers: Registers): number {
  const counts = new Array<number>(Q + 2).fill(0);
  if (registers instanceof Uint8Array) for (const rank of registers) counts[rank]!++;
  else {
    for (const rank of registers.values()) counts[rank]!++;
    counts[0] = M - registers.size;
  }
  let z = M * tau(1 - counts[Q + 1]! / M);
  for (let k = Q; k >= 1; k--) z = 0.5 * (z + counts[k]!);
  z += M * sigma(counts[0]! / M);
  return Math.round(M / (2 * Math.LN2) / (z / M));
}

function sigma(start: number): number {
  if (start === 1) return Number.POSITIVE_INFINITY;
  let x = start;
  let y = 1;
  let z = x;
  for (let before = -1; before !== z; y += y) {
    x *= x;
    before = z;
    z += x * y;
  }
  return z;
}

function tau(start: number): number {
  if (start === 0 || start === 1) return 0;
  let x = start;
  let y = 1;
  let z = 1 - x;
  for (let before = -1; before !== z; ) {
    x = Math.sqrt(x);
    before = z;
    y *= 0.5;
    z -= (1 - x) ** 2 * y;
  }
  return z / 3;
}
