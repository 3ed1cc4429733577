import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { BadInput, type Problem, type SourceReader, systemClock, type Value } from '@millrace/sdk';
import { checkOperator } from '@millrace/sdk/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nextLink } from './pages.js';
import { poll } from './poll.js';

let server: Server;
let origin: string;
let calls: IncomingMessage[];
let answer: (url: URL, request: IncomingMessage, response: ServerResponse) => void;
const open: SourceReader[] = [];

beforeEach(async () => {
  calls = [];
  answer = (_url, _request, response) => response.end('[]');
  server = createServer((request, response) => {
    calls.push(request);
    answer(new URL(request.url!, origin), request, response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  for (const reader of open.splice(0)) await reader.close?.();
  server.closeAllConnections();
  server.close();
});

interface Read {
  reader: SourceReader;
  values: Value[];
  position: Value;
  problems: (Problem | null)[];
  /** Reads until so many values are there. */
  until(count: number): Promise<Value[]>;
  /** Reads until so many pages came, with or without values. */
  pages(count: number): Promise<void>;
}

/** The source as a task reads it, on the real clock. */
async function read(config: Value, position: Value = null): Promise<Read> {
  const problems: (Problem | null)[] = [];
  const full = { connection: origin, url: '/orders', interval: 20, ...config };
  const source = poll.create({
    config: full,
    nodeId: 'n',
    workflow: 'w',
    taskIndex: 0,
    epoch: 1,
    parallelism: 1,
    clock: systemClock,
    timeZone: 'UTC',
    inputModes: {},
    compile: () => () => null,
    problem: (problem: Problem | null) => void problems.push(problem),
    signal: new AbortController().signal,
    services: {
      print: () => undefined,
      log: () => undefined,
      resolvePath: (path: string) => path,
      overwrite: false,
      fresh: true,
    },
    wake: () => undefined,
  });
  const reader = await source.open('0', position);
  open.push(reader);
  const made: Read = {
    reader,
    values: [],
    position,
    problems,
    until: async (count) => {
      while (made.values.length < count) await step();
      return made.values;
    },
    pages: async (count) => {
      for (let i = 0; i < count; ) if (await step()) i++;
    },
  };
  const step = async (): Promise<boolean> => {
    const batch = await reader.poll(1000);
    if (batch === null) {
      await systemClock.sleep(2);
      return false;
    }
    made.values.push(...batch.values);
    made.position = JSON.parse(JSON.stringify(batch.position));
    return true;
  };
  return made;
}

const orders = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => ({
    id: from + i,
    updatedAt: `2024-01-01T00:00:${String(from + i).padStart(2, '0')}Z`,
  }));
const ids = (values: readonly Value[]) => values.map((value) => value.id);

describe('http.poll', () => {
  it('keeps its declaration', async () => {
    await checkOperator(poll);
  });

  it.each([
    ['page', { paging: 'page', pageSize: 3, pageParam: 'p' }],
    ['offset', { paging: 'offset', pageSize: 3, limitParam: 'n' }],
    ['cursor', { paging: 'cursor', cursorField: 'meta.next', records: 'data.orders' }],
    ['address', { paging: 'cursor', cursorField: 'meta.next', records: 'data.orders' }],
    ['link', { paging: 'link' }],
  ])('reads all pages by %s', async (style, config) => {
    const all = orders(1, 8);
    answer = (url, _request, response) => {
      const at =
        style === 'page'
          ? (Number(url.searchParams.get('p')) - 1) * 3
          : Number(url.searchParams.get(style === 'cursor' ? 'cursor' : 'offset') ?? 0);
      const rows = all.slice(at, at + 3);
      const next = at + 3 < all.length ? at + 3 : null;
      if (style === 'link' && next !== null)
        response.setHeader('link', `</first>; rel="prev", </orders?offset=${next}>; rel="next"; title="more"`);
      if (style === 'cursor') response.end(JSON.stringify({ data: { orders: rows }, meta: { next } }));
      else if (style === 'address')
        response.end(
          JSON.stringify({ data: { orders: rows }, meta: { next: next && `${origin}/orders?offset=${next}` } }),
        );
      else response.end(JSON.stringify(rows));
    };
    const source = await read({ ...config, interval: 60_000 });
    expect(ids(await source.until(8))).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(calls).toHaveLength(3);
  });

  it('takes a record once although every round lists it again, and a changed one again', async () => {
    let list = orders(1, 3);
    answer = (_url, _request, response) => response.end(JSON.stringify(list));
    const source = await read({ id: ['id', 'updatedAt'] });
    await source.until(3);
    list = [...list, { id: 4, updatedAt: 'x' }, { id: 1, updatedAt: 'later' }];
    expect(ids(await source.until(5))).toEqual([1, 2, 3, 4, 1]);
    await source.pages(3);
    expect(source.values).toHaveLength(5);
  });

  it('goes on in the middle of a round after a restart, and knows what it has read', async () => {
    const all = orders(1, 6);
    answer = (url, _request, response) => {
      const page = Number(url.searchParams.get('page'));
      response.end(JSON.stringify(all.slice((page - 1) * 2, page * 2)));
    };
    const config = { paging: 'page', pageSize: 2, id: ['id'] };
    const first = await read(config);
    await first.until(2);
    await first.reader.close?.();
    const before = calls.length;
    const second = await read(config, first.position);
    await second.until(4);
    await second.pages(4);
    expect(ids([...first.values, ...second.values])).toEqual([1, 2, 3, 4, 5, 6]);
    expect(calls[before]!.url).toContain('page=2');
  });

  it('asks for what has changed since the highest value of the round before', async () => {
    answer = (url, _request, response) => {
      const since = url.searchParams.get('updated_since') ?? '';
      response.end(JSON.stringify(orders(1, 5).filter((row) => row.updatedAt > since)));
    };
    const source = await read({ sinceField: 'updatedAt', sinceParam: 'updated_since' });
    await source.until(5);
    await source.pages(2);
    expect(source.values).toHaveLength(5);
    expect(new URL(calls.at(-1)!.url!, origin).searchParams.get('updated_since')).toBe('2024-01-01T00:00:05Z');
  });

  it('asks for changes only, by ETag and date', async () => {
    answer = (_url, request, response) => {
      response.setHeader('etag', '"v1"');
      response.setHeader('last-modified', 'Mon, 01 Jan 2024 00:00:00 GMT');
      response.statusCode = request.headers['if-none-match'] === '"v1"' ? 304 : 200;
      response.end(response.statusCode === 200 ? '[{"id":1}]' : undefined);
    };
    const source = await read({});
    await source.pages(3);
    expect(source.values).toEqual([{ id: 1 }]);
    expect(calls.at(-1)!.headers['if-modified-since']).toBe('Mon, 01 Jan 2024 00:00:00 GMT');
  });

  it('shows what is wrong, waits as it is asked to, and goes on when it works again', async () => {
    const times: number[] = [];
    answer = (_url, _request, response) => {
      times.push(Date.now());
      if (times.length === 1) {
        response.statusCode = 429;
        response.setHeader('retry-after', '1');
      }
      response.end('[{"id":1}]');
    };
    const source = await read({});
    await source.until(1);
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(950);
    expect(source.problems.map((problem) => problem?.code)).toEqual(['HTTP_UNAVAILABLE', undefined]);
  });

  it.each([
    ['a wrong password', 401, '', 'HTTP_SIGN_IN'],
    ['an answer that is no JSON', 200, '<html>', 'HTTP_REPLY_UNREADABLE'],
    ['an answer without the list', 200, '{"data":1}', 'HTTP_NO_RECORDS'],
    ['an answer over 1 MiB', 200, JSON.stringify(['x'.repeat(1_100_000)]), 'HTTP_REPLY_TOO_LARGE'],
  ])('names %s', async (_title, status, body, code) => {
    answer = (_url, _request, response) => {
      response.statusCode = status;
      response.end(body);
    };
    const source = await read({ records: 'data.list' });
    while (source.problems.length === 0) {
      expect(await source.reader.poll(10)).toBeNull();
      await systemClock.sleep(2);
    }
    expect(source.problems[0]).toMatchObject({ code, hint: expect.any(String) });
  });

  it('refuses an answer that grows beyond 1 MiB when it is unpacked', async () => {
    answer = (_url, _request, response) => {
      response.setHeader('content-encoding', 'gzip');
      response.end(gzipSync(Buffer.alloc(5_000_000, 0x20)));
    };
    const source = await read({});
    while (source.problems.length === 0) {
      await source.reader.poll(10);
      await systemClock.sleep(2);
    }
    expect(source.problems[0]?.code).toBe('HTTP_REPLY_TOO_LARGE');
  });

  it('gives what is no record to the dead letters', async () => {
    answer = (_url, _request, response) => response.end('[{"id":1}, 7]');
    const source = await read({});
    const values = await source.until(2);
    expect(values[0]).toEqual({ id: 1 });
    expect(values[1]).toBeInstanceOf(BadInput);
  });

  it('signs in as the connection says, and never on another host', async () => {
    answer = (_url, _request, response) => {
      response.setHeader('link', '<http://127.0.0.1:1/steal>; rel="next"');
      response.end('[{"id":1}]');
    };
    const source = await read({ connection: `${origin}?bearer=t0ken&header.X-Shop=7`, paging: 'link' });
    await source.until(1);
    while (source.problems.at(-1)?.code !== 'HTTP_OTHER_HOST') {
      await source.reader.poll(10);
      await systemClock.sleep(2);
    }
    expect(calls[0]!.headers).toMatchObject({ authorization: 'Bearer t0ken', 'x-shop': '7' });
    expect(calls[0]!.url).toBe('/orders');
  });

  it('calls no private address without a connection', async () => {
    expect(poll.lint?.({ url: `${origin}/orders` })).toEqual([expect.objectContaining({ code: 'OUTBOUND_BLOCKED' })]);
    const source = await read({ connection: undefined, url: `${origin}/orders` });
    while (source.problems.length === 0) {
      await source.reader.poll(10);
      await systemClock.sleep(2);
    }
    expect(source.problems[0]?.code).toBe('OUTBOUND_BLOCKED');
    expect(calls).toHaveLength(0);
  });
});

describe('the next page of a Link header', () => {
  it.each([
    ['<https://h/2>; rel="next"', 'https://h/2'],
    ['</a>; rel="prev last", </b>; rel=next', '/b'],
    ['</a?x=1,2>; title="a, b"; rel="next"', '/a?x=1,2'],
    ['</a>; rel="nextish"', undefined],
    [undefined, undefined],
  ])('%s is %s', (header, next) => {
    expect(nextLink(header)).toBe(next);
  });
});
