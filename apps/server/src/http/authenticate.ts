import type { NextFunction, Request, Response } from 'express';
import { readCookie, SESSION_COOKIE } from '../auth/cookies.js';
import type { Credentials, Identity } from '../auth/credentials.js';

/** Finds out who makes a request: an API token if one is sent, otherwise the session cookie. A wrong token is nobody, not the cookie's owner. */
export function authenticate(credentials: Credentials) {
  return async (request: Request, response: Response, next: NextFunction): Promise<void> => {
    response.locals.identity = await identify(credentials, request);
    next();
  };
}

async function identify(credentials: Credentials, { headers }: Request): Promise<Identity | undefined> {
  const { authorization } = headers;
  if (authorization !== undefined) {
    const match = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(authorization);
    const user = match === null ? undefined : await credentials.bearer(match[1]!);
    return user && { user, by: 'token' };
  }
  const session = readCookie(headers.cookie, SESSION_COOKIE);
  const user = session === undefined ? undefined : await credentials.session(session);
  return user && { user, by: 'session' };
}
