const M = 0x5bd1e995;

/** MurmurHash2 as Kafka's Java client uses it to choose the partition of a key, as a signed 32-bit number. */
export function murmur2(data: Uint8Array): number {
  const { length } = data;
  let h = 0x9747b28c ^ length;
  let i = 0;
  for (; i + 4 <= length; i += 4) {
    let k = data[i]! | (data[i + 1]! << 8) | (data[i + 2]! << 16) | (data[i + 3]! << 24);
    k = Math.imul(k, M);
    k ^= k >>> 24;
    h = Math.imul(h, M) ^ Math.imul(k, M);
  }
  const rest = length - i;
  if (rest > 0) {
    if (rest > 2) h ^= data[i + 2]! << 16;
    if (rest > 1) h ^= data[i + 1]! << 8;
    h = Math.imul(h ^ data[i]!, M);
  }
  h ^= h >>> 13;
  h = Math.imul(h, M);
  return h ^ (h >>> 15);
}

/** Partition of a key: the same as the default partitioner of Kafka's Java client chooses. */
export function partitionOfKey(key: Uint8Array, partitions: number): number {
  return (murmur2(key) & 0x7fffffff) % partitions;
}
