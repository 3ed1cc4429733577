import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { poll } from '@millrace/connector-http';
import { read as feed } from '@millrace/connector-websocket';
import { toMillraceError } from '@millrace/sdk';
import mysql from 'mysql2/promise';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { ownFolder } from '../support/folder.js';
import { type Certificates, makeCertificates } from './lib/certificates.mjs';
import { type Instance, startServer } from './lib/instance.mjs';
import { freePorts } from './lib/process.mjs';
import { troubleAt } from './support/faults.js';
import { createTopic } from './support/kafka.js';
import { createQueue } from './support/rabbitmq.js';
import { listInList, noListInList, type Row, writeRecords } from './support/records.js';
import { roundTrip } from './support/round-trip.js';
import { type End, flow } from './support/run.js';
import { COLUMNS, tidy as row } from './support/sql.js';

const RECORDS = 1000;

let certificates: Certificates;
const started: Instance[] = [];
beforeAll(async () => {
  certificates = await makeCertificates();
});
afterAll(() => certificates.remove());

/** A server that takes nothing but TLS, and the two ends of a flow through it. */
interface Encrypted {
  /** Asks for TLS and names no authority. */
  url: string;
  sink(connection: string): End;
  source(connection: string): End;
  send?: (row: Row) => Row;
  tidy?: (row: Row) => Row;
}

async function start(name: string, options: { [name: string]: string }): Promise<Instance> {
  const instance = await startServer(name, { options });
  started.push(instance);
  return instance;
}
const end = (operator: string, config: object) => (connection: string) => ({
  operator,
  config: { connection, ...config },
});
const freePort = async () => (await freePorts(1))[0]!;

async function postgres(): Promise<Encrypted> {
  const { url, state } = await start('postgres', {
    ssl: 'on',
    ssl_cert_file: certificates.certificateFile,
    ssl_key_file: certificates.keyOf('postgres'),
  });
  const client = new pg.Client(url);
  await client.connect();
  await client.query(`CREATE TABLE trip (${COLUMNS.postgres})`);
  writeFileSync(join(state.folder, 'data/pg_hba.conf'), 'hostssl all all all scram-sha-256\n');
  await client.query('SELECT pg_reload_conf()');
  await client.end();
  return {
    url: `${url}?sslmode=verify-full`,
    sink: end('postgres.write', { table: 'trip' }),
    source: end('postgres.read', { table: 'trip', key: ['id'], follow: false }),
    tidy: row,
  };
}

async function mariadb(): Promise<Encrypted> {
  const { url } = await start('mariadb', {
    'ssl-cert': certificates.certificateFile,
    'ssl-key': certificates.keyFile,
    'ssl-ca': certificates.authorityFile,
  });
  const client = await mysql.createConnection(url);
  await client.query(`CREATE TABLE trip (${COLUMNS.mysql}) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
  await client.query('SET GLOBAL require_secure_transport = ON');
  await client.end();
  return {
    url: `${url}?tls=true`,
    sink: end('mysql.write', { table: 'trip' }),
    source: end('mysql.read', { table: 'trip', key: ['id'], follow: false }),
    tidy: row,
  };
}

async function redis(): Promise<Encrypted> {
  const port = await freePort();
  await start('redis', {
    'tls-port': String(port),
    'tls-cert-file': certificates.certificateFile,
    'tls-key-file': certificates.keyFile,
    'tls-ca-cert-file': certificates.authorityFile,
    'tls-auth-clients': 'no',
  });
  return {
    url: `rediss://127.0.0.1:${port}`,
    sink: end('redis.write-stream', { stream: 'trip' }),
    source: end('redis.read-stream', { stream: 'trip', until: 'end' }),
  };
}

async function rabbitmq(): Promise<Encrypted> {
  const port = await freePort();
  const { url } = await start('rabbitmq', {
    'listeners.ssl.1': `127.0.0.1:${port}`,
    'ssl_options.cacertfile': certificates.authorityFile,
    'ssl_options.certfile': certificates.certificateFile,
    'ssl_options.keyfile': certificates.keyFile,
    'ssl_options.verify': 'verify_none',
  });
  await createQueue(url, 'trip');
  return {
    url: url.replace(/^amqp:/, 'amqps:').replace(/:\d+$/, `:${port}`),
    sink: end('rabbitmq.write', { queue: 'trip' }),
    source: end('rabbitmq.read', { queue: 'trip' }),
  };
}

async function kafka(): Promise<Encrypted> {
  const { url, env } = await start('kafka', { tls: certificates.storeFile });
  await createTopic(url, 'trip');
  return {
    url: env.KAFKA_TLS_URL!,
    sink: end('kafka.write', { topic: 'trip', key: 'id' }),
    source: end('kafka.read', { topic: 'trip', until: 'end' }),
  };
}

