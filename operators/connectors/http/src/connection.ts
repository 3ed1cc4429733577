import { type ConnectionUse, connectionUrl, MillraceError } from '@millrace/sdk';
import { authorities } from '@millrace/sdk/tls';
import { createCaller, refusal, type WebConnection } from './call.js';

/**
 * `https://user:password@host/base` signs in with Basic authentication, `?bearer=TOKEN` with a bearer token, `?header.X-Api-Key=KEY` with
 * a header of its own. `?ca=` holds the certificate of the authority that vouches for the host (PEM, or the path of a file).
 */
export function webConnection(url: string): WebConnection {
  let base: URL;
  try {
    base = new URL(url);
  } catch (cause) {
    throw badAddress(cause);
  }
  if (base.protocol !== 'http:' && base.protocol !== 'https:') throw badAddress();
  const headers: { [name: string]: string } = {};
  let ca: string[] | undefined;
  if (base.username !== '' || base.password !== '') {
    const pair = `${decodeURIComponent(base.username)}:${decodeURIComponent(base.password)}`;
    headers.authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
  }
  for (const [name, value] of [...base.searchParams]) {
    if (name === 'bearer') headers.authorization = `Bearer ${value}`;
    else if (name.startsWith('header.')) headers[name.slice('header.'.length).toLowerCase()] = value;
    else if (name === 'ca') ca = authorities(value);
    else continue;
    base.searchParams.delete(name);
  }
  base.username = '';
  base.password = '';
  base.hash = '';
  return { base, headers, ...(ca && { ca }) };
}

/** The web API that a config names; undefined when it names none. */
export function namedWebConnection(name: string | undefined): WebConnection | undefined {
  return name === undefined || name === '' ? undefined : webConnection(connectionUrl(name));
}

/** The full address of a config: relative ones start at the connection. */
export function addressAt(url: string, connection: WebConnection | undefined): string {
  if (connection === undefined || URL.canParse(url)) return url;
  const { base } = connection;
  const root = base.pathname.replace(/\/+$/, '');
  const [path = '', query] = url.split(/\?(.*)/s) as [string?, string?];
  const full = new URL(base);
  full.pathname = path === '' ? base.pathname : `${root}/${path.replace(/^\/+/, '')}`;
  if (query !== undefined) full.search = [full.search.slice(1), query].filter(Boolean).join('&');
  return full.href;
}

export const httpConnection: ConnectionUse = {
  kind: 'http',
  title: 'Web API',
  example: 'https://user:password@api.shop.example/v1',
  async test(url, signal) {
    const connection = webConnection(url);
    const caller = createCaller(10_000, connection);
    try {
      const answer = await caller.call(connection.base, { signal });
      // A base path often answers 404 by itself: the host is there and has not refused the sign-in.
      if (answer.status === 401 || answer.status === 403 || answer.status >= 500) throw refusal(answer);
    } finally {
      caller.close();
    }
  },
};

function badAddress(cause?: unknown): MillraceError {
  return new MillraceError('The address of a web API begins with https:// or http://.', {
    code: 'CONNECTION_URL',
    hint: `It looks like ${httpConnection.example}. Tokens go into ?bearer=… or ?header.X-Api-Key=….`,
    cause,
  });
}
