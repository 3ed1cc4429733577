import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { HttpError } from './errors.js';

/** Bytes of a request body, after unpacking. */
export const MAX_BODY = 1024 * 1024;

/**
 * Reads a body, at most `limit` bytes after unpacking. A larger one is refused as soon as that is known (413), without reading the
 * rest; so is a gzip body that grows beyond it.
 */
export async function readBody(request: IncomingMessage, limit = MAX_BODY): Promise<Buffer> {
  const length = Number(request.headers['content-length'] ?? 0);
  if (length > limit) throw tooLarge(limit);
  const encoding = request.headers['content-encoding']?.toLowerCase() ?? 'identity';
  if (encoding !== 'identity' && encoding !== 'gzip') {
    throw new HttpError(415, 'ENCODING_UNKNOWN', `The content encoding ${encoding.slice(0, 40)} is not understood.`, {
      hint: 'Send the body plain or as gzip.',
    });
  }
  if (encoding === 'identity') return collect(request, request, limit);
  const gunzip = createGunzip();
  return collect(request.pipe(gunzip), request, limit);
}

function collect(stream: Readable, request: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const stop = (error: Error) => {
      request.unpipe();
      request.pause();
      if (stream !== request) stream.destroy();
      stream.removeAllListeners('data');
      reject(error);
    };
    stream.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) stop(tooLarge(limit));
      else chunks.push(chunk);
    });
    stream.on('end', () => resolve(Buffer.concat(chunks, size)));
    stream.on('error', (cause: NodeJS.ErrnoException) =>
      stop(
        cause.code?.startsWith('Z_')
          ? new HttpError(400, 'BAD_ENCODING', 'The body is not valid gzip.')
          : new HttpError(400, 'BODY_CUT', 'The request ended before its body was complete.'),
      ),
    );
    request.on('aborted', () =>
      stop(new HttpError(400, 'BODY_CUT', 'The request ended before its body was complete.')),
    );
  });
}

function tooLarge(limit: number): HttpError {
  return new HttpError(413, 'BODY_TOO_LARGE', `The body is larger than ${limit} bytes.`, {
    params: { limit },
    headers: { connection: 'close' },
  });
}

/** The media type of a request, without parameters. */
export function mediaType(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
}