async function mongodb(): Promise<Encrypted> {
  const port = await freePort();
  const { url } = await start('mongodb', {
    'listen-tls': `127.0.0.1:${port}`,
    'listen-tls-cert-file': certificates.certificateFile,
    'listen-tls-key-file': certificates.keyFile,
  });
  return {
    url: `${url.replace(/:\d+\//, `:${port}/`)}&tls=true`,
    sink: end('mongodb.write', { collection: 'trip', key: ['id'] }),
    source: end('mongodb.read', { collection: 'trip', follow: false }),
    send: noListInList,
    tidy: ({ _id, ...rest }) => listInList(rest as Row),
  };
}

const withAuthority = (url: string, ca: string) => `${url}${url.includes('?') ? '&' : '?'}ca=${encodeURIComponent(ca)}`;

describe.each([
  ['PostgreSQL', postgres],
  ['MariaDB', mariadb],
  ['Redis', redis],
  ['RabbitMQ', rabbitmq],
  ['Kafka', kafka],
  ['MongoDB', mongodb],
] as const)('%s over TLS', (name, begin) => {
  let system: Encrypted;
  beforeAll(async () => {
    system = await begin();
  });
  afterAll(async () => {
    for (const instance of started.splice(0)) await instance.stop();
  });
  const trouble = async (connection: string) => {
    const folder = ownFolder();
    await writeRecords(join(folder, 'in.ndjson'), 10);
    const lines = { operator: 'files.read', config: { path: 'in.ndjson' } };
    return troubleAt({ folder, graph: flow(lines, system.sink(connection)), node: 'out' });
  };

  it('gives back what was written, once the connection has the certificate of the authority', async () => {
    const [asText, asFile] = [certificates.authority, certificates.authorityFile].map((ca) =>
      withAuthority(system.url, ca),
    );
    await roundTrip({
      count: RECORDS,
      sink: system.sink(asText!),
      source: system.source(asFile!),
      ...(system.send && { send: system.send }),
      ...(system.tidy && { tidy: system.tidy }),
    });
  });

  it('says at the node that the certificate is not trusted, and what to do', async () => {
    for (const url of [system.url, withAuthority(system.url, certificates.stranger)]) {
      const found = await trouble(url);
      expect(found).toMatchObject({ code: 'CERTIFICATE_UNTRUSTED', failed: false });
      expect(found.hint).toContain('ca');
      expect(found.message).toContain(name === 'MariaDB' ? 'MySQL' : name);
    }
  });

  it('takes no certificate that is for another host', async () => {
    const url = withAuthority(system.url, certificates.authority).replace('127.0.0.1', 'localhost');
    expect(await trouble(url)).toMatchObject({ code: 'CERTIFICATE_NAME', failed: false });
  });
});

it('says at the node that the certificate of a connection cannot be read, and takes no record for broken', async () => {
  const folder = ownFolder();
  await writeRecords(join(folder, 'in.ndjson'), 10);
  for (const [address, operator, more] of [
    ['postgres://127.0.0.1:1/shop?sslmode=verify-full&ca=/nowhere/ca.pem', 'postgres.write', { table: 't' }],
    ['mongodb://127.0.0.1:1/shop?ca=nonsense', 'mongodb.write', { collection: 't' }],
    ['cassandra://127.0.0.1:1/shop?ca=/', 'cassandra.write', { table: 't' }],
  ] as const) {
    const sink = { operator, config: { connection: address, ...more } };
    const graph = flow({ operator: 'files.read', config: { path: join(folder, 'in.ndjson') } }, sink);
    const found = await troubleAt({ folder: ownFolder(), graph, node: 'out' });
    expect(found).toMatchObject({ code: 'CONNECTION_CA', failed: false });
  }
});

describe('web systems over TLS', () => {
  it('are called with the certificate of the connection, and named when it is missing', async () => {
    const options = { key: readFileSync(certificates.keyFile), cert: readFileSync(certificates.certificateFile) };
    const web = createServer(options, (_request, response) => response.end('[]'));
    const sockets = new WebSocketServer({ server: web });
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    const { port } = web.address() as AddressInfo;
    const signal = AbortSignal.timeout(20_000);
    try {
      for (const [scheme, { connection }] of [
        ['https', poll],
        ['wss', feed],
      ] as const) {
        const test = async (url: string) => {
          try {
            await connection!.test(url, signal);
            return 'works';
          } catch (thrown) {
            return toMillraceError(thrown).code;
          }
        };
        const url = `${scheme}://127.0.0.1:${port}/`;
        expect(await test(withAuthority(url, certificates.authority))).toBe('works');
        expect(await test(url)).toBe('CERTIFICATE_UNTRUSTED');
        expect(await test(withAuthority(url, certificates.authority).replace('127.0.0.1', 'localhost'))).toBe(
          'CERTIFICATE_NAME',
        );
      }
    } finally {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      web.closeAllConnections();
      web.close();
    }
  });
});
