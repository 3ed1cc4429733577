import { join } from 'node:path';
import { Client } from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { ownFolder } from '../support/folder.js';
import { crashes } from './support/crashes.js';
import { createTopic } from './support/kafka.js';
import { full, type Row, writeRecords } from './support/records.js';
import { Child, flow, writeGraph } from './support/run.js';
import { useServer } from './support/server.js';

const kafka = useServer('kafka');
const postgres = useServer('postgres');

/** One question, on a connection of its own: the server is bounced in between. */
async function ask<T>(sql: string): Promise<T[]> {
  const client = new Client(postgres.url);
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows as T[];
  } finally {
    await client.end();
  }
}

it('loses and doubles nothing from Kafka to PostgreSQL over five kills and a bounce', async () => {
  const topic = `in-${Date.now()}`;
  await createTopic(kafka.url, topic, 2);
  await ask(`create table taken (id text, n integer, text text, number double precision, whole bigint, big text,
    flag boolean, nothing text, nested jsonb, list jsonb, at bigint, large text)`);
  const count = full ? 60_000 : 40_000;
  const feeding = ownFolder();
  await writeRecords(join(feeding, 'in.ndjson'), count);
  const send = flow(
    { operator: 'files.read', config: { path: 'in.ndjson', rate: 1500 } },
    { operator: 'kafka.write', config: { connection: kafka.url, topic, key: 'id' } },
  );
  const feeder = new Child(writeGraph(feeding, send), join(feeding, 'data'));
  onTestFinished(async () => {
    if (!feeder.result) await feeder.kill();
  });
  const folder = ownFolder();
  const graph = flow(
    { operator: 'kafka.read', config: { connection: kafka.url, topic } },
    { operator: 'postgres.write', config: { connection: postgres.url, table: 'taken', mode: 'insert' } },
  );
  const result = await crashes({
    graph: writeGraph(folder, graph),
    dataDir: join(folder, 'data'),
    count,
    server: postgres.instance,
    progress: async () => Number((await ask<{ n: string }>('select count(*) as n from taken'))[0]!.n),
    read: () => ask<Row>('select * from taken'),
    tidy: ({ large, ...row }) => ({
      ...row,
      whole: Number(row.whole),
      at: Number(row.at),
      ...(large !== null && { large }),
    }),
  });
  expect(result).toMatchObject({ live: 5, lost: [], duplicates: [], changed: [], strange: [] });
});
