import { defineOperator, Field, type Static, Type, type ValueState } from '@millrace/sdk';
import { fieldsKey, lacksKey } from './shared/key-fields.js';

const config = Type.Object(
  {
    by: Field.fields({
      title: 'One row per',
      description: 'The fields that tell rows apart. Records that lack one of them are filtered out.',
      minItems: 1,
    }),
    newest: Type.Enum(['event-time', 'arrival'], {
      title: 'Newest by',
      description:
        'event-time: a record older than the row it would replace is left out. arrival: the last to come wins.',
      default: 'event-time',
    }),
    deleteWhen: Type.Optional(
      Field.expression({
        title: 'Remove the row when',
        description: 'A rule for records that say that something is gone.',
        returns: 'boolean',
        examples: ["status == 'cancelled'", 'deleted == true'],
      }),
    ),
  },
  { additionalProperties: false },
);
type Config = Static<typeof config>;

interface States {
  /** Event time of the row, kept after it is deleted too, so that an older record cannot bring it back. */
  newest: ValueState<number>;
}

/** Makes a table of a stream of facts: the last record per key, as upserts and deletes. */
export const latest = defineOperator<typeof config, States>({
  type: 'core.latest',
  version: 1,
  docs: {
    title: 'Latest per key',
    summary: 'Keeps the newest record of each product, order or customer as a row of a table.',
    description:
      'For what changes again and again: the stock of a product, the status of an order. The newest record of each becomes its row, and replaces the one before. What follows sees rows that replace one another, so totals subtract the old row before they add the new one. When a table comes in, it stays one.',
    category: 'combine',
    icon: 'table',
    zh: { title: '最新状态', summary: '把每个商品、订单或顾客的最新记录保存为表中的一行。' },
  },
  config,
  inputs: { in: {} },
  outputs: { out: {} },
  key: ({ by }: Config) => fieldsKey(by),
  traits: { partitioning: 'by-key', liveConfig: ['deleteWhen'] },
  state: { newest: { kind: 'value' } },
  summary: ({ by }: Config) => `By ${by.join(', ')}`,
  mode: ({ by }: Config) => ({ out: { mode: 'upsert', key: by } }),
  fields: (_config, inputs) => ({ out: inputs.in }),
  examples: [
    {
      title: 'Stock levels as a table',
      config: { by: ['sku'], newest: 'event-time' },
      input: [
        { value: { sku: 'A', stock: 5 }, time: 10 },
        { value: { sku: 'B', stock: 2 }, time: 11 },
        { value: { sku: 'A', stock: 3 }, time: 20 },
        { value: { sku: 'A', stock: 4 }, time: 15 },
      ],
      output: {
        out: [
          { sku: 'A', stock: 5 },
          { sku: 'B', stock: 2 },
          { sku: 'A', stock: 3 },
        ],
      },
    },
    {
      title: 'Open orders; a cancelled one leaves the table',
      config: { by: ['order'], newest: 'arrival', deleteWhen: "status == 'cancelled'" },
      input: [{ value: { order: 1, status: 'open' } }, { value: { order: 1, status: 'cancelled' } }],
      output: {
        out: [
          { order: 1, status: 'open' },
          { order: 1, status: 'cancelled' },
        ],
      },
    },
  ],
  create({ config: { by, newest, deleteWhen }, compile }) {
    const gone = deleteWhen === undefined ? undefined : compile(deleteWhen);
    const noKey = lacksKey(by);
    return {
      onRecord(record, _port, ctx) {
        const { value, time } = record;
        const remove = record.op === 'delete' || gone?.(value, record) === true;
        if (noKey(value)) {
          ctx.filtered();
          return;
        }
        if (newest === 'event-time') {
          const before = ctx.state.newest.get();
          if (before !== undefined && time < before) {
            ctx.filtered();
            return;
          }
          ctx.state.newest.set(time);
        }
        ctx.emit('out', value, time, remove ? 'delete' : 'upsert');
      },
    };
  },
});
