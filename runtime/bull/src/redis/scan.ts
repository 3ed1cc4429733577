import { Cluster, type Redis } from 'ioredis';
import type { RedisClient } from './connect.js';

/** All keys that begin with `prefix`, in pieces. Goes through the whole key space: not for hot paths. */
export async function* keysWith(client: RedisClient, prefix: string): AsyncGenerator<string[]> {
  const pattern = `${prefix.replace(/[\\*?[\]^-]/g, '\\$&')}*`;
  const nodes: Redis[] = client instanceof Cluster ? client.nodes('master') : [client];
  for (const node of nodes) {
    let cursor = '0';
    do {
      const [next, keys] = await node.scan(cursor, 'MATCH', pattern, 'COUNT', 1_000);
      cursor = next;
      if (keys.length > 0) yield keys;
    } while (cursor !== '0');
  }
}
