import { mkdtempSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import generator from '@millrace/connector-generator';
import http from '@millrace/connector-http';
import view from '@millrace/connector-view';
import core from '@millrace/core';
import { createCatalogue } from '@millrace/sdk';
import { pino } from 'pino';
import { readSettings } from '../settings.js';
import { type RunningServer, startServer } from '../start-server.js';
import type { Role } from '../store/port.js';
import { FakeEngine } from './fake-engine.js';

export const testCatalogue = createCatalogue([...core, ...generator, ...http, ...view]);

export interface Reply {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came
  body: any;
  text: string;
  headers: { [name: string]: string | string[] | undefined };
}

export interface Send {
  method?: string;
  body?: unknown;
  /** Sent as it is, instead of `body`. */
  raw?: string | Buffer;
  headers?: { [name: string]: string };
  /** Token, or false for nobody. Default: the admin. */
  token?: string | false;
}

export interface TestServer {
  server: RunningServer;
  engine: FakeEngine;
  dir: string;
  printed: string[];
  logs: string[];
  tokens: { [role in Role]: string };
  send(path: string, options?: Send): Promise<Reply>;
  /** Stops it and starts another one on the same data. */
  restart(): Promise<void>;
  dispose(): Promise<void>;
}

/** A server on a free port with an empty data directory, without the demo unless `examplesDir` is given. */
export async function testServer(
  options: { env?: NodeJS.ProcessEnv; examplesDir?: string; editorDir?: string } = {},
): Promise<TestServer> {
  const dir = mkdtempSync(join(tmpdir(), 'server-'));
  const printed: string[] = [];
  const logs: string[] = [];
  const engine = new FakeEngine();
  const start = () =>
    startServer({
      loadCatalogue: async () => testCatalogue,
      catalogue: { module: new URL('../../../cli/dist/catalogue.js', import.meta.url).href, plugins: [] },
      settings: readSettings({ PORT: '0', MILLRACE_DATA: join(dir, 'data'), ...options.env }),
      print: (line) => void printed.push(line),
      logger: pino({ level: 'debug' }, { write: (line: string) => void logs.push(line) }),
      engine,
      examplesDir: options.examplesDir ?? join(dir, 'no-examples'),
      editorDir: options.editorDir ?? join(dir, 'no-editor'),
    });
  const made: TestServer = {
    server: await start(),
    engine,
    dir,
    printed,
    logs,
    tokens: { ingest: '', viewer: '', editor: '', admin: '' },
    send: (path, options) => send(made, path, options),
    restart: async () => {
      await made.server.close();
      made.server = await start();
    },
    dispose: async () => {
      await made.server.close();
      rmSync(dir, { recursive: true });
    },
  };
  for (const role of Object.keys(made.tokens) as Role[]) {
    made.tokens[role] = (await made.server.services.credentials.createApiToken({ name: role, role })).token;
  }
  return made;
}

function send(
  made: TestServer,
  path: string,
  { method, body, raw, headers = {}, token = made.tokens.admin }: Send = {},
): Promise<Reply> {
  const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const all: { [name: string]: string } = {
    ...(payload !== undefined && { 'content-type': 'application/json' }),
    ...(token !== false && { authorization: `Bearer ${token}` }),
    ...headers,
  };
  return new Promise((resolve, reject) => {
    const call = httpRequest(
      {
        host: '127.0.0.1',
        port: made.server.port,
        path,
        method: method ?? (payload === undefined ? 'GET' : 'POST'),
        headers: all,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const json = response.headers['content-type']?.includes('json');
          resolve({
            status: response.statusCode ?? 0,
            text,
            body: json && text !== '' ? JSON.parse(text) : undefined,
            headers: response.headers,
          });
        });
        response.on('error', reject);
      },
    );
    call.on('error', reject);
    call.end(payload);
  });
}

/** A graph that is valid with the test catalogue: HTTP in, a filter, a table. */
export function orderGraph(name = 'Orders'): { schema: 1; name: string; nodes: object[]; edges: object[] } {
  return {
    schema: 1,
    name,
    nodes: [
      { id: 'orders', operator: 'http.ingest', config: {}, position: { x: 0, y: 0 } },
      { id: 'paid', operator: 'core.filter', config: { where: "status == 'paid'" }, position: { x: 200, y: 0 } },
      { id: 'table', operator: 'view.table', config: { name: 'paid-orders' }, position: { x: 400, y: 0 } },
    ],
    edges: [
      { id: 'e1', source: 'orders', target: 'paid' },
      { id: 'e2', source: 'paid', target: 'table' },
    ],
  };
}
