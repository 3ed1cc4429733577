// The servers that this folder can start, by name. Each says: how it is installed, prepared, started and known to be ready.
import { cassandra } from '../servers/cassandra.mjs';
import { kafka } from '../servers/kafka.mjs';
import { mariadb } from '../servers/mariadb.mjs';
import { mongodb } from '../servers/mongodb.mjs';
import { postgres } from '../servers/postgres.mjs';
import { rabbitmq } from '../servers/rabbitmq.mjs';
import { redis } from '../servers/redis.mjs';

export const servers = [redis, rabbitmq, postgres, mariadb, kafka, cassandra, mongodb];

export function serverNamed(name) {
  const server = servers.find((one) => one.name === name || one.aliases?.includes(name));
  if (!server)
    throw new Error(`no server is called "${name}". There are: ${servers.map((one) => one.name).join(', ')}`);
  return server;
}
