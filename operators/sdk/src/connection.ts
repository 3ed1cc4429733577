import { MillraceError } from './errors.js';

/** Name of a kept connection: what a config holds instead of a URL. */
export const CONNECTION_NAME = /^[a-z][a-z0-9_-]{0,63}$/;

/** Variable of the environment that holds the URL of a connection: the host puts its own there, a person who runs a graph by hand sets it. */
export function connectionVariable(name: string): string {
  return `MILLRACE_CONNECTION_${name.replaceAll('-', '_').toUpperCase()}`;
}

/**
 * URL of the connection that a config names. A value with `://` is one already.
 * Throws CONNECTION_UNKNOWN when nothing is kept under the name.
 */
export function connectionUrl(connection: string, env: NodeJS.ProcessEnv = process.env): string {
  if (connection.includes('://')) return connection;
  const url = env[connectionVariable(connection)];
  if (url !== undefined && url !== '') return url;
  throw new MillraceError(`There is no connection named "${connection}".`, {
    code: 'CONNECTION_UNKNOWN',
    domain: 'user',
    params: { connection },
    hint: `Create it under Connections, or set ${connectionVariable(connection)} to its URL.`,
  });
}

export interface ConnectionParts {
  /** Without colon, in lower case. */
  scheme: string;
  user: string | undefined;
  password: string | undefined;
  /** At least one; several for clusters. */
  hosts: readonly { host: string; port: number | undefined }[];
  /** Database, keyspace or virtual host: the path without its first slash, decoded. */
  path: string;
  options: { readonly [name: string]: string };
}

const SHAPE = /^([a-z][a-z0-9+.-]*):\/\/(?:([^@/?#]*)@)?([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/i;

/** Parts of a connection URL. Other than `new URL` it takes several hosts: `kafka://user:password@a:9092,b:9092?tls=true`. */
export function parseConnectionUrl(url: string): ConnectionParts {
  const match = SHAPE.exec(url);
  const hosts = (match?.[3] ?? '').split(',').map(hostAndPort);
  if (!match || hosts.some((host) => host === undefined)) {
    throw new MillraceError('The address of the connection cannot be read.', {
      code: 'CONNECTION_URL',
      domain: 'user',
      hint: 'It looks like system://user:password@host:port/name. Characters such as @ and / in a password are written as %40 and %2F.',
    });
  }
  const [user, ...password] = match[2]?.split(':') ?? [];
  return {
    scheme: match[1]!.toLowerCase(),
    user: user ? decodeURIComponent(user) : undefined,
    password: password.length > 0 ? decodeURIComponent(password.join(':')) : undefined,
    hosts: hosts as ConnectionParts['hosts'],
    path: decodeURIComponent(match[4] ?? ''),
    options: Object.fromEntries(new URLSearchParams(match[5] ?? '')),
  };
}

function hostAndPort(text: string): { host: string; port: number | undefined } | undefined {
  const match = /^(\[[0-9a-f:.]+\]|[^:[\]]+)(?::(\d{1,5}))?$/i.exec(text);
  if (!match) return undefined;
  return { host: match[1]!.replace(/^\[|\]$/g, ''), port: match[2] === undefined ? undefined : Number(match[2]) };
}

/** The URL with its password hidden, for messages and logs. */
export function hidePassword(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/[^:@/?#]*):[^@/?#]*@/i, '$1:***@');
}
