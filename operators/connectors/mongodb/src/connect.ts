import { type ConnectionUse, connectionUrl, MillraceError, parseConnectionUrl } from '@millrace/sdk';
import { authorities } from '@millrace/sdk/tls';
import type { Db, MongoClient, MongoClientOptions } from 'mongodb';
import { explain } from './explain.js';

export const connection: ConnectionUse = {
  kind: 'mongodb',
  title: 'MongoDB',
  example: 'mongodb://user:password@localhost:27017/shop',
  async test(url, signal) {
    let opened: Opened | undefined;
    try {
      opened = await connect(url, { timeout: 8000, signal });
    } catch (thrown) {
      throw explain(thrown);
    } finally {
      await opened?.client.close();
    }
  },
};

export interface Opened {
  client: MongoClient;
  db: Db;
}

/** Connects to the system that a config's `connection` names. `timeout`: ms that one call may take. */
export async function connect(connection: string, options: { timeout: number; signal?: AbortSignal }): Promise<Opened> {
  const { url, tls } = lineOf(connectionUrl(connection));
  const database = databaseOf(url);
  const { MongoClient } = await import('mongodb');
  const client = new MongoClient(url, {
    appName: 'millrace',
    maxPoolSize: 4,
    connectTimeoutMS: 10_000,
    serverSelectionTimeoutMS: Math.min(options.timeout, 5000),
    socketTimeoutMS: options.timeout,
    // Only after a majority of the servers has it on disk is a record delivered.
    writeConcern: { w: 'majority', journal: true, wtimeoutMS: options.timeout },
    readConcernLevel: 'majority',
    ignoreUndefined: true,
    ...tls,
  });
  const abort = () => void client.close().catch(() => undefined);
  options.signal?.addEventListener('abort', abort, { once: true });
  try {
    await client.connect();
    const db = client.db(database);
    await db.command({ ping: 1 });
    return { client, db };
  } catch (error) {
    abort();
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', abort);
  }
}

/**
 * The address without the options that are ours, and what they mean: `ca` holds the certificate of an authority, `tls` has the values
 * that it has for all systems. The client's own (`tlsCAFile` …) stay.
 */
function lineOf(address: string): { url: string; tls: MongoClientOptions } {
  const [base, query = ''] = address.split(/\?(.*)/s) as [string, string?];
  const options = new URLSearchParams(query);
  const ca = options.get('ca');
  const mode = options.get('tls');
  options.delete('ca');
  if (mode === 'unverified' || mode === 'verify-ca') options.set('tls', 'true');
  const left = options.toString();
  return {
    url: left === '' ? base : `${base}?${left}`,
    tls: {
      ...(ca !== null && { ca: authorities(ca), ...(mode === null && { tls: true }) }),
      ...(mode === 'unverified' && { tlsAllowInvalidCertificates: true, tlsAllowInvalidHostnames: true }),
      ...(mode === 'verify-ca' && { tlsAllowInvalidHostnames: true }),
    },
  };
}

function databaseOf(url: string): string {
  const { scheme, path } = parseConnectionUrl(url);
  if ((scheme !== 'mongodb' && scheme !== 'mongodb+srv') || path === '') {
    throw new MillraceError('The address of the connection is not one of MongoDB, or names no database.', {
      code: 'CONNECTION_URL',
      hint: `It looks like ${connection.example}.`,
    });
  }
  return path;
}
