import {
  type Behaviour,
  type Context,
  connecting,
  defineOperator,
  durationMs,
  Field,
  keepTrying,
  MillraceError,
  type Setup,
  type Static,
  type StreamRecord,
  Type,
} from '@millrace/sdk';
import type { AnyBulkWriteOperation, Document } from 'mongodb';
import { connect, connection, type Opened } from './connect.js';
import { documentMaker, lastOfEach, type Write } from './documents.js';
import { explain } from './explain.js';
import { CollectionName } from './read.js';

const config = Type.Object(
  {
    connection: Field.connection('mongodb'),
    collection: CollectionName,
    key: Type.Optional(
      Field.fields({
        title: 'Key fields',
        description:
          'Fields that tell documents apart, such as orderId: a later record with the same values replaces the document. Empty: the field _id where a record has it; else each record becomes a document of its own.',
      }),
    ),
    dates: Type.Optional(
      Field.fields({
        title: 'Store as dates',
        description: 'Fields with a time, as text (ISO 8601) or milliseconds, that MongoDB shall keep as dates.',
        ui: { advanced: true },
      }),
    ),
    timeout: Type.Optional(Field.duration({ title: 'Give up a write after', default: '30 s', ui: { advanced: true } })),
  },
  { additionalProperties: false },
);
type Config = Static<typeof config>;

export const mongodbWrite = defineOperator({
  type: 'mongodb.write',
  version: 1,
  docs: {
    title: 'Write MongoDB',
    summary: 'Writes each record as a document into a MongoDB collection.',
    description: [
      'Use it to put results into MongoDB, where your other programs find them: orders with their payment, totals per day, alerts. Each record becomes a document of a collection, which is what other databases call a table. The collection is made when it is missing.',
      'With key fields, a later record of the same key replaces the document, and a row that is removed from a table removes it. After a crash a record may be sent again; it then replaces its own document instead of doubling it, so the result is as if each record was written once. A record that MongoDB refuses becomes a dead letter with the reason; the others go on.',
      '**For your IT helper.** The id of a document (`_id`) is made from the key fields. A write counts once a majority of the servers has it on disk.',
    ].join('\n\n'),
    category: 'sink',
    icon: 'leaf',
    zh: { title: '写入 MongoDB', summary: '将每条记录作为文档写入 MongoDB 集合。' },
  },
  config,
  connection,
  summary: (c) => `${c.collection}${c.key && c.key.length > 0 ? ` by ${c.key.join(', ')}` : ''}`,
  inputs: { in: { title: 'Records', accepts: 'any' } },
  outputs: {},
  traits: { outside: true, delivery: 'exactly-once' },
  examples: [
    {
      title: 'The newest state of each order, one document per order',
      config: { connection: 'shop', collection: 'orders', key: ['orderId'] },
      input: [],
    },
  ],
  create: (setup) => new CollectionWriter(setup),
});

/** The server's number for a second document with the same value of a unique index. */
const DUPLICATE = 11000;

class CollectionWriter implements Behaviour {
  readonly #setup: Setup<Config>;
  readonly #make: ReturnType<typeof documentMaker>;
  #opened: Opened | undefined;
  /** Most documents of the last batch were not there before: inserting is the cheaper way then. */
  #mostlyNew = true;

  constructor(setup: Setup<Config>) {
    this.#setup = setup;
    this.#make = documentMaker(setup.config);
  }

  async onBatch(records: readonly StreamRecord[], _port: string, ctx: Context): Promise<void> {
    const writes: Write[] = [];
    for (const record of records) {
      try {
        writes.push(this.#make(record, () => ctx.deliveryId(record)));
      } catch (error) {
        ctx.fail(record, error);
      }
    }
    const ranges = writes.length > 0 ? [lastOfEach(writes)] : [];
    while (ranges.length > 0) {
      const range = ranges.pop()!;
      const { refusal, refused } = await this.#write(range);
      for (const [{ record }, error] of refused) ctx.fail(record, error);
      if (refusal === undefined) continue;
      // The client itself refuses the whole; halving finds the one that is at fault. Writing the others twice does no harm.
      if (range.length === 1) ctx.fail(range[0]!.record, refusal);
      else ranges.push(range.slice(range.length >> 1), range.slice(0, range.length >> 1));
    }
  }

  async #write(range: readonly Write[]): Promise<{ refusal?: MillraceError; refused: Map<Write, MillraceError> }> {
    const { config } = this.#setup;
    const refused = new Map<Write, MillraceError>();
    let refusal: MillraceError | undefined;
    let todo = range;
    await keepTrying(
      this.#setup,
      async () => {
        try {
          const timeout = durationMs(config.timeout ?? '30 s');
          const { signal } = this.#setup;
          this.#opened ??= await connecting(() => connect(config.connection, { timeout, signal }));
          todo = await this.#insert(this.#opened, todo);
          while (todo.length > 0) {
            const { left, again } = await this.#replace(this.#opened, todo, refused);
            todo = left;
            if (again !== undefined) throw again;
          }
        } catch (thrown) {
          // What the server said about single documents is settled; only these are left.
          if (thrown instanceof MillraceError) throw thrown;
          const error = explain(thrown);
          if (error.retry === 'never' && error.domain === 'user') {
            refusal = error;
            return;
          }
          await this.#disconnect();
          throw error;
        }
      },
      { explain: (thrown) => thrown as MillraceError },
    );
    return refusal === undefined ? { refused } : { refused, refusal };
  }

