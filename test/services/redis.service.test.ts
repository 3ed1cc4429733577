import { describe, it } from 'vitest';
import { roundTrip } from './support/round-trip.js';
import { useServer } from './support/server.js';

const server = useServer('redis');

describe('Redis', () => {
  it('gives back what was written to a stream, every kind of value', async () => {
    const at = { connection: server.url, stream: 'trip' };
    await roundTrip({
      sink: { operator: 'redis.write-stream', config: at },
      source: { operator: 'redis.read-stream', config: { ...at, until: 'end' } },
    });
  });
});
