import type { MapState } from '@millrace/sdk';

/** Part of a bucket, stored as one cell. The first chunk of a bucket says how many follow. */
export interface Chunk {
  values: unknown[];
  more: number;
}

/** Rows in a stored cell: what one more row costs at the next commit is bounded by this, however full its bucket is. */
const CHUNK_ROWS = 64;

/** Rows of the current key in buckets. A bucket's first chunk lies under its number, the others under `number/n`. */
export type Chunks<C extends Chunk> = MapState<C, number | string>;

export function chunkKey(bucket: number, n: number): number | string {
  return n === 0 ? bucket : `${bucket}/${n}`;
}

/** The chunk that takes the next row of a bucket; it is changed by the caller and then set again under `chunkKey(bucket, head.more)`. */
export function lastChunk<C extends Chunk>(chunks: Chunks<C>, bucket: number, create: () => C): { head: C; last: C } {
  const head = chunks.get(bucket);
  if (head === undefined) {
    const first = create();
    return { head: first, last: first };
  }
  const last = head.more === 0 ? head : chunks.get(chunkKey(bucket, head.more))!;
  if (last.values.length < CHUNK_ROWS) return { head, last };
  head.more++;
  chunks.set(bucket, head);
  return { head, last: create() };
}

export function dropBucket<C extends Chunk>(chunks: Chunks<C>, bucket: number): void {
  const head = chunks.get(bucket);
  if (head === undefined) return;
  for (let n = head.more; n >= 0; n--) chunks.delete(chunkKey(bucket, n));
}

/** All values of a bucket in order of arrival, appended to `into`. */
export function valuesOf<C extends Chunk, V>(chunks: Chunks<C>, bucket: number, into: V[]): void {
  const head = chunks.get(bucket);
  if (head === undefined) return;
  for (let n = 0; n <= head.more; n++) {
    const { values } = n === 0 ? head : chunks.get(chunkKey(bucket, n))!;
    for (let i = 0; i < values.length; i++) into.push(values[i] as V);
  }
}

/** Numbers of the buckets in [from, to), ascending. Looks up each place, `step` apart, or goes through all there are, whichever is less. */
export function bucketsBetween<C extends Chunk>(chunks: Chunks<C>, from: number, to: number, step: number): number[] {
  const found: number[] = [];
  if ((to - from) / step <= chunks.size) {
    for (let at = from; at < to; at += step) if (chunks.has(at)) found.push(at);
    return found;
  }
  for (const [at] of chunks.entries()) if (typeof at === 'number' && at >= from && at < to) found.push(at);
  return found.sort((a, b) => a - b);
}
