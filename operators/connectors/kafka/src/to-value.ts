import { isUtf8 } from 'node:buffer';
import { BadInput, MillraceError, payloadDecoder, toMillraceError, type Value } from '@millrace/sdk';
import type { InRecord } from './decode-batch.js';
import type { ReadConfig } from './read-config.js';

/** Characters of a broken message that are kept for the person who looks at it. */
const RAW_KEPT = 4096;

/** Turns messages into values; undefined: to be passed over. */
export function toValue(config: ReadConfig): (record: InRecord) => Value | undefined {
  const { topic, keyAs, headersAs, placeAs, deletedAs } = config;
  const decode = payloadDecoder(config);
  const plain = keyAs === undefined && headersAs === undefined && placeAs === undefined && deletedAs === undefined;

  const extra = (record: InRecord) => ({
    ...(keyAs !== undefined && { [keyAs]: record.key === null ? null : record.key.toString('utf8') }),
    ...(headersAs !== undefined && { [headersAs]: record.headers ?? {} }),
    ...(placeAs !== undefined && { [placeAs]: { topic, offset: record.offset, timestamp: record.time } }),
  });

  const bad = (record: InRecord, text: string, error: MillraceError) => {
    const { code, params, hint } = error;
    const named = new MillraceError(`Offset ${record.offset} of topic "${topic}": ${error.message}`, {
      code,
      params: { ...params, topic, offset: record.offset },
      ...(hint !== undefined && { hint }),
    });
    return new BadInput(text.slice(0, RAW_KEPT), named);
  };

  return (record) => {
    if (record.value === null) {
      return deletedAs === undefined ? undefined : { ...extra(record), [deletedAs]: true };
    }
    const text = record.value.toString('utf8');
    if (text.includes('\ufffd') && !isUtf8(record.value)) {
      const error = new MillraceError('The message is not UTF-8 text.', {
        code: 'KAFKA_NOT_UTF8',
        hint: 'Binary formats such as Avro or Protobuf cannot be read; send JSON, CSV or text.',
      });
      return bad(record, text, error);
    }
    try {
      const value = decode(text);
      if (plain) return value;
      const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
      return { ...(isObject ? value : { value }), ...extra(record) };
    } catch (thrown) {
      return bad(record, text, toMillraceError(thrown));
    }
  };
}
