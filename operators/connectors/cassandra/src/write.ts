import {
  type Behaviour,
  type Context,
  connecting,
  defineOperator,
  durationMs,
  Field,
  keepTrying,
  type MillraceError,
  type Setup,
  type Static,
  type StreamRecord,
  Type,
} from '@millrace/sdk';
import { TableName } from '@millrace/sdk/tables';
import type { Client } from 'cassandra-driver';
import { columnsOf } from './columns.js';
import { connect, connection } from './connect.js';
import { explain } from './explain.js';
import { type Statement, statementMaker } from './row-statement.js';

const config = Type.Object(
  {
    connection: Field.connection('cassandra'),
    table: TableName('orders_by_customer'),
    writeTime: Type.Optional(
      Type.Union([Type.Literal('event', { title: 'Event time' }), Type.Literal('order', { title: 'Stream order' })], {
        title: 'Which record of a row wins',
        description:
          'When two records belong to one row. Event time, the usual choice: the one that happened later, even if it arrives first. Stream order: the one that arrives last; for records without a time of their own.',
        default: 'event',
      }),
    ),
    concurrency: Type.Optional(
      Type.Integer({
        title: 'Writes at a time',
        minimum: 1,
        maximum: 1024,
        default: 64,
        'x-ui': { advanced: true },
      }),
    ),
    timeout: Type.Optional(Field.duration({ title: 'Give up a write after', default: '12 s', ui: { advanced: true } })),
  },
  { additionalProperties: false },
);
type Config = Static<typeof config>;

export const cassandraWrite = defineOperator({
  type: 'cassandra.write',
  version: 1,
  docs: {
    title: 'Write Cassandra',
    summary: 'Writes each record as a row into a Cassandra table.',
    description: [
      'Use it to put results into a Cassandra database, where your other programs find them: the orders of each customer, say. Each record becomes a row of a table that is there already; a field goes into the column of the same name (`orderId` also finds `order_id`).',
      'A record with the key of a row that is there replaces the values of that row; a row that is removed from a table is deleted. After a crash a record may be written again, which changes nothing: the result is as if each was written once. A record that does not fit becomes a dead letter with the reason; the others go on.',
      '**For your IT helper.** Each row is written with a write time made from the record, so an older record never beats a newer one; columns without a field keep their value. Tables with counters are refused, because a repeated addition cannot be told from a new one. A Cassandra on a single server with its usual settings may itself forget what it confirmed in the last moments before it crashes: keep several copies, or set `commitlog_sync: batch`.',
    ].join('\n\n'),
    category: 'sink',
    icon: 'database-import',
    zh: { title: '写入 Cassandra', summary: '将每条记录作为一行写入 Cassandra 表。' },
  },
  config,
  connection,
  summary: (c) => `Into ${c.table}`,
  inputs: { in: { title: 'Records', accepts: 'any' } },
  outputs: {},
  traits: { outside: true, delivery: 'exactly-once' },
  examples: [
    {
      title: 'Orders by customer',
      config: { connection: 'shop', table: 'orders_by_customer' },
      input: [],
    },
  ],
  create: (setup) => new RowWriter(setup),
});

interface Open {
  client: Client;
  make: ReturnType<typeof statementMaker>;
}

class RowWriter implements Behaviour {
  readonly #setup: Setup<Config>;
  #open: Open | undefined;

  constructor(setup: Setup<Config>) {
    this.#setup = setup;
  }

  async onBatch(records: readonly StreamRecord[], _port: string, ctx: Context): Promise<void> {
    const fail = (record: StreamRecord, error: MillraceError) => ctx.fail(record, error);
    let todo: readonly StreamRecord[] = [];
    let statements: Map<StreamRecord, Statement> | undefined;
    await keepTrying(
      this.#setup,
      async () => {
        const open = await this.#connected();
        if (statements === undefined) {
          statements = new Map();
          for (const record of records) {
            try {
              statements.set(record, open.make(record, this.#writeTime(record, ctx)));
            } catch (error) {
              fail(record, explain(error));
            }
          }
          todo = this.#toSend(records, statements);
        }
        const { again, error } = await this.#send(open.client, todo, statements, fail);
        todo = again;
        if (error === undefined) return;
        await this.#disconnect();
        throw error;
      },
      { explain },
    );
  }

  async #connected(): Promise<Open> {
    const { config, signal } = this.#setup;
    if (this.#open) return this.#open;
    const timeout = durationMs(config.timeout ?? '12 s');
    const client = await connecting(() => connect(config.connection, { timeout, signal }));
    try {
      this.#open = { client, make: statementMaker(config.table, await columnsOf(client, config.table)) };
      return this.#open;
    } catch (error) {
      await client.shutdown().catch(() => undefined);
      throw error;
    }
  }

  /** In the order of the stream only the last record of a row counts, and a batch is sent side by side. */
  #toSend(records: readonly StreamRecord[], statements: ReadonlyMap<StreamRecord, Statement>): StreamRecord[] {
    const made = records.filter((record) => statements.has(record));
    if (this.#setup.config.writeTime !== 'order') return made;
    const last = new Map(made.map((record) => [statements.get(record)!.row, record]));
    return [...last.values()];
  }

  /**
   * Microseconds since 1970, the same when the record is sent again. By order: ms of the record's birth, then the number of its outbox
   * entry. Cassandra keeps the cell with the larger write time.
   */
  #writeTime(record: StreamRecord, ctx: Context): bigint {
    if (this.#setup.config.writeTime !== 'order') return BigInt(record.time) * 1000n;
    return BigInt(Math.floor(record.born)) * 1000n + BigInt(ctx.delivery(record).sequence % 1000);
  }

  /** Sends statements side by side; answers the records that are to be sent again, and why. */
  async #send(
    client: Client,
    records: readonly StreamRecord[],
    statements: ReadonlyMap<StreamRecord, Statement>,
    fail: (record: StreamRecord, error: MillraceError) => void,
  ): Promise<{ again: StreamRecord[]; error?: MillraceError }> {
    const again: StreamRecord[] = [];
    let first: MillraceError | undefined;
    let next = 0;
    const lane = async () => {
      while (next < records.length) {
        const record = records[next++]!;
        // A cluster that is gone is not asked a thousand times.
        if (first !== undefined) {
          again.push(record);
          continue;
        }
        const { query, params } = statements.get(record)!;
        try {
          await client.execute(query, params);
        } catch (thrown) {
          const error = explain(thrown);
          if (error.retry === 'never') fail(record, error);
          else {
            again.push(record);
            first ??= error;
          }
        }
      }
    };
    const lanes = Math.min(this.#setup.config.concurrency ?? 64, records.length);
    await Promise.all(Array.from({ length: lanes }, lane));
    return first === undefined ? { again } : { again, error: first };
  }

  async #disconnect(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    await open?.client.shutdown().catch(() => undefined);
  }

  close(): Promise<void> {
    return this.#disconnect();
  }
}
