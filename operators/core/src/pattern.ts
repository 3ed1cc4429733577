import {
  type ConfigFinding,
  defineOperator,
  durationMs,
  Field,
  type RecordType,
  type Static,
  Type,
} from '@millrace/sdk';
import { Matcher, type PatternState } from './pattern/matcher.js';
import { finding } from './shared/finding.js';
import { durationWords, fieldsKey, lacksKey } from './shared/key-fields.js';
import { orderByList, RowOrder } from './shared/order-by.js';

const config = Type.Object(
  {
    find: Type.Enum(['sequence', 'absence'], {
      title: 'Find',
      description: 'sequence: the first, then the second. absence: the first, and the second does not follow in time.',
      default: 'sequence',
    }),
    first: Field.expression({
      title: 'First',
      description: 'The rule that the first event fits.',
      returns: 'boolean',
      examples: ["type == 'ordered'"],
    }),
    second: Field.expression({
      title: 'Second',
      description: 'The rule that the event after it fits.',
      returns: 'boolean',
      examples: ["type == 'paid'"],
    }),
    within: Field.duration({
      title: 'Within',
      description: 'The second counts up to this long after the first, the last moment included.',
      examples: ['10 min', '1 h'],
    }),
    by: Type.Optional(
      Field.fields({
        title: 'For each',
        description:
          'Both must have the same values in these fields; records that lack one are filtered out. Empty: all records belong to one sequence.',
      }),
    ),
    between: Type.Optional(
      Type.Enum(['anything', 'nothing'], {
        title: 'In between',
        description: 'anything: other records are passed over. nothing: the second must be the very next record.',
        default: 'anything',
      }),
    ),
    output: Type.Optional(
      Type.Enum(['pair', 'merged'], {
        title: 'Result of a sequence',
        description:
          'pair: `a` and `b` hold the two records. merged: one record with the fields of both, the second wins.',
        default: 'pair',
      }),
    ),
    tieBreak: Type.Optional(
      orderByList('At the same time', 'Order of records with the same event time. Then arrival decides.'),
    ),
  },
  { additionalProperties: false },
);
type Config = Static<typeof config>;

function lint({ within }: Config): ConfigFinding[] {
  return durationMs(within) > 0
    ? []
    : [finding('PATTERN_WITHIN', '/within', 'Say how long to wait for the second, such as "10 min".')];
}

function matchType({ find, output }: Config, input: RecordType | undefined): RecordType | undefined {
  if (find === 'absence' || output === 'merged') return input;
  return { fields: { a: 'object', b: 'object' }, open: false };
}

/** One event followed by another, or not followed by it, within a time: what alerts are made of. */
export const pattern = defineOperator<typeof config, PatternState>({
  type: 'core.pattern',
  version: 1,
  docs: {
    title: 'Pattern',
    summary: 'Finds one event followed by another, or missing it, within a time.',
    description: `For what must follow, or must not be missing: a paid order that is not shipped within two days; a refused payment, then one that works. Events are looked at in the order in which they happened, whatever the order of arrival.

Each event that fits "First" is answered by the next one that fits "Second"; one second can answer several firsts before it. That nothing followed is known when the time is over and no older record can come any more; the result then is the first record. Records that come even later leave through "late".`,
    category: 'combine',
    icon: 'route',
    zh: { title: '模式匹配', summary: '查找限定时间内先后发生或缺失的事件。' },
  },
  config,
  inputs: { in: { accepts: 'append' } },
  outputs: {
    match: { title: 'Found' },
    timeout: {
      title: 'Not followed',
      description: 'First records of a sequence whose second did not follow in time.',
      side: true,
    },
    late: { title: 'Late', description: 'Records that came when time had already decided.', side: true },
  },
  key: ({ by }: Config) => fieldsKey(by),
  traits: { partitioning: 'by-key', eventTime: true, fanOut: 'many' },
  state: { run: { kind: 'value' } },
  lint,
  summary: ({ find, first, second, within }: Config) =>
    `${first}, ${find === 'absence' ? 'no' : 'then'} ${second} within ${durationWords(within)}`,
  mode: () => ({ match: { mode: 'append' }, timeout: { mode: 'append' }, late: { mode: 'append' } }),
  fields: (options: Config, inputs) => ({
    match: matchType(options, inputs.in),
    timeout: inputs.in,
    late: inputs.in,
  }),
  examples: [
    {
      title: 'A refused payment, then another try that works, within ten minutes',
      config: {
        find: 'sequence',
        first: "type == 'refused'",
        second: "type == 'paid'",
        within: '10 min',
        by: ['order'],
      },
      input: [
        { value: { order: 1, type: 'paid' }, time: 300_000 },
        { value: { order: 1, type: 'refused' }, time: 0 },
        { value: { order: 2, type: 'refused' }, time: 0 },
        { value: { order: 2, type: 'paid' }, time: 600_001 },
      ],
      output: {
        match: [{ a: { order: 1, type: 'refused' }, b: { order: 1, type: 'paid' } }],
        timeout: [{ order: 2, type: 'refused' }],
      },
    },
    {
      title: 'Alert when a paid order is not shipped within two days',
      config: {
        find: 'absence',
        first: "status == 'paid'",
        second: "status == 'shipped'",
        within: '2 d',
        by: ['order'],
      },
      input: [
        { value: { order: 1, status: 'paid' }, time: 0 },
        { value: { order: 2, status: 'paid' }, time: 10 },
        { value: { order: 1, status: 'shipped' }, time: 86_400_000 },
        { value: { status: 'paid' }, time: 20 },
      ],
      output: { match: [{ order: 2, status: 'paid' }] },
    },
    {
      title: 'A search that leads straight to a purchase, as one record',
      config: {
        find: 'sequence',
        first: "page == 'search'",
        second: "page == 'thanks'",
        within: '1 h',
        by: ['user'],
        between: 'nothing',
        output: 'merged',
      },
      input: [
        { value: { user: 'u', page: 'search', query: 'tea' }, time: 0 },
        { value: { user: 'u', page: 'thanks', order: 5 }, time: 10 },
        { value: { user: 'v', page: 'search', query: 'mug' }, time: 0 },
        { value: { user: 'v', page: 'help' }, time: 5 },
        { value: { user: 'v', page: 'thanks', order: 6 }, time: 10 },
      ],
      output: {
        match: [{ user: 'u', page: 'thanks', query: 'tea', order: 5 }],
        timeout: [{ user: 'v', page: 'search', query: 'mug' }],
      },
    },
  ],
  create({ config: options, compile }) {
    return new Matcher({
      first: compile(options.first),
      second: compile(options.second),
      within: durationMs(options.within),
      strict: options.between === 'nothing',
      absence: options.find === 'absence',
      merged: options.output === 'merged',
      tieBreak: new RowOrder(options.tieBreak),
      lacksKey: lacksKey(options.by ?? []),
    });
  },
});
