import {
  defineOperator,
  encodeKey,
  Field,
  fieldReader,
  type MapState,
  type Op,
  type Static,
  Type,
  type Value,
} from '@millrace/sdk';
import { fieldsKey } from './shared/key-fields.js';
import { orderByList, orderWords, RowOrder } from './shared/order-by.js';

const config = Type.Object(
  {
    orderBy: Type.Optional(
      orderByList('At the same time, by', 'Order of records with the same event time. Then arrival decides.'),
    ),
    by: Type.Optional(
      Field.fields({
        title: 'Order within each',
        description:
          'Records with the same values in these fields come in order. Empty: all records do, which one task (one processor core) has to do alone.',
      }),
    ),
  },
  { additionalProperties: false },
);
type Config = Static<typeof config>;

/** [value, op]; null where a later version of the row has taken its place. */
type Waiting = [Value, Op] | null;
interface States {
  /** Records by event time, beyond `PART` of one instant by `time/part`: parts are small, so that a commit never writes all of them again. */
  parts: MapState<Waiting[]>;
  /** How many places are taken, by event time, where there is more than one part. */
  counts: MapState<number, number>;
  /** Over a table: time and place of the version that waits, by row key. */
  places: MapState<[number, number], string>;
}

const PART = 64;
const partName = (time: number, place: number) => (place < PART ? time : `${time}/${Math.floor(place / PART)}`);

function taken(time: number, { parts, counts }: States): number {
  const places = parts.get(time)?.length ?? 0;
  return places < PART ? places : (counts.get(time) ?? PART);
}

/**
 * Puts records into event-time order: each waits until the watermark has passed its time, so what is kept is bounded by the disorder of the
 * input. One timer per different time; a commit may fall between two. Of a table, only the last version of a row that waits goes on.
 */
export const sort = defineOperator<typeof config, States>({
  type: 'core.sort',
  version: 1,
  docs: {
    title: 'Sort by time',
    summary: 'Puts records into the order in which they happened.',
    description:
      'A record is held until no older one can come, that is, for as long as records may be out of order at the source (a setting of the source). What follows gets everything that much later. Records that come even later leave through "late".',
    category: 'shape',
    icon: 'sort-ascending',
    zh: { title: '按时间排序', summary: '按事件发生的先后顺序排列记录。' },
  },
  config,
  inputs: { in: {} },
  outputs: {
    out: {},
    late: { title: 'Late', description: 'Records older than what has been sent.', side: true },
  },
  key: ({ by }: Config) => fieldsKey(by),
  traits: { partitioning: 'by-key', eventTime: true },
  state: { counts: { kind: 'map' }, parts: { kind: 'map' }, places: { kind: 'map' } },
  summary: ({ by, orderBy }: Config) =>
    ['By event time', orderWords(orderBy), by === undefined || by.length === 0 ? '' : `within ${by.join(', ')}`]
      .filter(Boolean)
      .join(', '),
  mode: (_config, inputs) => ({ out: inputs.in ?? { mode: 'append' }, late: inputs.in ?? { mode: 'append' } }),
  fields: (_config, inputs) => ({ out: inputs.in, late: inputs.in }),
  examples: [
    {
      title: 'Scans of parcels from several depots in the order in which they were made',
      config: {},
      input: [
        { value: { parcel: 1, depot: 'Lyon' }, time: 20 },
        { value: { parcel: 1, depot: 'Köln' }, time: 10 },
        { watermark: 15 },
        { value: { parcel: 2, depot: 'Köln' }, time: 12 },
        { value: { parcel: 2, depot: 'Lyon' }, time: 18 },
      ],
      output: {
        out: [
          { parcel: 1, depot: 'Köln' },
          { parcel: 2, depot: 'Lyon' },
          { parcel: 1, depot: 'Lyon' },
        ],
        late: [{ parcel: 2, depot: 'Köln' }],
      },
    },
    {
      title: 'Lines of an order in the order of their numbers, orders side by side',
      config: { by: ['order'], orderBy: [{ field: 'line' }] },
      input: [
        { value: { order: 7, line: 2 }, time: 10 },
        { value: { order: 8, line: 1 }, time: 5 },
        { value: { order: 7, line: 1 }, time: 10 },
      ],
      output: {
        out: [
          { order: 8, line: 1 },
          { order: 7, line: 1 },
          { order: 7, line: 2 },
        ],
      },
    },
  ],
  create({ config: { orderBy }, inputModes }) {
    const order = new RowOrder(orderBy);
    const mode = inputModes.in ?? { mode: 'append' };
    const keyParts = mode.mode === 'upsert' ? mode.key.map(fieldReader) : undefined;
    const rowKey = (value: Value) => encodeKey(keyParts?.map((read) => read(value)) ?? []);
    return {
      onRecord(record, _port, ctx) {
        const { value, time, op } = record;
        if (time <= ctx.watermark) {
          ctx.late(record);
          return;
        }
        const { counts, parts, places } = ctx.state;
        const place = taken(time, ctx.state);
        if (keyParts !== undefined) {
          const key = rowKey(value);
          const older = places.get(key);
          if (older !== undefined) {
            const name = partName(older[0], older[1]);
            const part = [...(parts.get(name) ?? [])];
            part[older[1] % PART] = null;
            parts.set(name, part);
          }
          places.set(key, [time, place]);
        }
        if (place === 0) ctx.timers.at(time);
        if (place >= PART) counts.set(time, place + 1);
        const name = partName(time, place);
        const part = parts.get(name) ?? [];
        part.push([value, op]);
        parts.set(name, part);
      },
      onTimer({ time }, ctx) {
        const { counts, parts, places } = ctx.state;
        const count = taken(time, ctx.state);
        const rows: [Value, Op][] = [];
        for (let place = 0; place < count; place += PART) {
          const name = partName(time, place);
          for (const row of parts.get(name) ?? []) if (row !== null) rows.push(row);
          parts.delete(name);
        }
        if (count > PART) counts.delete(time);
        if (!order.empty && rows.length > 1) rows.sort((a, b) => order.compareRows(a[0], b[0]));
        for (const [value, op] of rows) {
          if (keyParts !== undefined) places.delete(rowKey(value));
          ctx.emit('out', value, time, op);
        }
      },
    };
  },
});
