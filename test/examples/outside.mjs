// Examples that work with outside systems: how each gets a place of its own in them, how it is fed and what it must give. They run when the
// addresses are in the environment (`eval "$(npm run -s service -- env kafka postgres)"`, README.md of test/services).
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from './example.mjs';

/** A client that only one connector depends on. */
const clientOf = (connector, name) =>
  createRequire(join(root, 'operators/connectors', connector, 'package.json'))(name);

/**
 * @typedef {object} Place
 * @property {{ [variable: string]: string }} env Addresses of the connections, for the runs.
 * @property {{ [setting: string]: unknown }} settings Settings of the graph that name things of its own.
 * @property {{ [setting: string]: unknown }} feedSettings The same for `send.graph.json`, which feeds it.
 * @property {() => Promise<string[]>} rows What is there now, a row a line.
 * @property {() => Promise<unknown>} close
 */

/** @type {{ [example: string]: { needs: string[], wanted: string[], open: (folder: string) => Promise<Place> } }} */
export const OUTSIDE = {
  'kafka-to-postgres': { needs: ['KAFKA_URL', 'POSTGRES_URL'], wanted: ['rows.ndjson'], open: kafkaToPostgres },
  'rabbitmq-orders': { needs: ['RABBITMQ_URL'], wanted: ['cards.ndjson'], open: rabbitmqOrders },
  'mongodb-to-cassandra': {
    needs: ['MONGODB_URL', 'CASSANDRA_URL'],
    wanted: ['rows.ndjson', 'sales.ndjson'],
    open: mongodbToCassandra,
  },
};

const own = () => `example_${randomBytes(4).toString('hex')}`;
const json = (row) => JSON.stringify(row);

async function kafkaToPostgres(folder) {
  const { Admin } = await import('@platformatic/kafka');
  const { default: pg } = await import('pg');
  const name = own();
  const kafka = process.env.KAFKA_URL;
  const admin = new Admin({
    clientId: 'examples',
    bootstrapBrokers: [new URL(kafka).host],
    retries: 5,
    timeout: 10_000,
  });
  await admin.createTopics({ topics: [name], partitions: 2, replicas: 1 });
  await admin.close();
  const server = new pg.Client(process.env.POSTGRES_URL);
  await server.connect();
  await server.query(`create database ${name}`);
  await server.end();
  const url = new URL(process.env.POSTGRES_URL);
  url.pathname = name;
  const client = new pg.Client(url.href);
  await client.connect();
  await client.query(readFileSync(join(folder, 'table.sql'), 'utf8'));
  return {
    env: { MILLRACE_CONNECTION_SHOP_KAFKA: kafka, MILLRACE_CONNECTION_SHOP_DB: url.href },
    settings: { 'events.topic': name },
    feedSettings: { 'topic.topic': name },
    async rows() {
      const { rows } = await client.query(
        'select order_id, status, country, items, total from shop_orders order by order_id',
      );
      return rows.map(json);
    },
    close: () => client.end(),
  };
}

async function rabbitmqOrders() {
  const { connect } = clientOf('rabbitmq', 'amqplib');
  const name = own();
  const url = process.env.RABBITMQ_URL;
  const connection = await connect(url);
  connection.on('error', () => undefined);
  const channel = await connection.createChannel();
  const quorum = { durable: true, arguments: { 'x-queue-type': 'quorum' } };
  for (const queue of [name, `${name}_cards`]) await channel.assertQueue(queue, quorum);
  const cards = [];
  await channel.consume(`${name}_cards`, (message) => cards.push(json(JSON.parse(message.content.toString()))), {
    noAck: true,
  });
  return {
    env: { MILLRACE_CONNECTION_SHOP_QUEUE: url },
    settings: { 'orders.queue': name, 'cards.queue': `${name}_cards` },
    feedSettings: { 'queue.queue': name },
    rows: async () => [...cards],
    close: () => connection.close(),
  };
}

async function mongodbToCassandra(folder) {
  const { Client } = clientOf('cassandra', 'cassandra-driver');
  const name = own();
  const mongo = new URL(process.env.MONGODB_URL);
  mongo.pathname = name;
  const url = new URL(process.env.CASSANDRA_URL);
  const at = {
    contactPoints: [url.host],
    localDataCenter: url.searchParams.get('dc') ?? 'datacenter1',
    credentials: { username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) },
    socketOptions: { readTimeout: 60_000 },
  };
  const server = new Client(at);
  await server.execute(
    `CREATE KEYSPACE ${name} WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}`,
  );
  await server.shutdown();
  url.pathname = name;
  const client = new Client({ ...at, keyspace: name });
  const tables = readFileSync(join(folder, 'tables.cql'), 'utf8').split(';');
  for (const table of tables) if (table.trim() !== '') await client.execute(table);
  return {
    env: { MILLRACE_CONNECTION_SHOP_DOCUMENTS: mongo.href, MILLRACE_CONNECTION_SHOP_TABLES: url.href },
    settings: { 'orders.every': '100 ms' },
    feedSettings: {},
    async rows() {
      const orders = await client.execute('SELECT * FROM orders_by_customer');
      const sales = await client.execute('SELECT * FROM item_sales_by_hour');
      return [
        ...orders.rows.map(({ customer, order_id, status, total, items }) =>
          json({ customer, order_id, status, total: String(total), items }),
        ),
        ...sales.rows.map(({ sku, hour, pieces }) => json({ sku, hour, pieces: Number(pieces) })),
      ];
    },
    close: () => client.shutdown(),
  };
}