  /**
   * Replaces or removes. Answers what is left to do: what the server asked to try again (`again` says why), and what it did not come to.
   * Some servers stop at the first refusal although they are told not to, so what was done is counted, not taken for granted.
   */
  async #replace(
    { db }: Opened,
    writes: readonly Write[],
    refused: Map<Write, MillraceError>,
  ): Promise<{ left: readonly Write[]; again?: MillraceError }> {
    const collection = db.collection<Document>(this.#setup.config.collection);
    try {
      const { upsertedCount } = await collection.bulkWrite(writes.map(operationOf), { ordered: false });
      if (upsertedCount > writes.length / 2) this.#mostlyNew = true;
      return { left: [] };
    } catch (thrown) {
      const errors = writeErrorsOf(thrown);
      if (errors === undefined) throw thrown;
      const retried = errors.filter(({ error }) => error.retry === 'backoff');
      for (const { index, error } of errors) if (error.retry !== 'backoff') refused.set(writes[index]!, error);
      const failed = new Set(errors.map(({ index }) => index));
      const rest = writes.filter((_, index) => !failed.has(index));
      const { matchedCount = 0, upsertedCount = 0 } = thrown as { matchedCount?: number; upsertedCount?: number };
      const all = matchedCount + upsertedCount >= rest.filter(({ document }) => document !== undefined).length;
      const left = [...(all ? [] : rest), ...retried.map(({ index }) => writes[index]!)];
      return retried.length === 0 ? { left } : { left, again: retried[0]!.error };
    }
  }

  /** Inserts what is new; answers what has to be replaced or removed. What is there already, byte for byte, is a repeat and done. */
  async #insert({ db }: Opened, writes: readonly Write[]): Promise<readonly Write[]> {
    const fresh = this.#mostlyNew ? writes.filter(({ document }) => document !== undefined) : [];
    if (fresh.length === 0) return writes;
    const collection = db.collection<Document>(this.#setup.config.collection);
    let there: Write[] = [];
    try {
      await collection.bulkWrite(
        fresh.map(({ document }) => ({ insertOne: { document: document! } })),
        { ordered: false },
      );
    } catch (thrown) {
      const errors = (thrown as { writeErrors?: { index: number; code?: number }[] }).writeErrors;
      if (!Array.isArray(errors) || errors.length === 0) throw thrown;
      const { insertedCount = 0 } = thrown as { insertedCount?: number };
      // Whether it is its own id that is taken or another unique value, the replacement tells.
      there = insertedCount + errors.length < fresh.length ? fresh : errors.map(({ index }) => fresh[index]!);
    }
    this.#mostlyNew = there.length < fresh.length / 2;
    const removals = writes.filter(({ document }) => document === undefined);
    if (there.length === 0) return removals;
    const { BSON } = await import('mongodb');
    const ids = there.map(({ id }) => id as never);
    const stored = new Map<string, Uint8Array>();
    for await (const document of collection.find({ _id: { $in: ids } }))
      stored.set(JSON.stringify(document._id), BSON.serialize(document));
    const changed = there.filter(({ id, document }) => {
      const bytes = stored.get(JSON.stringify(id));
      return bytes === undefined || Buffer.compare(bytes, BSON.serialize(document!)) !== 0;
    });
    return [...changed, ...removals];
  }

  async #disconnect(): Promise<void> {
    const opened = this.#opened;
    this.#opened = undefined;
    await opened?.client.close().catch(() => undefined);
  }

  close(): Promise<void> {
    return this.#disconnect();
  }
}

function operationOf({ id, document }: Write): AnyBulkWriteOperation<Document> {
  // A plain value is itself the condition; servers find it by the index more surely than through $eq.
  const filter = { _id: typeof id === 'object' ? { $eq: id } : id };
  return document === undefined
    ? { deleteOne: { filter } }
    : { replaceOne: { filter, replacement: document, upsert: true } };
}

/** What the server said about single documents; undefined when it said nothing of the kind. */
function writeErrorsOf(thrown: unknown): { index: number; error: MillraceError }[] | undefined {
  const { writeErrors, name } = thrown as { name?: string; writeErrors?: unknown };
  if (name !== 'MongoBulkWriteError' || writeErrors === undefined) return undefined;
  const list = (Array.isArray(writeErrors) ? writeErrors : [writeErrors]) as {
    index: number;
    code?: number;
    errmsg?: string;
  }[];
  if (list.length === 0) return undefined;
  return list.map(({ index, code, errmsg = 'The document was refused' }) => {
    // Two writers that make the same document at once: the second try finds it there.
    const race = code === DUPLICATE && /index: _id_|_id_ dup key/.test(errmsg);
    const error = explain(Object.assign(new Error(errmsg), { code }));
    return {
      index,
      error: race ? new MillraceError(error.message, { code: 'DATABASE_BUSY', domain: 'external' }) : error,
    };
  });
}
