import { type Behaviour, type ConfigFinding, defineOperator, durationMs, type Static, Type } from '@millrace/sdk';
import { IntervalJoin, type IntervalState } from './joins/interval.js';
import { joinKey, joinKeys, keyWords, lintJoinKeys } from './joins/keys.js';
import { acceptValue, keepsSide, pairOf, resultFields, resultTypes, typeWords } from './joins/result.js';
import { finding } from './shared/finding.js';

/** A span of time that may point backwards: whole ms, or text such as "-10 s". */
const bound = (options: { title: string; description: string; examples: string[] }) =>
  Type.Union([Type.Integer(), Type.String({ pattern: '^-?\\d+(\\.\\d+)?\\s*(ms|s|min|h|d)$' })], {
    ...options,
    'x-ui': { widget: 'duration' },
  });

const config = Type.Object(
  {
    ...joinKeys,
    lower: bound({
      title: 'Right from',
      description: 'Earliest time of a right record, counted from the time of the left one. Negative: before it.',
      examples: ['0 s', '-10 min'],
    }),
    upper: bound({
      title: 'Right until',
      description: 'Latest time of a right record, counted from the time of the left one; this moment included.',
      examples: ['1 h', '1 d'],
    }),
    type: Type.Optional(
      Type.Enum(['inner', 'left', 'right', 'full'], {
        title: 'Keep',
        description:
          'inner: pairs only. left, right, full: also the records of that side (or both) that found no partner in time.',
        default: 'inner',
      }),
    ),
    dropLate: Type.Optional(
      Type.Boolean({
        title: 'Leave out late records',
        description: 'Otherwise a late record still finds the partners that are kept.',
        default: false,
        'x-ui': { advanced: true },
      }),
    ),
    ...resultFields,
  },
  { additionalProperties: false },
);
type Config = Static<typeof config>;

/** Ten thousand years: further than any date, and sums of times stay exact. */
const FURTHEST = 3e14;

function boundMs(text: number | string): number {
  if (typeof text === 'number') return Math.max(-FURTHEST, Math.min(FURTHEST, text));
  const ms = text.startsWith('-') ? -durationMs(text.slice(1)) : durationMs(text);
  return Math.max(-FURTHEST, Math.min(FURTHEST, ms));
}

function lint(options: Config): ConfigFinding[] {
  const found = lintJoinKeys(options);
  if (boundMs(options.lower) > boundMs(options.upper)) {
    found.push(finding('JOIN_BOUNDS', '/upper', '"Right until" lies before "Right from", so nothing would ever fit.'));
  }
  return found;
}

const minute = 60_000;

/**
 * Pairs records of two streams by key and time: right.time in [left.time + lower, left.time + upper], both ends included. A pair is sent at once,
 * each exactly once, at the later of its two times. A record kept without a partner is sent when the watermark proves that none can come, at
 * that time. A late record is counted as late, still joins what is kept, and is given up at once when nothing can come any more.
 */
export const intervalJoin = defineOperator<typeof config, IntervalState>({
  type: 'core.interval-join',
  version: 1,
  docs: {
    title: 'Join in time',
    summary: 'Pairs records of two streams that belong together and happen close to each other.',
    description:
      'An order and its payment within a day, a click and the purchase within an hour. A record waits only as long as a partner can still come. A record that found none is sent when that is certain, so with orders on the left and "Keep" set to left, you also see which orders were not paid in time. Records with an empty key match nothing.',
    category: 'combine',
    icon: 'arrows-join-2',
    zh: { title: '区间关联', summary: '按键和时间区间把两条流中的记录配对。' },
  },
  config,
  inputs: {
    left: { title: 'Left', description: 'On the left: one stream, such as orders.', accepts: 'append' },
    right: { title: 'Right', description: 'On the right: the other one, such as payments.', accepts: 'append' },
  },
  outputs: { out: {} },
  key: joinKey,
  traits: { partitioning: 'by-key', eventTime: true, fanOut: 'many' },
  state: { left: { kind: 'map' }, right: { kind: 'map' } },
  lint,
  summary: (options: Config) =>
    `${keyWords(options)}, ${options.lower} to ${options.upper}, ${typeWords(options.type ?? 'inner')}`,
  mode: () => ({ out: { mode: 'append' } }),
  fields: (options: Config, { left, right }) => ({ out: resultTypes(options, left, right) }),
  examples: [
    {
      title: 'Orders paid within an hour',
      config: { leftKey: ['order'], rightKey: ['order'], lower: 0, upper: '1 h', rightPrefix: 'payment_' },
      input: [
        { port: 'left', value: { order: 1, total: 30 }, time: 0 },
        { port: 'left', value: { order: 2, total: 8 }, time: 5 * minute },
        { port: 'right', value: { order: 1, by: 'card' }, time: 60 * minute },
        { port: 'right', value: { order: 2, by: 'cash' }, time: 66 * minute },
      ],
      output: { out: [{ order: 1, total: 30, payment_order: 1, payment_by: 'card' }] },
    },
    {
      title: 'Orders that nobody paid come out when their hour is over',
      config: { leftKey: ['order'], rightKey: ['order'], lower: '-10 min', upper: '1 h', type: 'left', select: 'nest' },
      input: [
        { port: 'left', value: { order: 1 }, time: 0 },
        { port: 'right', value: { order: 2, by: 'card' }, time: 2 * minute },
        { port: 'left', value: { order: 2 }, time: 12 * minute },
        { watermark: 60 * minute },
        { port: 'left', value: { order: 3 }, time: 61 * minute },
      ],
      output: {
        out: [
          { left: { order: 2 }, right: { order: 2, by: 'card' } },
          { left: { order: 1 }, right: null },
          { left: { order: 3 }, right: null },
        ],
      },
    },
  ],
  create({ config: options }): Behaviour<IntervalState> {
    const type = options.type ?? 'inner';
    return new IntervalJoin({
      lower: boundMs(options.lower),
      upper: boundMs(options.upper),
      keepLeft: keepsSide(type, 'left'),
      keepRight: keepsSide(type, 'right'),
      dropLate: options.dropLate ?? false,
      pair: pairOf(options),
      accept: acceptValue(options),
    });
  },
});
