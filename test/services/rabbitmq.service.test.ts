import { describe, it } from 'vitest';
import { roundTrip } from './support/round-trip.js';
import { useServer } from './support/server.js';

const server = useServer('rabbitmq');

describe('RabbitMQ', () => {
  it.each(['quorum', 'classic'])('gives back what was written to a %s queue, every kind of value', async (kind) => {
    const at = { connection: server.url, queue: `trip-${kind}`, create: kind };
    await roundTrip({
      sink: { operator: 'rabbitmq.write', config: at },
      source: { operator: 'rabbitmq.read', config: { ...at, messageIds: 'required' } },
    });
  });
});
