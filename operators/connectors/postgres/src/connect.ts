import {
  type ConnectionParts,
  type ConnectionUse,
  connectionUrl,
  MillraceError,
  parseConnectionUrl,
} from '@millrace/sdk';
import { type TlsMode, tlsMode, tlsSettings } from '@millrace/sdk/tls';
import type { Client, ClientConfig } from 'pg';
import { explain } from './explain.js';

export const connection: ConnectionUse = {
  kind: 'postgres',
  title: 'PostgreSQL',
  example: 'postgres://user:password@localhost:5432/shop?sslmode=verify-full',
  async test(url, signal) {
    let client: Client | undefined;
    try {
      client = await connect(url, { timeout: 10_000, signal });
      await client.query('SELECT 1');
    } catch (thrown) {
      throw explain(thrown);
    } finally {
      await client?.end().catch(() => undefined);
    }
  },
};

/** How PostgreSQL's own tools say whether the line is encrypted. As with them, `require` checks a certificate when there is one. */
const SSL_MODES: { [mode: string]: TlsMode } = {
  disable: 'false',
  require: 'unverified',
  'verify-ca': 'verify-ca',
  'verify-full': 'true',
};

function lineOf(parts: ConnectionParts): ReturnType<typeof tlsSettings> {
  const { sslmode, sslrootcert, ...options } = parts.options;
  const own = sslrootcert === undefined ? parts : { ...parts, options: { ca: sslrootcert, ...options } };
  if (sslmode === undefined) return tlsSettings(own, tlsMode(own, 'false'));
  if (!Object.hasOwn(SSL_MODES, sslmode)) throw badAddress();
  const checked = sslmode === 'require' && own.options.ca !== undefined;
  return tlsSettings(own, checked ? 'verify-ca' : SSL_MODES[sslmode]!);
}

/** Connects to the system that a config's `connection` names. `timeout`: ms that one statement may take. */
export async function connect(connection: string, options: { timeout: number; signal?: AbortSignal }): Promise<Client> {
  const { default: pg } = await import('pg');
  const client = new pg.Client(clientConfig(connectionUrl(connection), options.timeout));
  // Without a listener an idle connection that breaks would end the process; the next query tells about it.
  client.on('error', () => undefined);
  const abort = () => void client.end().catch(() => undefined);
  options.signal?.addEventListener('abort', abort, { once: true });
  try {
    await client.connect();
    // Texts of times, intervals and doubles must mean the same whatever the server is set to.
    await client.query(
      "SET TIME ZONE 'UTC'; SET datestyle = 'ISO, YMD'; SET intervalstyle = 'iso_8601'; SET extra_float_digits = 1; SET bytea_output = 'hex'",
    );
    return client;
  } catch (error) {
    abort();
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', abort);
  }
}

function badAddress(): MillraceError {
  return new MillraceError('The address of the connection is not one of PostgreSQL.', {
    code: 'CONNECTION_URL',
    hint: `It looks like ${connection.example}; sslmode is disable, require, verify-ca or verify-full.`,
  });
}

function clientConfig(url: string, timeout: number): ClientConfig {
  const parts = parseConnectionUrl(url);
  const { scheme, user, password, hosts, path } = parts;
  if (scheme !== 'postgres' && scheme !== 'postgresql') throw badAddress();
  return {
    host: hosts[0]!.host,
    port: hosts[0]!.port ?? 5432,
    ...(user !== undefined && { user }),
    ...(password !== undefined && { password }),
    database: path === '' ? (user ?? 'postgres') : path,
    ssl: lineOf(parts) ?? false,
    application_name: 'millrace',
    connectionTimeoutMillis: 10_000,
    statement_timeout: timeout,
    // For a server that is gone without a word, on which its own timeout cannot act.
    query_timeout: timeout + 5000,
    keepAlive: true,
  };
}

/** A name as SQL, whatever is in it. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A table name of a config (`orders` or `shop.orders`) as SQL. */
export function quoteTable(table: string): string {
  return table.split('.').map(quote).join('.');
}
