import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Row } from './records.js';

/** A web system of the tests: takes calls of webhooks, and gives out what it has page by page. */
export interface Shop {
  port: number;
  address: string;
  /** Lets nodes call it although it is on this machine. */
  env: { [name: string]: string };
  /** What came, each time it came, with the delivery id that it came under. */
  taken: (Row & { delivery: string })[];
  /** Rows that `/orders` shows: at the end of the test's own list, more may be added. */
  shown: Row[];
  /** Every n-th call is answered with 503 before it is taken, or cut after it was taken. */
  trouble: { refuse?: number; cut?: number };
  calls: { refused: number; cut: number };
  /** ms before a page is answered. */
  delay: number;
}

/** `POST /hook` (one record or a list), `GET /orders?since=MS&page=N&limit=ROWS`: rows with `at` from there on, by `at`. */
export async function webShop(): Promise<Shop> {
  const shop: Shop = {
    port: 0,
    address: '',
    env: {},
    taken: [],
    shown: [],
    trouble: {},
    calls: { refused: 0, cut: 0 },
    delay: 0,
  };
  let count = 0;
  const web = createServer((request, response) => {
    const url = new URL(request.url!, 'http://shop');
    if (request.method === 'GET') {
      const since = Number(url.searchParams.get('since') ?? 0);
      const page = Number(url.searchParams.get('page'));
      const limit = Number(url.searchParams.get('limit'));
      // Rows are in the order of their times, one a millisecond.
      const first = shop.shown.length === 0 ? 0 : Math.max(0, since - (shop.shown[0]!.at as number));
      const rows = shop.shown.slice(first + (page - 1) * limit, first + page * limit);
      setTimeout(() => response.end(JSON.stringify({ orders: rows })), shop.delay);
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      count++;
      const { refuse, cut } = shop.trouble;
      if (refuse && count % refuse === 0) {
        shop.calls.refused++;
        response.writeHead(503, { 'retry-after': '0' }).end();
        return;
      }
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Row | Row[];
      const rows = Array.isArray(body) ? body : [body];
      const header = (name: string) => (request.headers[name] as string | undefined) ?? '';
      const ids = Array.isArray(body) ? header('x-millrace-delivery-ids').split(',') : [header('idempotency-key')];
      for (const [i, row] of rows.entries()) shop.taken.push({ ...row, delivery: ids[i] ?? '' });
      if (cut && count % cut === 0) {
        shop.calls.cut++;
        request.socket.destroy();
        return;
      }
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  shop.port = (web.address() as AddressInfo).port;
  shop.address = `http://127.0.0.1:${shop.port}`;
  shop.env = { MILLRACE_ALLOW_PRIVATE_HOSTS: `127.0.0.1:${shop.port}` };
  onTestFinished(() => {
    web.closeAllConnections();
    web.close();
  });
  return shop;
}

/** A row as it was sent: without the id of its delivery. */
export const withoutDelivery = ({ delivery, ...row }: Row): Row => row as Row;
