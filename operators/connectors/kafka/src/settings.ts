import { type ConnectionParts, MillraceError, parseConnectionUrl } from '@millrace/sdk';
import { tlsMode, tlsSettings } from '@millrace/sdk/tls';
import type { ConnectionOptions } from '@platformatic/kafka';

/** How to reach a cluster, from its connection URL. */
export interface ClusterSettings {
  brokers: readonly { host: string; port: number }[];
  options: ConnectionOptions;
}

const MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;

/** ms. */
const CONNECT_TIMEOUT = 10_000;
const REQUEST_TIMEOUT = 30_000;

/** Settings of `kafka://user:password@a:9092,b:9092?tls=true&mechanism=scram-sha-512`. Throws CONNECTION_URL. */
export function clusterSettings(url: string): ClusterSettings {
  const parts = parseConnectionUrl(url);
  if (parts.scheme !== 'kafka' && parts.scheme !== 'kafkas') {
    throw wrong(`A Kafka address starts with kafka://, not ${parts.scheme}://.`);
  }
  return {
    brokers: parts.hosts.map(({ host, port }) => ({ host, port: port ?? 9092 })),
    options: {
      connectTimeout: CONNECT_TIMEOUT,
      requestTimeout: REQUEST_TIMEOUT,
      maxInflights: 16,
      ...tls(parts),
      ...sasl(parts),
    },
  };
}

function tls(parts: ConnectionParts) {
  const mode = tlsMode(parts, parts.scheme === 'kafkas' ? 'true' : 'false');
  const settings = tlsSettings(parts, mode);
  if (settings === undefined) return {};
  // The certificate of each broker is for the address that it announces: the library compares them. A number is not sent as a name.
  const { servername, checkServerIdentity, ...tls } = settings;
  return {
    tls: mode === 'true' ? tls : { ...tls, checkServerIdentity },
    ...(servername !== undefined && { tlsServerName: true }),
  };
}

function sasl({ user, password, options }: ConnectionParts) {
  if (user === undefined) return {};
  const mechanism = (options.mechanism ?? 'PLAIN').toUpperCase();
  const known = MECHANISMS.find((name) => name === mechanism);
  if (known === undefined) throw wrong(`The option mechanism is one of ${MECHANISMS.join(', ').toLowerCase()}.`);
  return { sasl: { mechanism: known, username: user, password: password ?? '' } };
}

function wrong(message: string): MillraceError {
  return new MillraceError(message, {
    code: 'CONNECTION_URL',
    domain: 'user',
    hint: 'For example kafka://user:password@broker1:9092,broker2:9092?tls=true&mechanism=scram-sha-512',
  });
}
