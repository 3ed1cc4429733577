import { connect as connectSocket, isIP, type Socket } from 'node:net';
import { type ConnectionUse, connectionUrl, MillraceError, parseConnectionUrl } from '@millrace/sdk';
import { type TlsSettings, tlsMode, tlsSettings } from '@millrace/sdk/tls';
import type { Connection, ConnectionOptions } from 'mysql2/promise';
import { explain } from './explain.js';

export const connection: ConnectionUse = {
  kind: 'mysql',
  title: 'MySQL or MariaDB',
  example: 'mysql://user:password@localhost:3306/shop',
  async test(url, signal) {
    let client: Database | undefined;
    try {
      client = await Database.connect(url, { timeout: 8000, signal });
    } catch (thrown) {
      throw explain(thrown);
    } finally {
      client?.close();
    }
  },
};

/** Cells of a row as the server writes them. */
export type Cells = (string | null)[];

/** One connection. Every statement is bounded in time; values are escaped by the client under settings fixed here. */
export class Database {
  private constructor(
    private readonly client: Connection,
    private readonly timeout: number,
  ) {}

  /** Connects to the system that a config's `connection` names. `timeout`: ms that one statement may take. */
  static async connect(name: string, options: { timeout: number; signal?: AbortSignal }): Promise<Database> {
    const { createConnection } = await import('mysql2/promise');
    const parts = parseConnectionUrl(connectionUrl(name));
    const { scheme, user, password, hosts, path } = parts;
    if ((scheme !== 'mysql' && scheme !== 'mariadb') || path === '') {
      throw new MillraceError('The address of the connection is not one of MySQL, or names no database.', {
        code: 'CONNECTION_URL',
        hint: `It looks like ${connection.example}; tls=true encrypts the line.`,
      });
    }
    const { host, port = 3306 } = hosts[0]!;
    const mode = tlsMode(parts, 'false');
    const tls = tlsSettings(parts, mode);
    const client = await createConnection({
      host,
      port,
      ...(user !== undefined && { user }),
      ...(password !== undefined && { password }),
      database: path,
      charset: 'utf8mb4',
      connectTimeout: 10_000,
      enableKeepAlive: true,
      // A server must not be able to ask for files of this machine.
      flags: ['-LOCAL_FILES'],
      multipleStatements: false,
      rowsAsArray: true,
      typeCast: (field: { string(): string | null }) => field.string(),
      ...(tls && encrypted(tls, mode === 'true', host, port)),
    });
    // Without a listener a connection that breaks would end the process; the next statement tells about it.
    client.on('error', () => undefined);
    const database = new Database(client, options.timeout);
    const abort = () => database.close();
    options.signal?.addEventListener('abort', abort, { once: true });
    try {
      // Strict, and backslashes escape: the client relies on it. Times are UTC whatever the server is set to.
      await database.run(
        "SET time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', innodb_lock_wait_timeout = 20",
      );
      await database.run('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
      return database;
    } catch (error) {
      abort();
      throw error;
    } finally {
      options.signal?.removeEventListener('abort', abort);
    }
  }

  /** Rows of a question; `?` stand for values. */
  async rows(sql: string, values: readonly unknown[] = []): Promise<Cells[]> {
    const [rows] = await this.client.query({ sql, values: [...values], timeout: this.timeout });
    return rows as unknown as Cells[];
  }

  /** Rows that a statement found (whether or not it changed them). */
  async run(sql: string, values: readonly unknown[] = []): Promise<number> {
    const [result] = await this.client.query({ sql, values: [...values], timeout: this.timeout });
    return (result as { affectedRows?: number }).affectedRows ?? 0;
  }

  /** At once: there may be nobody on the other side to say goodbye to. */
  close(): void {
    this.client.destroy();
  }
}

/** Options of a connection over TLS. `named`: the certificate must be for the host. */
function encrypted({ rejectUnauthorized, ca }: TlsSettings, named: boolean, host: string, port: number) {
  return {
    ssl: { rejectUnauthorized, verifyIdentity: named, ...(ca && { ca }) },
    // The client compares the certificate of a numeric host with the name "localhost" unless the socket says otherwise.
    ...(named && isIP(host) !== 0 && { stream: () => numericSocket(host, port) }),
  } satisfies ConnectionOptions;
}

function numericSocket(host: string, port: number): Socket {
  const socket = connectSocket({ host, port, keepAlive: true, noDelay: true });
  // Where Node itself notes the name that it connects to.
  return Object.assign(socket, { _host: host });
}

/** A name as SQL, whatever is in it. A question mark would be taken for a value by the client. */
export function quote(name: string): string {
  if (name.includes('?')) {
    throw new MillraceError(`The name "${name}" cannot be used: it has a question mark.`, { code: 'NAME_UNUSABLE' });
  }
  return `\`${name.replaceAll('`', '``')}\``;
}

/** A table name of a config (`orders` or `shop.orders`) as SQL. */
export function quoteTable(table: string): string {
  return table.split('.').map(quote).join('.');
}
