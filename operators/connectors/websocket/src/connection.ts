import { type ConnectionUse, connectionUrl, MillraceError } from '@millrace/sdk';
import { authorities, tlsTrouble } from '@millrace/sdk/tls';
import type { ClientOptions, WebSocket } from 'ws';

/** Bytes of one message; a longer one ends the connection. */
export const MAX_MESSAGE = 256 * 1024;

export interface SocketAddress {
  url: string;
  /** Headers of the sign-in. */
  headers: { readonly [name: string]: string };
  /** Certificates of the only authorities that are trusted; absent: those of this machine. */
  ca?: string[];
}

/**
 * `wss://user:password@host/path` signs in with Basic authentication, `?bearer=TOKEN` with a bearer token, `?header.X-Api-Key=KEY` with a
 * header of its own, `?ca=` holds the certificate of the authority that vouches for the host. `path` is put behind the path of the connection; `query` is added.
 */
export function socketAddress(connection: string, path = '', query: { [name: string]: string } = {}): SocketAddress {
  let url: URL;
  try {
    url = new URL(connectionUrl(connection));
  } catch (cause) {
    if (cause instanceof MillraceError) throw cause;
    throw badAddress(cause);
  }
  if (url.protocol !== 'ws:' && url.protocol !== 'wss:') throw badAddress();
  const headers: { [name: string]: string } = { 'user-agent': 'Millrace' };
  let ca: string[] | undefined;
  if (url.username !== '' || url.password !== '') {
    const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    headers.authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
  }
  for (const [name, value] of [...url.searchParams]) {
    if (name === 'bearer') headers.authorization = `Bearer ${value}`;
    else if (name.startsWith('header.')) headers[name.slice('header.'.length).toLowerCase()] = value;
    else if (name === 'ca') ca = authorities(value);
    else continue;
    url.searchParams.delete(name);
  }
  const [more = '', search] = path.split(/\?(.*)/s) as [string?, string?];
  if (more !== '') url.pathname = `${url.pathname.replace(/\/+$/, '')}/${more.replace(/^\/+/, '')}`;
  if (search !== undefined) for (const [name, value] of new URLSearchParams(search)) url.searchParams.set(name, value);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  url.username = '';
  url.password = '';
  url.hash = '';
  return { url: url.href, headers, ...(ca && { ca }) };
}

/** Opens a socket; rejects with an external SOCKET_UNREACHABLE, or SOCKET_SIGN_IN when the other side refuses. */
export async function openSocket(
  { url, headers, ca }: SocketAddress,
  options: {
    signal?: AbortSignal;
    protocols?: string[];
    /** Puts listeners on before the first message can come: some arrive together with the handshake. */
    prepare?(socket: WebSocket): void;
  } = {},
): Promise<WebSocket> {
  const { WebSocket } = await import('ws');
  const settings: ClientOptions = {
    headers,
    handshakeTimeout: 10_000,
    maxPayload: MAX_MESSAGE,
    perMessageDeflate: false,
    followRedirects: false,
    ...(ca && { ca }),
  };
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, options.protocols ?? [], settings);
    options.prepare?.(socket);
    const host = new URL(url).host;
    let refused: MillraceError | undefined;
    const abort = () => socket.terminate();
    options.signal?.addEventListener('abort', abort, { once: true });
    socket.on('unexpected-response', (request, response) => {
      refused = refusal(host, response.statusCode ?? 0);
      request.destroy();
      socket.terminate();
    });
    socket.once('error', (cause: NodeJS.ErrnoException) => reject(refused ?? unreachable(host, cause)));
    socket.once('close', () => reject(refused ?? unreachable(host, undefined)));
    socket.once('open', () => {
      options.signal?.removeEventListener('abort', abort);
      resolve(socket);
    });
  });
}

export const websocketConnection: ConnectionUse = {
  kind: 'websocket',
  title: 'WebSocket',
  example: 'wss://user:password@feed.example/stream',
  async test(url, signal) {
    const socket = await openSocket(socketAddress(url), { signal });
    socket.terminate();
  },
};

function refusal(host: string, status: number): MillraceError {
  const signIn = status === 401 || status === 403;
  return new MillraceError(
    signIn ? `${host} refused the sign-in (${status}).` : `${host} answered ${status} instead of opening a WebSocket.`,
    {
      code: signIn ? 'SOCKET_SIGN_IN' : 'SOCKET_REFUSED',
      // What a person has to mend is tried again at the slow pace, so that no restart is needed afterwards.
      domain: status >= 500 || status === 429 ? 'external' : 'user',
      retry: 'backoff',
      params: { host, status },
      hint: signIn ? 'Check user and password or token of the connection.' : 'Check the address and its path.',
    },
  );
}

function unreachable(host: string, cause: NodeJS.ErrnoException | undefined): MillraceError {
  const trouble = tlsTrouble(host, cause);
  if (trouble !== undefined) return trouble;
  const reason = cause?.code ?? cause?.message ?? 'closed';
  return new MillraceError(`${host} could not be reached (${reason}).`, {
    code: 'SOCKET_UNREACHABLE',
    domain: 'external',
    params: { host, reason },
    hint: 'Check the address, and whether the system is up. It is tried again by itself.',
    cause,
  });
}

function badAddress(cause?: unknown): MillraceError {
  return new MillraceError('The address of a WebSocket begins with wss:// or ws://.', {
    code: 'CONNECTION_URL',
    hint: 'It looks like wss://user:password@feed.example/stream.',
    cause,
  });
}
