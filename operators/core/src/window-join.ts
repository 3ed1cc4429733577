import { type Behaviour, type ConfigFinding, defineOperator, type Static, Type } from '@millrace/sdk';
import { joinKey, joinKeys, keyWords, lintJoinKeys } from './joins/keys.js';
import { acceptValue, pairOf, resultFields, resultTypes, typeWords } from './joins/result.js';
import { WindowJoin, type WindowJoinState } from './joins/window.js';
import { assignerOf, lintWindow, windowFields, windowWords } from './windows/config.js';
import { tumbling } from './windows/tumbling.js';

const { size, slide, offset, period, zone } = windowFields;

const config = Type.Object(
  {
    window: Type.Enum(['tumbling', 'hopping', 'cumulating', 'calendar'], {
      title: 'Window',
      description:
        'tumbling: one after the other, such as each hour. hopping: overlapping, such as the last hour, every five minutes. cumulating: growing until full, then anew, such as today so far, every hour. calendar: days, weeks, months of a time zone.',
      default: 'tumbling',
    }),
    size,
    slide,
    offset,
    period,
    zone,
    ...joinKeys,
    type: Type.Optional(
      Type.Enum(['inner', 'left', 'right', 'full', 'semi', 'anti'], {
        title: 'Keep',
        description:
          'inner: pairs only. left, right, full: also the records of that side (or both) without a partner. semi: left records that have a partner, once. anti: left records that have none.',
        default: 'inner',
      }),
    ),
    ...resultFields,
  },
  { additionalProperties: false },
);
type Config = Static<typeof config>;

function lint(options: Config): ConfigFinding[] {
  return [...lintWindow(options), ...lintJoinKeys(options)];
}

const hour = 3_600_000;

/**
 * Joins records of two streams that fall into the same window of event time, when that window is complete. Every left record meets every right
 * record of its key, so duplicates multiply. A record whose windows have all been sent goes to `late`.
 */
export const windowJoin = defineOperator<typeof config, WindowJoinState>({
  type: 'core.window-join',
  version: 1,
  docs: {
    title: 'Join per window',
    summary: 'Pairs records of two streams that fall into the same span of time.',
    description: `For what falls into the same hour or day, such as customers who signed up and ordered in one hour. Where a pair may lie on both sides of the full hour, "Join in time" is better.

Both streams are cut into the same windows, spans of time such as an hour. When a window is complete, its records are joined by key (the fields that must be equal) and sent with \`windowStart\` and \`windowEnd\` in ms. Records with an empty key match nothing; records that come after their window was sent leave through "late".`,
    category: 'combine',
    icon: 'table-shortcut',
    zh: { title: '窗口关联', summary: '把两条流中落在同一时间窗口的记录按键配对。' },
  },
  config,
  inputs: {
    left: { title: 'Left', description: 'On the left: one stream, such as orders.', accepts: 'append' },
    right: { title: 'Right', description: 'On the right: the other one, such as payments.', accepts: 'append' },
  },
  outputs: {
    out: {},
    late: { title: 'Late', description: 'Records of both sides that came after their window was sent.', side: true },
  },
  key: joinKey,
  traits: { partitioning: 'by-key', eventTime: true, fanOut: 'many' },
  state: { left: { kind: 'map' }, right: { kind: 'map' } },
  lint,
  summary: (options: Config) => `${keyWords(options)}, ${windowWords(options)}, ${typeWords(options.type ?? 'inner')}`,
  mode: () => ({ out: { mode: 'append' }, late: { mode: 'append' } }),
  fields: (options: Config, { left, right }) => {
    const leftOnly = options.type === 'semi' || options.type === 'anti';
    const none = { fields: {}, open: false };
    return {
      out: resultTypes(options, left, leftOnly ? none : right, { windowStart: 'time', windowEnd: 'time' }),
      late: undefined,
    };
  },
  examples: [
    {
      title: 'New customers who ordered in their first hour',
      config: { window: 'tumbling', size: '1 h', leftKey: ['customer'], rightKey: ['buyer'] },
      input: [
        { port: 'left', value: { customer: 'ada' }, time: 10 },
        { port: 'left', value: { customer: 'bob' }, time: 20 },
        { port: 'right', value: { buyer: 'ada', order: 1 }, time: hour - 1 },
        { port: 'right', value: { buyer: 'bob', order: 2 }, time: hour },
        { watermark: hour },
        { port: 'right', value: { buyer: 'ada', order: 3 }, time: 30 },
      ],
      output: {
        out: [{ customer: 'ada', buyer: 'ada', order: 1, windowStart: 0, windowEnd: hour }],
        late: [{ buyer: 'ada', order: 3 }],
      },
    },
    {
      title: 'Baskets that were not ordered in the same half hour',
      config: { window: 'tumbling', size: '30 min', leftKey: ['user'], rightKey: ['user'], type: 'anti' },
      input: [
        { port: 'left', value: { user: 'a', basket: 1 }, time: 0 },
        { port: 'left', value: { user: 'b', basket: 2 }, time: 1 },
        { port: 'right', value: { user: 'a', order: 7 }, time: 2 },
      ],
      output: { out: [{ user: 'b', basket: 2, windowStart: 0, windowEnd: hour / 2 }] },
    },
    {
      title: 'Searches and purchases of the last two hours, every hour',
      config: {
        window: 'hopping',
        size: '2 h',
        slide: '1 h',
        leftKey: ['sku'],
        rightKey: ['sku'],
        type: 'full',
        select: 'nest',
      },
      input: [
        { port: 'left', value: { sku: 'x', q: 'mug' }, time: 0 },
        { port: 'right', value: { sku: 'x', n: 1 }, time: hour },
      ],
      output: {
        out: [
          { left: { sku: 'x', q: 'mug' }, right: null, windowStart: -hour, windowEnd: hour },
          { left: { sku: 'x', q: 'mug' }, right: { sku: 'x', n: 1 }, windowStart: 0, windowEnd: 2 * hour },
          { left: null, right: { sku: 'x', n: 1 }, windowStart: hour, windowEnd: 3 * hour },
        ],
      },
    },
  ],
  create({ config: options, timeZone }): Behaviour<WindowJoinState> {
    // lintWindow has made sure of a size, so there always is an assigner for these kinds of window.
    const windows = assignerOf(options, timeZone) ?? tumbling(1, 0);
    return new WindowJoin({
      windows,
      type: options.type ?? 'inner',
      pair: pairOf(options),
      accept: acceptValue(options),
    });
  },
});
