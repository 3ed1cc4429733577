import type { API, Reader } from '@platformatic/kafka';

type Library = typeof import('@platformatic/kafka');

export interface ProduceTopic {
  name: string;
  partitions: { partition: number; bytes: Buffer }[];
}
export interface ProduceResult {
  topic: string;
  partition: number;
  errorCode: number;
  message: string | null;
}
export type ProduceApi = API<
  [transactionalId: string | null, timeout: number, topics: ProduceTopic[]],
  ProduceResult[]
>;

const ACKS_ALL = -1;

/** Produce request version 9 that takes finished batches and answers per partition instead of throwing for all. */
export function produceApi({ createAPI, Writer }: Library): ProduceApi {
  const request = (transactionalId: string | null, timeout: number, topics: ProduceTopic[]) =>
    Writer.create()
      .appendString(transactionalId)
      .appendInt16(ACKS_ALL)
      .appendInt32(timeout)
      .appendArray(topics, (w, { name, partitions }) => {
        w.appendString(name).appendArray(partitions, (inner, { partition, bytes }) => {
          inner
            .appendInt32(partition)
            .appendUnsignedVarInt(bytes.length + 1)
            .append(bytes);
        });
      })
      .appendTaggedFields();
  return createAPI(0, 9, request, (_id, _key, _version, reader) => parseAnswer(reader)) as ProduceApi;
}

function parseAnswer(reader: Reader): ProduceResult[] {
  const results: ProduceResult[] = [];
  reader.readArray((r) => {
    const topic = r.readString();
    r.readArray((p) => {
      const partition = p.readInt32();
      const errorCode = p.readInt16();
      p.readInt64();
      p.readInt64();
      p.readInt64();
      const reasons: string[] = [];
      p.readArray((e) => {
        e.readInt32();
        const reason = e.readNullableString();
        if (reason) reasons.push(reason);
      });
      results.push({ topic, partition, errorCode, message: p.readNullableString() ?? reasons[0] ?? null });
    });
  });
  return results;
}
