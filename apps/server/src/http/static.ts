import { existsSync } from 'node:fs';
import { extname, join } from 'node:path';
import { type NextFunction, type Request, type Response, Router, static as serveStatic } from 'express';

const TYPES: { readonly [extension: string]: string } = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
const YEAR = 365 * 24 * 3600;

/**
 * The editor's build: files under `assets/` have their hash in the name and never change; everything else is asked for anew each time.
 * A `.gz` beside a file is sent to clients that take gzip. Page addresses inside the editor answer with its index.html.
 */
export function serveEditor(dir: string): Router {
  const router = Router();
  const index = join(dir, 'index.html');
  router.use((request: Request, response: Response, next: NextFunction) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return next();
    const page = isPage(request);
    if (page && existsSync(index)) request.url = '/index.html';
    response.setHeader(
      'cache-control',
      request.path.startsWith('/assets/') ? `public, max-age=${YEAR}, immutable` : 'no-cache',
    );
    preferGzip(dir, request, response);
    next();
  });
  router.use(
    serveStatic(dir, { index: false, cacheControl: false, dotfiles: 'ignore', redirect: false, fallthrough: true }),
  );
  router.use((_request: Request, response: Response, next: NextFunction) => {
    for (const name of ['cache-control', 'content-encoding', 'content-type', 'vary']) response.removeHeader(name);
    next();
  });
  return router;
}

/** An address that a person opened: no file name, and the browser wants a page. */
function isPage(request: Request): boolean {
  if (request.path.startsWith('/api') || request.path.startsWith('/ingest')) return false;
  return (
    request.path === '/' ||
    (extname(request.path) === '' && !request.path.includes('/.') && request.accepts(['json', 'html']) === 'html')
  );
}

function preferGzip(dir: string, request: Request, response: Response): void {
  const path = new URL(request.url, 'http://server').pathname;
  const type = TYPES[extname(path)];
  if (type === undefined || path.includes('..') || path.includes('%') || !existsSync(join(dir, `${path}.gz`))) return;
  response.setHeader('vary', 'accept-encoding');
  if (request.acceptsEncodings('gzip') !== 'gzip') return;
  request.url = `${path}.gz`;
  response.setHeader('content-encoding', 'gzip');
  response.setHeader('content-type', type);
}
