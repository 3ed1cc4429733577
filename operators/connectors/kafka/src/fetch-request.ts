import type { API, Reader } from '@platformatic/kafka';
import type { FetchedChunk } from './decode-batch.js';

type Library = typeof import('@platformatic/kafka');

export interface FetchTopic {
  topicId: string;
  partitions: {
    partition: number;
    currentLeaderEpoch: number;
    fetchOffset: bigint;
    lastFetchedEpoch: number;
    partitionMaxBytes: number;
  }[];
}

export interface FetchedPartition extends FetchedChunk {
  topic: string;
  partition: number;
  errorCode: number;
  /** Readers of committed records see offsets below this one. */
  lastStable: number;
}

export type FetchApi = API<
  [
    wait: number,
    minBytes: number,
    maxBytes: number,
    isolation: number,
    session: number,
    epoch: number,
    topics: FetchTopic[],
    forgotten: [],
    rack: string,
  ],
  FetchedPartition[]
>;

/**
 * Fetch request version 12 with an answer that keeps the batches as bytes: the library's own turns each record into objects with
 * BigInts on the way in, which costs more than all the rest of reading.
 */
export function fetchApi({ createAPI, fetchV12 }: Library): FetchApi {
  return createAPI(1, 12, fetchV12.createRequest, (_id, _key, _version, reader) => parseAnswer(reader)) as FetchApi;
}

function parseAnswer(reader: Reader): FetchedPartition[] {
  reader.readInt32();
  const errorCode = reader.readInt16();
  reader.readInt32();
  const found: FetchedPartition[] = [];
  reader.readArray((r) => {
    const topic = r.readString();
    r.readArray((p) => {
      const partition = p.readInt32();
      const ownError = p.readInt16();
      p.readInt64();
      const lastStable = Number(p.readInt64());
      p.readInt64();
      const aborted =
        p.readNullableArray((a) => ({ producerId: Number(a.readInt64()), firstOffset: Number(a.readInt64()) })) ?? [];
      p.readInt32();
      const size = Math.max(0, p.readUnsignedVarInt() - 1);
      const bytes = p.buffer.slice(p.position, p.position + size);
      p.skip(size);
      found.push({ topic, partition, errorCode: ownError || errorCode, lastStable, aborted, bytes });
    });
  });
  return found;
}
