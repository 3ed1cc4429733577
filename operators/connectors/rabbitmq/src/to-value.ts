import { isUtf8 } from 'node:buffer';
import { BadInput, MillraceError, payloadDecoder, toMillraceError, type Value } from '@millrace/sdk';
import type { ConsumeMessage } from 'amqplib';
import type { ReadConfig } from './read-config.js';

/** Characters of a broken message that are kept for the person who looks at it. */
const RAW_KEPT = 4096;

/** Turns messages of a queue into values. */
export function toValue(config: ReadConfig): (message: ConsumeMessage) => Value {
  const { queue, propertiesAs, messageIds } = config;
  const decode = payloadDecoder(config);
  return ({ content, properties, fields }) => {
    const text = content.toString('utf8');
    try {
      if (messageIds === 'required' && properties.messageId === undefined) throw noId();
      if (text.includes('\ufffd') && !isUtf8(content)) throw notText();
      const value = decode(text);
      if (propertiesAs === undefined) return value;
      const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
      return {
        ...(isObject ? value : { value }),
        [propertiesAs]: {
          exchange: fields.exchange,
          routingKey: fields.routingKey,
          messageId: properties.messageId ?? null,
          type: properties.type ?? null,
          timestamp: typeof properties.timestamp === 'number' ? properties.timestamp * 1000 : null,
          headers: plain(properties.headers ?? {}),
        },
      };
    } catch (thrown) {
      const { code, message, params, hint } = toMillraceError(thrown);
      const error = new MillraceError(`A message of queue "${queue}": ${message}`, {
        code,
        params: { ...params, queue },
        ...(hint !== undefined && { hint }),
      });
      return new BadInput(text.slice(0, RAW_KEPT), error);
    }
  };
}

/** Headers may hold bytes, dates and other things that are not JSON. */
function plain(headers: object): Value {
  return JSON.parse(
    JSON.stringify(headers, (_name, value: unknown) =>
      typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer' && 'data' in value
        ? Buffer.from(value.data as number[]).toString('utf8')
        : value,
    ),
  );
}

function notText(): MillraceError {
  return new MillraceError('The content is not UTF-8 text.', {
    code: 'RABBITMQ_NOT_UTF8',
    hint: 'Send JSON, CSV or text.',
  });
}

function noId(): MillraceError {
  return new MillraceError('It has no message-id.', {
    code: 'RABBITMQ_NO_ID',
    hint: 'Let the sender set one, or make ids optional in the node: then a message may count twice after a crash.',
  });
}
