import type { IncomingMessage } from 'node:http';
import type { NextFunction, Request, Response } from 'express';
import { HttpError } from './errors.js';

/** Names under which this server may be called: the loopback ones and that of PUBLIC_URL. The port does not matter: rebinding changes names. */
export function hostCheck(publicUrl: URL | undefined): (host: string | undefined) => boolean {
  const names = new Set(['127.0.0.1', 'localhost', '[::1]', ...(publicUrl ? [publicUrl.hostname] : [])]);
  return (host) => {
    const match = /^(\[[0-9a-f:.]+\]|[^:@/\s]+)(:\d{1,5})?$/i.exec(host ?? '');
    return match !== null && names.has(match[1]!.toLowerCase());
  };
}

/** True unless the request shows that a page of another origin made it. Requests of programs carry neither header. */
export function sameOrigin(request: IncomingMessage, publicUrl: URL | undefined): boolean {
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  if (origin === undefined) return true;
  if (publicUrl !== undefined && origin === publicUrl.origin) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

export function requireHost(allowed: (host: string | undefined) => boolean) {
  return (request: Request, _response: Response, next: NextFunction): void => {
    if (!allowed(request.headers.host)) {
      throw new HttpError(421, 'HOST_NOT_ALLOWED', 'This server does not answer under that host name.', {
        hint: 'Open it under 127.0.0.1 or localhost, or set PUBLIC_URL to the address people use.',
      });
    }
    next();
  };
}

export function requireSameOrigin(publicUrl: URL | undefined) {
  return (request: Request, _response: Response, next: NextFunction): void => {
    if (!sameOrigin(request, publicUrl))
      throw new HttpError(403, 'ORIGIN', 'Pages of other sites may not call this server.');
    next();
  };
}
