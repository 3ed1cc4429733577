import {
  type ConfigFinding,
  defineOperator,
  encodeKey,
  Field,
  fieldReader,
  hashKey,
  type Static,
  Type,
  type ValueState,
} from '@millrace/sdk';
import { finding } from './shared/finding.js';
import { fieldsKey } from './shared/key-fields.js';

const config = Type.Object(
  {
    take: Type.Enum(['share', 'every'], {
      title: 'Take',
      description:
        'share: a part of all, drawn by lot, but the same records each time it runs. every: every so many records.',
      default: 'share',
    }),
    share: Type.Optional(
      Type.Number({
        title: 'Share',
        description: 'From 0 to 1; 0.1 is about a tenth.',
        minimum: 0,
        maximum: 1,
        'x-ui': { when: { property: 'take', in: ['share'] } },
      }),
    ),
    every: Type.Optional(
      Type.Integer({
        title: 'One of',
        description: 'The first of every so many records.',
        minimum: 1,
        'x-ui': { when: { property: 'take', in: ['every'] } },
      }),
    ),
    by: Type.Optional(
      Field.fields({
        title: 'By',
        description:
          'share: records with the same values in these fields are all in or all out; empty: each record for itself, by its time and content. every: counted apart for each. Without fields one task (one processor core) does it all.',
      }),
    ),
    seed: Type.Optional(
      Type.String({
        title: 'Seed',
        description: 'Another text takes another sample of the same size.',
        maxLength: 256,
        default: '',
        'x-ui': { when: { property: 'take', in: ['share'] }, advanced: true },
      }),
    ),
  },
  { additionalProperties: false },
);
type Config = Static<typeof config>;

interface States {
  /** Records since the last one taken, that one included. */
  count: ValueState<number>;
}

function lint({ take, share, every }: Config): ConfigFinding[] {
  if (take === 'share' && share === undefined) {
    return [finding('SAMPLE_SHARE', '/share', 'Say which share to take, such as 0.1.')];
  }
  return take === 'every' && every === undefined
    ? [finding('SAMPLE_EVERY', '/every', 'Say how many records there are to each one taken, such as 100.')]
    : [];
}

/** Takes a part of the records. The choice depends on the records alone, so a replay takes the same ones. */
export const sample = defineOperator<typeof config, States>({
  type: 'core.sample',
  version: 1,
  docs: {
    title: 'Sample',
    summary: 'Takes a part of the records, such as a tenth of the customers with all they do.',
    description:
      'For trying a workflow on a tenth of the records, or for looking at some by hand. A share by customer, say, takes everything of some customers: their visits and totals stay whole. The rest counts as filtered.',
    category: 'shape',
    icon: 'color-picker',
    zh: { title: '抽样', summary: '抽取一部分记录，例如十分之一的顾客及其全部行为。' },
  },
  config,
  inputs: { in: { accepts: 'append' } },
  outputs: { out: {} },
  key: ({ by }: Config) => fieldsKey(by),
  traits: { partitioning: 'by-key' },
  state: { count: { kind: 'value' } },
  lint,
  summary: ({ take, share, every, by }: Config) =>
    `${take === 'share' ? `${Number(((share ?? 0) * 100).toPrecision(6))} %` : `1 of ${every ?? '?'}`}${by === undefined || by.length === 0 ? '' : ` by ${by.join(', ')}`}`,
  fields: (_config, inputs) => ({ out: inputs.in }),
  examples: [
    {
      title: 'Half of the customers, with all their clicks',
      config: { take: 'share', share: 0.5, by: ['customer'] },
      input: [
        { value: { customer: 'ada', page: '/' } },
        { value: { customer: 'bob', page: '/' } },
        { value: { customer: 'ada', page: '/cart' } },
        { value: { customer: 'bob', page: '/help' } },
      ],
      output: {
        out: [
          { customer: 'bob', page: '/' },
          { customer: 'bob', page: '/help' },
        ],
      },
    },
    {
      title: 'Every third measurement of each sensor',
      config: { take: 'every', every: 3, by: ['sensor'] },
      input: [1, 2, 3, 4].map((c) => ({ value: { sensor: 's', c } })),
      output: {
        out: [
          { sensor: 's', c: 1 },
          { sensor: 's', c: 4 },
        ],
      },
    },
  ],
  create({ config: { take, share = 0, every = 1, by = [], seed = '' } }) {
    if (take === 'every') {
      return {
        onRecord(record, _port, ctx) {
          const count = ctx.state.count.get() ?? 0;
          ctx.state.count.set(count + 1 >= every ? 0 : count + 1);
          if (count === 0) ctx.forward('out', record);
          else ctx.filtered();
        },
      };
    }
    const readers = by.map(fieldReader);
    const limit = share * 2 ** 32;
    return {
      onRecord(record, _port, ctx) {
        const what =
          readers.length === 0
            ? `${record.time} ${JSON.stringify(record.value)}`
            : encodeKey(readers.map((read) => read(record.value)));
        if (hashKey(`${seed}\u0000${what}`) < limit) ctx.forward('out', record);
        else ctx.filtered();
      },
    };
  },
});
