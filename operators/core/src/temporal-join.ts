import { type Behaviour, defineOperator, type Static, Type } from '@millrace/sdk';
import { joinKey, joinKeys, keyWords, lintJoinKeys } from './joins/keys.js';
import { acceptValue, pairOf, resultFields, resultTypes } from './joins/result.js';
import { TemporalJoin, type TemporalState } from './joins/temporal.js';

const config = Type.Object(
  {
    ...joinKeys,
    type: Type.Optional(
      Type.Enum(['inner', 'left'], {
        title: 'Keep',
        description: 'inner: records that have a table row at their time. left: all records.',
        default: 'inner',
      }),
    ),
    ...resultFields,
  },
  { additionalProperties: false },
);
type Config = Static<typeof config>;

/**
 * Joins a stream with a table that changes: each record gets the row as it was at the record's time (the latest version at or before it; a
 * delete ends a version). Records wait for the watermark of both inputs and leave in order of time. One row per key: a record of the table
 * replaces the row of its key from its time on. A late record is counted, and joined with what is still known of its time.
 */
export const temporalJoin = defineOperator<typeof config, TemporalState>({
  type: 'core.temporal-join',
  version: 1,
  docs: {
    title: 'Join with history',
    summary: 'Adds the table row that was valid when a record happened.',
    description: `The price of the day, the exchange rate of the hour, the address at the time of the order. The left input are the records, the right one is a table with one row per key (the fields by which it is looked up).

Every record of the table is a new version of its row from its time on, also when it arrives after a newer one. Do not put "Latest per key" before it, which drops those. A record waits until the table is known up to its time. A table that gets no records therefore holds the others up, until its source counts as quiet (its setting "Quiet after").`,
    category: 'combine',
    icon: 'history',
    zh: { title: '时态关联', summary: '为每条记录补充其发生时刻有效的表行。' },
  },
  config,
  inputs: {
    left: { title: 'Stream', accepts: 'append' },
    right: { title: 'Table', description: 'One row per key; each record is a new version of it.' },
  },
  outputs: { out: {} },
  key: joinKey,
  traits: { partitioning: 'by-key', eventTime: true },
  state: { waiting: { kind: 'map' }, times: { kind: 'value' }, versions: { kind: 'map' } },
  lint: (options: Config) => lintJoinKeys(options),
  summary: (options: Config) =>
    `${keyWords(options)}, as of the record's time${options.type === 'left' ? ', keep all' : ''}`,
  mode: () => ({ out: { mode: 'append' } }),
  fields: (options: Config, { left, right }) => ({ out: resultTypes(options, left, right) }),
  examples: [
    {
      title: 'Orders with the exchange rate of their time',
      config: { leftKey: ['currency'], rightKey: ['currency'], rightPrefix: 'rate_' },
      inputModes: { right: { mode: 'upsert', key: ['currency'] } },
      input: [
        { port: 'right', value: { currency: 'USD', eur: 0.9 }, time: 0, op: 'upsert' },
        { port: 'left', value: { order: 2, currency: 'USD' }, time: 20 },
        { port: 'right', value: { currency: 'USD', eur: 0.8 }, time: 15, op: 'upsert' },
        { port: 'left', value: { order: 1, currency: 'USD' }, time: 10 },
      ],
      output: {
        out: [
          { order: 1, currency: 'USD', rate_currency: 'USD', rate_eur: 0.9 },
          { order: 2, currency: 'USD', rate_currency: 'USD', rate_eur: 0.8 },
        ],
      },
    },
    {
      title: 'Clicks with the campaign that ran then, if one did',
      config: { leftKey: ['page'], rightKey: ['page'], type: 'left' },
      inputModes: { right: { mode: 'upsert', key: ['page'] } },
      input: [
        { port: 'right', value: { page: '/sale', campaign: 'spring' }, time: 10, op: 'upsert' },
        { port: 'right', value: { page: '/sale' }, time: 30, op: 'delete' },
        { port: 'left', value: { page: '/sale', n: 1 }, time: 5 },
        { port: 'left', value: { page: '/sale', n: 2 }, time: 29 },
        { port: 'left', value: { page: '/sale', n: 3 }, time: 30 },
      ],
      output: {
        out: [
          { page: '/sale', n: 1 },
          { page: '/sale', n: 2, campaign: 'spring' },
          { page: '/sale', n: 3 },
        ],
      },
    },
  ],
  create({ config: options }): Behaviour<TemporalState> {
    return new TemporalJoin({ keep: options.type === 'left', pair: pairOf(options), accept: acceptValue(options) });
  },
});
