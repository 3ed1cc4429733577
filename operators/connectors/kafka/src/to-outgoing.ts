import { type Context, fieldReader, MillraceError, type StreamRecord, type Value } from '@millrace/sdk';
import type { Outgoing } from './sending.js';
import type { WriteConfig } from './write-config.js';

const TOPIC = /^[a-zA-Z0-9._-]{1,249}$/;

/** Turns records of the outbox into messages. Throws a MillraceError that says what a record lacks. */
export function toOutgoing(config: WriteConfig): (record: StreamRecord, ctx: Context) => Outgoing {
  const { topic: fixed } = config;
  const topicOf = config.topicFrom === undefined ? undefined : fieldReader(config.topicFrom);
  const keyOf = config.key === undefined ? undefined : fieldReader(config.key);
  const payloadOf = config.value === undefined ? undefined : fieldReader(config.value);

  return (record, ctx) => {
    const { value, op, time } = record;
    const key = keyOf === undefined ? null : keyBytes(keyOf(value));
    if (key === null && op !== 'insert') throw noKey(config.key, op);
    const { sequence, offset } = ctx.delivery(record);
    return {
      topic: topicOf === undefined ? fixed! : topicName(topicOf(value), config.topicFrom!),
      key,
      value:
        op === 'delete'
          ? null
          : valueBytes(payloadOf === undefined ? value : payloadOf(value), payloadOf !== undefined),
      time: Math.max(0, time),
      id: Buffer.from(ctx.deliveryId(record)),
      record,
      sequence,
      offset,
    };
  };
}

function keyBytes(key: Value): Buffer | null {
  if (key === null || key === undefined) return null;
  return Buffer.from(typeof key === 'string' ? key : JSON.stringify(key));
}

function valueBytes(value: Value, plainText: boolean): Buffer {
  return Buffer.from(plainText && typeof value === 'string' ? value : JSON.stringify(value ?? null));
}

function topicName(name: Value, field: string): string {
  if (typeof name === 'string' && TOPIC.test(name) && name !== '.' && name !== '..') return name;
  throw new MillraceError(`Field "${field}" does not name a topic: ${JSON.stringify(name ?? null)?.slice(0, 60)}.`, {
    code: 'KAFKA_TOPIC_NAME',
    params: { field },
    hint: 'Names of topics have letters, digits, dots, dashes and underscores.',
  });
}

function noKey(field: string | undefined, op: string): MillraceError {
  return new MillraceError(
    field === undefined
      ? 'Rows of a table need a key in Kafka, and the node has none.'
      : `The record has no field "${field}", which is its key in Kafka.`,
    {
      code: 'KAFKA_KEY_MISSING',
      params: { field, op },
      hint: 'Choose the field that identifies a row as key of the node.',
    },
  );
}
