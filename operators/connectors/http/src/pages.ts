import { createHash } from 'node:crypto';
import { fieldReader, type Value } from '@millrace/sdk';
import type { Answer } from './call.js';
import type { PollConfig } from './poll.js';

/** Where a poll stands: all of it is in the commit. */
export interface PollPosition {
  /** The page to ask next within a round; null: a round begins. */
  next: string | null;
  /** Page number or offset of `next`. */
  count: number;
  /** When the next call is due, ms. */
  due: number;
  /** Highest value of the changed-at field of finished rounds, and of this one. */
  since: string | number | null;
  high: string | number | null;
  /** Short hashes of the records known, oldest first. */
  seen: string[];
  etag: string | null;
  modified: string | null;
}

export const START: PollPosition = {
  next: null,
  count: 0,
  due: 0,
  since: null,
  high: null,
  seen: [],
  etag: null,
  modified: null,
};

/** Address of the first page of a round. */
export function firstPage(
  address: string,
  config: PollConfig,
  since: PollPosition['since'],
): { url: string; count: number } {
  const url = new URL(address);
  const { paging = 'none', pageSize, limitParam = 'limit', sinceParam } = config;
  if (sinceParam !== undefined && since !== null) url.searchParams.set(sinceParam, String(since));
  let count = 0;
  if (paging === 'page') {
    count = config.firstPage ?? 1;
    url.searchParams.set(config.pageParam ?? 'page', String(count));
  }
  if (paging === 'offset') url.searchParams.set(config.offsetParam ?? 'offset', '0');
  if (pageSize !== undefined && (paging === 'page' || paging === 'offset'))
    url.searchParams.set(limitParam, String(pageSize));
  return { url: url.href, count };
}

/** Address of the page after this one; null at the last. */
export function nextPage(
  here: string,
  count: number,
  answer: Answer,
  body: Value,
  records: number,
  config: PollConfig,
): { url: string; count: number } | null {
  const url = new URL(here);
  const last = records === 0 || (config.pageSize !== undefined && records < config.pageSize);
  switch (config.paging ?? 'none') {
    case 'link': {
      const next = nextLink(answer.headers.link);
      return next === undefined ? null : turn(here, new URL(next, answer.url).href, count + 1);
    }
    case 'cursor': {
      const cursor: Value = fieldReader(config.cursorField ?? 'next')(body);
      if (cursor === null || cursor === '' || cursor === false || typeof cursor === 'object') return null;
      const text = String(cursor);
      if (/^(https?:\/\/|\/)/.test(text)) return turn(here, new URL(text, answer.url).href, count + 1);
      url.searchParams.set(config.cursorParam ?? 'cursor', text);
      return turn(here, url.href, count + 1);
    }
    case 'page':
      url.searchParams.set(config.pageParam ?? 'page', String(count + 1));
      return last ? null : { url: url.href, count: count + 1 };
    case 'offset':
      url.searchParams.set(config.offsetParam ?? 'offset', String(count + records));
      return last ? null : { url: url.href, count: count + records };
    default:
      return null;
  }
}

/** A page that names itself as the next one would be read for ever. */
function turn(here: string, url: string, count: number): { url: string; count: number } | null {
  return url === here ? null : { url, count };
}

/** `rel="next"` of a Link header (RFC 8288). */
export function nextLink(header: string | string[] | undefined): string | undefined {
  const text = Array.isArray(header) ? header.join(',') : (header ?? '');
  for (const [, target, parameters] of text.matchAll(/<([^>]*)>((?:\s*;\s*[^,;"]+(?:"[^"]*")?)*)/g))
    if (/;\s*rel\s*=\s*"?(?:[^"]*\s)?next(?:\s[^"]*)?"?(?:\s*;|\s*$)/i.test(parameters ?? '')) return target;
  return undefined;
}

/** The records of an answer: a list, the values of a list inside, or one object. */
export function recordsOf(body: Value, path: string | undefined): Value[] | undefined {
  const found: Value = path === undefined || path === '' ? body : fieldReader(path)(body);
  if (Array.isArray(found)) return found;
  return found !== null && typeof found === 'object' ? [found] : undefined;
}

/** 64 bits of a hash of the values a record is known by. */
export function identity(record: Value, fields: readonly ((value: Value) => Value)[]): string {
  return createHash('sha256')
    .update(JSON.stringify(fields.map((read) => read(record))))
    .digest('base64url')
    .slice(0, 11);
}

export function higher(a: string | number | null, b: Value): string | number | null {
  if (typeof b !== 'string' && typeof b !== 'number') return a;
  return a === null || (typeof a === typeof b ? b > a : String(b) > String(a)) ? b : a;
}
