import { describe, it } from 'vitest';
import { createTopic } from './support/kafka.js';
import { roundTrip } from './support/round-trip.js';
import { useServer } from './support/server.js';

const server = useServer('kafka');

describe('Kafka', () => {
  it('gives back what was written, every kind of value', async () => {
    await createTopic(server.url, 'trip', 3);
    await roundTrip({
      sink: { operator: 'kafka.write', config: { connection: server.url, topic: 'trip', key: 'id' } },
      source: { operator: 'kafka.read', config: { connection: server.url, topic: 'trip', until: 'end' } },
    });
  });
});
