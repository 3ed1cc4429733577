import { type ConnectionUse, connectionUrl, MillraceError, parseConnectionUrl } from '@millrace/sdk';
import type { Db, MongoClient } from 'mongodb';
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
  const url = connectionUrl(connection);
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
