import type { IncomingMessage } from 'node:http';
import type { Credentials, User } from '../auth/credentials.js';

const BEARER = /^Bearer ([\x21-\x7e]{1,512})$/i;
const PROTOCOL = /^bearer\.([A-Za-z0-9._~+/=-]{1,512})$/;

/** Sub-protocols that a request offers, without the one that carries a token. */
export function offeredProtocols({ headers }: IncomingMessage): string[] {
  return (headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

/** The token of a socket: `Authorization: Bearer`, or the sub-protocol `bearer.<token>` for web pages, which cannot set headers. */
export function socketToken(request: IncomingMessage): string | undefined {
  const header = BEARER.exec(request.headers.authorization ?? '')?.[1];
  if (header !== undefined) return header;
  for (const offered of offeredProtocols(request)) {
    const token = PROTOCOL.exec(offered)?.[1];
    if (token !== undefined) return token;
  }
  return undefined;
}

export async function socketUser(request: IncomingMessage, credentials: Credentials): Promise<User | undefined> {
  const token = socketToken(request);
  return token === undefined ? undefined : credentials.bearer(token);
}

/** The sub-protocol to agree on: ours, else the first one, because web pages give a socket up when none of theirs is taken. */
export function chosenProtocol(ours: string): (offered: Set<string>) => string | false {
  return (offered) => (offered.has(ours) ? ours : ([...offered][0] ?? false));
}
