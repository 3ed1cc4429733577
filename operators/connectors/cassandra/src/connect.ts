import { type ConnectionUse, connectionUrl, MillraceError, parseConnectionUrl } from '@millrace/sdk';
import { tlsMode, tlsSettings } from '@millrace/sdk/tls';
import type { Client } from 'cassandra-driver';
import { explain } from './explain.js';

export const connection: ConnectionUse = {
  kind: 'cassandra',
  title: 'Cassandra',
  example: 'cassandra://user:password@node1:9042,node2:9042/shop?datacenter=datacenter1',
  async test(url, signal) {
    let client: Client | undefined;
    try {
      client = await connect(url, { timeout: 8000, signal });
    } catch (thrown) {
      throw explain(thrown);
    } finally {
      await client?.shutdown().catch(() => undefined);
    }
  },
};

/** Connects to the cluster that a config's `connection` names. `timeout`: ms that one statement may take. */
export async function connect(name: string, options: { timeout: number; signal?: AbortSignal }): Promise<Client> {
  const parts = parseConnectionUrl(connectionUrl(name));
  const { scheme, user, password, hosts, path, options: more } = parts;
  if (scheme !== 'cassandra' || path === '') {
    throw new MillraceError('The address of the connection is not one of Cassandra, or names no keyspace.', {
      code: 'CONNECTION_URL',
      hint: `It looks like ${connection.example}; tls=true encrypts the line.`,
    });
  }
  // The nodes of a cluster are found by their numbers; their certificates may name any host of the connection.
  const tls = tlsSettings(parts, tlsMode(parts, 'false'));
  const { default: cassandra } = await import('cassandra-driver');
  const client = new cassandra.Client({
    contactPoints: hosts.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port ?? 9042}`),
    localDataCenter: more.datacenter ?? 'datacenter1',
    keyspace: path,
    ...(user !== undefined && { credentials: { username: user, password: password ?? '' } }),
    ...(tls && { sslOptions: tls }),
    socketOptions: { connectTimeout: 8000, readTimeout: options.timeout },
    queryOptions: {
      consistency: cassandra.types.consistencies.localQuorum,
      prepare: true,
      // Every statement of ours says what is, never what to add: it may be sent twice.
      isIdempotent: true,
    },
    applicationName: 'millrace',
    encoding: { useBigIntAsLong: true, useBigIntAsVarint: true },
  });
  const abort = () => void client.shutdown().catch(() => undefined);
  options.signal?.addEventListener('abort', abort, { once: true });
  try {
    await client.connect();
    return client;
  } catch (error) {
    abort();
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', abort);
  }
}

/** A name as CQL, whatever is in it. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A table name of a config (`orders` or `shop.orders`) as CQL. Names without capitals are the ones people mean. */
export function quoteTable(table: string): string {
  return table.split('.').map(quote).join('.');
}
