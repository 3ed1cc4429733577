import type { ConnectionUse } from '@millrace/sdk';
import { KafkaClient } from './client.js';
import { explainKafka } from './errors.js';
import { clusterSettings } from './settings.js';

export const kafkaConnection: ConnectionUse = {
  kind: 'kafka',
  title: 'Kafka',
  example: 'kafka://user:password@broker1:9092,broker2:9092?tls=true&mechanism=scram-sha-512',
  async test(url, signal) {
    const client = await KafkaClient.load(clusterSettings(url));
    const aborted = () => void client.close();
    signal.addEventListener('abort', aborted, { once: true });
    try {
      await client.call(client.library.metadataV9.api, undefined, [], false, false);
    } catch (error) {
      throw explainKafka(error);
    } finally {
      signal.removeEventListener('abort', aborted);
      await client.close();
    }
  },
};
