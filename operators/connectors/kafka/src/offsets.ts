import type { KafkaClient } from './client.js';
import { KafkaAnswer } from './errors.js';

const LATEST = -1n;
const EARLIEST = -2n;
const READ_COMMITTED = 1;

/**
 * Offset of a partition: the oldest, the end of what is committed, or the first record at or after a time in ms (the end when there
 * is none).
 */
export async function listOffset(
  client: KafkaClient,
  leader: number,
  topic: string,
  partition: number,
  which: 'earliest' | 'latest' | number,
): Promise<number> {
  const timestamp = which === 'earliest' ? EARLIEST : which === 'latest' ? LATEST : BigInt(which);
  const { topics } = await client.call(client.library.listOffsetsV6.api, leader, -1, READ_COMMITTED, [
    { name: topic, partitions: [{ partitionIndex: partition, currentLeaderEpoch: -1, timestamp }] },
  ]);
  const found = topics[0]?.partitions[0];
  if (found === undefined || found.errorCode !== 0) throw new KafkaAnswer(found?.errorCode ?? -1, 'offsets', topic);
  if (found.offset < 0n) return listOffset(client, leader, topic, partition, 'latest');
  return Number(found.offset);
}

/** Shows how far a source is to tools that watch consumer groups; nothing here reads it back. */
export async function showProgress(
  client: KafkaClient,
  group: string,
  topic: string,
  offsets: ReadonlyMap<number, number>,
): Promise<void> {
  const coordinator = await client.coordinator(0, group);
  await client.call(client.library.offsetCommitV8.api, coordinator, group, -1, '', null, [
    {
      name: topic,
      partitions: [...offsets].map(([partitionIndex, offset]) => ({
        partitionIndex,
        committedOffset: BigInt(offset),
        committedLeaderEpoch: -1,
        committedMetadata: '',
      })),
    },
  ]);
}
