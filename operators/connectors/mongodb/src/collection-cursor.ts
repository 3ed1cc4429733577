import { MillraceError } from '@millrace/sdk';
import type { Cursor, TableClient, TableRow } from '@millrace/sdk/tables';
import type { BSON, Collection, Document, Filter, FindCursor, ObjectId } from 'mongodb';
import type { Opened } from './connect.js';
import { jsonOf } from './values.js';

interface Reading {
  collection: string;
  order?: string;
  fields?: readonly string[];
}

/** Documents whose size is looked at to guess that of a page. */
const SAMPLE = 20;

/** Documents that the server sends at once; it sends fewer when they are large (16 MB). */
const BATCH = 1000;
/** The server's number for a cursor that it has forgotten: 10 minutes without a question. */
const CURSOR_GONE = 43;

/** Reads a collection in the order of its changed field and id. Places are Extended JSON, so that each value keeps its type. */
export class CollectionCursor implements TableClient {
  aged = false;
  readonly #path: readonly string[];
  /** An answer that is still being read, and the place behind what was read of it. */
  #answer: { cursor: FindCursor<Document>; at: string } | undefined;

  private constructor(
    private readonly opened: Opened,
    private readonly collection: Collection<Document>,
    private readonly reading: Reading,
    private readonly overlap: number,
    private readonly bson: typeof BSON,
  ) {
    this.#path = reading.order?.split('.') ?? [];
  }

  static async over(opened: Opened, reading: Reading, overlap: number): Promise<CollectionCursor> {
    const { BSON } = await import('mongodb');
    const [found] = await opened.db.listCollections({ name: reading.collection }, { nameOnly: true }).toArray();
    if (found) {
      const collection = opened.db.collection(reading.collection);
      return new CollectionCursor(opened, collection, reading, overlap, BSON);
    }
    throw new MillraceError(`There is no collection ${reading.collection}.`, {
      code: 'TABLE_UNKNOWN',
      domain: 'user',
      retry: 'backoff',
      params: { collection: reading.collection },
      hint: 'Create the collection or choose another one; the node goes on by itself.',
    });
  }

