import type { NextFunction, Request, Response } from 'express';

/** `style-src` allows style attributes because the canvas positions its nodes with them; scripts come from this server only. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join(';');

const HEADERS: readonly (readonly [string, string])[] = [
  ['content-security-policy', CONTENT_SECURITY_POLICY],
  ['cross-origin-opener-policy', 'same-origin'],
  ['cross-origin-resource-policy', 'same-origin'],
  ['permissions-policy', 'camera=(), geolocation=(), microphone=()'],
  ['referrer-policy', 'no-referrer'],
  ['x-content-type-options', 'nosniff'],
  ['x-frame-options', 'DENY'],
];
const SECURE: readonly (readonly [string, string])[] = [...HEADERS, ['strict-transport-security', 'max-age=31536000']];

/** Security headers of every answer. No `upgrade-insecure-requests`: a loopback server speaks plain http. */
export function securityHeaders(secure: boolean) {
  const headers = secure ? SECURE : HEADERS;
  return (_request: Request, response: Response, next: NextFunction): void => {
    for (let i = 0; i < headers.length; i++) response.setHeader(headers[i]![0], headers[i]![1]);
    next();
  };
}