  async page(after: Cursor | null, limit: number, settled: boolean): Promise<{ rows: TableRow[]; bytes: number }> {
    const until = this.aged ? new Date((await this.#serverTime()) - this.overlap) : undefined;
    const { order } = this.reading;
    const only = settled && until && order !== undefined ? [{ [order]: { $lt: until } }] : [];
    const documents =
      order === undefined ? await this.#more(after, limit) : await this.#find([this.#after(after), ...only], limit);
    this.aged = documents.some((document) => this.#orderOf(document) instanceof Date);
    const rows = documents.map((document) => this.#rowOf(document, until));
    const sample = documents.slice(0, SAMPLE);
    const size = sample.reduce((sum, document) => sum + this.bson.calculateObjectSize(document), 0);
    return { rows, bytes: Math.max(1, (size / Math.max(1, sample.length)) * documents.length) };
  }

  async scan(after: Cursor | null, upTo: Cursor, limit: number): Promise<Cursor[]> {
    const documents = await this.#find([this.#after(after), this.#upTo(upTo)], limit, true);
    return documents.map((document) => this.#placeOf(document));
  }

  async rowsAt(places: readonly Cursor[]): Promise<TableRow[]> {
    const wanted = places.map((place) => {
      const [order, id] = this.#valuesOf(place);
      return this.reading.order === undefined
        ? { _id: { $eq: id } }
        : { [this.reading.order]: { $eq: order }, _id: { $eq: id } };
    });
    const documents = await this.#find([{ $or: wanted }], places.length);
    return documents.map((document) => this.#rowOf(document, undefined));
  }

  close(): Promise<void> {
    return this.opened.client.close();
  }

  async #serverTime(): Promise<number> {
    const { localTime } = await this.opened.db.command({ hello: 1 });
    return localTime instanceof Date ? localTime.getTime() : Number.NaN;
  }

  /**
   * By id, for which every collection has an index: one question is read on and on, page after page. In another order each page is a
   * question of its own, because without an index the server would have to sort all that is left to answer it.
   */
  async #more(after: Cursor | null, limit: number): Promise<Document[]> {
    const at = JSON.stringify(after);
    if (this.#answer?.at !== at) {
      await this.#answer?.cursor.close();
      this.#answer = { cursor: this.#ask([this.#after(after)], { batchSize: BATCH }), at };
    }
    const { cursor } = this.#answer;
    const documents: Document[] = [];
    try {
      while (documents.length < limit && (await cursor.hasNext()))
        documents.push(...cursor.readBufferedDocuments(limit - documents.length));
    } catch (error) {
      this.#answer = undefined;
      if ((error as { code?: unknown }).code !== CURSOR_GONE) throw error;
      return this.#more(after, limit);
    }
    if (documents.length === limit) this.#answer.at = JSON.stringify(this.#placeOf(documents.at(-1)!));
    else {
      this.#answer = undefined;
      await cursor.close();
    }
    return documents;
  }

  #find(filters: readonly Filter<Document>[], limit: number, placeOnly = false): Promise<Document[]> {
    return this.#ask(filters, { limit, batchSize: limit }, placeOnly).toArray();
  }

  #ask(
    filters: readonly Filter<Document>[],
    size: { limit?: number; batchSize: number },
    placeOnly = false,
  ): FindCursor<Document> {
    const { order, fields } = this.reading;
    const sort = order === undefined ? { _id: 1 as const } : { [order]: 1 as const, _id: 1 as const };
    const names = placeOnly ? ['_id'] : fields;
    const projection =
      names && Object.fromEntries([...names, '_id', ...(order === undefined ? [] : [order])].map((name) => [name, 1]));
    return this.collection.find({ $and: [...filters] }, { sort, ...size, ...(projection && { projection }) });
  }

  /** Order value (undefined without one) and id of a place; the id is of whatever type the collection uses. */
  #valuesOf(place: Cursor): [unknown, ObjectId] {
    const values = place.map((text) => (this.bson.EJSON.parse(text, { relaxed: false }) as { v: unknown }).v);
    const id = values.at(-1) as ObjectId;
    return this.reading.order === undefined ? [undefined, id] : [values[0], id];
  }

  #after(place: Cursor | null): Filter<Document> {
    const { order } = this.reading;
    // A document without the field has no place in the order.
    if (place === null) return order === undefined ? {} : { [order]: { $exists: true, $ne: null } };
    const [value, id] = this.#valuesOf(place);
    if (order === undefined) return { _id: { $gt: id } };
    return { [order]: { $gte: value }, $or: [{ [order]: { $gt: value } }, { _id: { $gt: id } }] };
  }

  #upTo(place: Cursor): Filter<Document> {
    const { order } = this.reading;
    const [value, id] = this.#valuesOf(place);
    if (order === undefined) return { _id: { $lte: id } };
    return { [order]: { $lte: value }, $or: [{ [order]: { $lt: value } }, { _id: { $lte: id } }] };
  }

  #orderOf(document: Document): unknown {
    let at: unknown = document;
    for (const step of this.#path) at = (at as Document | undefined)?.[step];
    return this.#path.length === 0 ? undefined : at;
  }

  #placeOf(document: Document): Cursor {
    const text = (v: unknown) => this.bson.EJSON.stringify({ v }, { relaxed: false });
    return this.reading.order === undefined
      ? [text(document._id)]
      : [text(this.#orderOf(document)), text(document._id)];
  }

  #rowOf(document: Document, until: Date | undefined): TableRow {
    const order = this.#orderOf(document);
    return {
      value: jsonOf(document),
      at: this.#placeOf(document),
      settled: until !== undefined && order instanceof Date && order < until,
      time: order instanceof Date ? order.getTime() : Number.NaN,
    };
  }
}
