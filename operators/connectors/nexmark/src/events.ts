import {
  type ConfigFinding,
  defineSource,
  durationMs,
  EventTime,
  type RecordType,
  type SourceReader,
  type SourceSetup,
  type Static,
  Type,
  type Value,
} from '@millrace/sdk';
import { type Kind, kindOf } from './ids.js';
import { Records } from './records.js';
import { Timeline } from './timeline.js';

const KINDS = ['persons', 'auctions', 'bids'] as const;
/** 2015-07-15T00:00:00Z, the start of the original. */
const START = 1_436_918_400_000;
/** The multiplier that stirs a group: a group that is a multiple of it would repeat events. */
const STIR = 953;

const config = Type.Object(
  {
    events: Type.Optional(
      Type.Integer({ title: 'Events', description: 'Of all kinds together.', minimum: 0, default: 100_000 }),
    ),
    seed: Type.Optional(
      Type.Integer({
        title: 'Seed',
        description: 'The same seed makes the same events.',
        minimum: 0,
        maximum: 4_294_967_295,
        default: 1,
      }),
    ),
    rate: Type.Optional(
      Type.Number({
        title: 'Events a second',
        description: 'Of event time: how close together events are, not how fast they are made.',
        exclusiveMinimum: 0,
        maximum: 1_000_000_000,
        default: 10_000,
      }),
    ),
    outOfOrderGroup: Type.Optional(
      Type.Integer({
        title: 'Disorder',
        description: 'Events of a group of this size come in another order. 1: in order.',
        minimum: 1,
        maximum: 10_000_000,
        default: 1,
      }),
    ),
    kinds: Type.Optional(
      Type.Array(Type.Enum([...KINDS]), {
        title: 'Kinds',
        description: 'What is made; the other events are left out.',
        minItems: 1,
        uniqueItems: true,
        default: [...KINDS],
      }),
    ),
    partitions: Type.Optional(
      Type.Integer({
        title: 'Partitions',
        description: 'Events are dealt out to so many readers, which may run in parallel.',
        minimum: 1,
        maximum: 128,
        default: 1,
        'x-ui': { advanced: true },
      }),
    ),
    flinkBidderQuirk: Type.Optional(
      Type.Boolean({
        title: 'Bidder ids as in nexmark-flink',
        description: 'They are 1000 too high there, so fewer bids meet their person.',
        default: false,
        'x-ui': { advanced: true },
      }),
    ),
    time: Type.Optional(
      Type.Object(EventTime.properties, {
        additionalProperties: false,
        title: 'Event time',
        default: { field: 'dateTime', disorder: 0 },
      }),
    ),
  },
  { additionalProperties: false },
);
type Config = Static<typeof config>;

function timeline({ rate = 10_000, outOfOrderGroup = 1 }: Config): Timeline {
  return new Timeline(rate, outOfOrderGroup, START);
}

function lint(options: Config): ConfigFinding[] {
  const { outOfOrderGroup = 1, time } = options;
  const found: ConfigFinding[] = [];
  if (outOfOrderGroup % STIR === 0) {
    found.push({
      code: 'NEXMARK_GROUP',
      params: { group: outOfOrderGroup, stir: STIR },
      path: '/outOfOrderGroup',
      message: `A group must not be a multiple of ${STIR}, or events would repeat.`,
    });
  }
  const { disorder } = timeline(options);
  if (time?.field === 'dateTime' && durationMs(time.disorder ?? 0) < disorder) {
    found.push({
      code: 'NEXMARK_DISORDER',
      params: { disorder },
      path: '/time/disorder',
      severity: 'warning',
      message: `Events come up to ${disorder} ms behind the newest; with less allowed some of them are late.`,
    });
  }
  return found;
}

const TYPES: { readonly [kind in Kind]: RecordType } = {
  persons: {
    fields: {
      id: 'number',
      name: 'text',
      emailAddress: 'text',
      creditCard: 'text',
      city: 'text',
      state: 'text',
      dateTime: 'time',
      extra: 'text',
      seq: 'number',
    },
    open: false,
  },
  auctions: {
    fields: {
      id: 'number',
      itemName: 'text',
      description: 'text',
      initialBid: 'number',
      reserve: 'number',
      dateTime: 'time',
      expires: 'time',
      seller: 'number',
      category: 'number',
      extra: 'text',
      seq: 'number',
    },
    open: false,
  },
  bids: {
    fields: {
      auction: 'number',
      bidder: 'number',
      price: 'number',
      channel: 'text',
      url: 'text',
      dateTime: 'time',
      extra: 'text',
      seq: 'number',
    },
    open: false,
  },
};

/** Deals out events: partition p of n has the events that come as number p, p + n, p + 2n ... The position is the next of these numbers. */
function reader({ config: options }: SourceSetup<Config>, partition: number, position: number | null): SourceReader {
  const { events = 100_000, seed = 1, kinds = KINDS, partitions = 1, flinkBidderQuirk = false } = options;
  const times = timeline(options);
  const records = new Records(seed, flinkBidderQuirk);
  const wanted = new Set<Kind>(kinds);
  let n = position ?? partition;
  return {
    poll(max) {
      const values: Value[] = [];
      const ports: Kind[] = [];
      for (; n < events && values.length < max; n += partitions) {
        const event = times.eventAt(n);
        const kind = kindOf(event);
        if (!wanted.has(kind)) continue;
        const time = times.timeOf(event);
        ports.push(kind);
        if (kind === 'bids') values.push(records.bid(event, time));
        else if (kind === 'auctions') values.push(records.auction(event, time, times.horizon(event)));
        else values.push(records.person(event, time));
      }
      return { values, ports, position: n, end: n >= events };
    },
  };
}

/** The events of Nexmark, an online auction that is used to compare stream processors: people, auctions and bids. */
export const events = defineSource({
  type: 'nexmark.events',
  version: 1,
  docs: {
    title: 'Nexmark auction',
    summary: 'Makes the people, auctions and bids of the Nexmark benchmark.',
    description:
      'Each event is made of its number and the seed alone, so that any part of the stream can be made again and in parallel. Times are ms, amounts cents; `seq` is the number of the event.',
    category: 'source',
    icon: 'gavel',
    zh: { title: 'Nexmark 拍卖', summary: '生成 Nexmark 基准测试的人员、拍卖和出价。' },
  },
  config,
  outputs: {
    persons: { title: 'People' },
    auctions: { title: 'Auctions' },
    bids: { title: 'Bids' },
  },
  summary: ({ events: n = 100_000, rate = 10_000 }) => `${n} events, ${rate} a second`,
  lint,
  fields: () => TYPES,
  examples: [
    {
      title: 'The first person',
      config: { events: 50, kinds: ['persons'] },
      output: {
        persons: [
          {
            id: 1000,
            name: 'John Spencer',
            emailAddress: 'waueq@yttb.com',
            creditCard: '6283 1697 0328 6035',
            city: 'Cheyenne',
            state: 'OR',
            dateTime: START,
            extra:
              'cisoqaejkvdvqnfceaapzpcbgaacutcppalqedsqaeihnqpforftwidbcsrylpwmxlqqzcxfppdvfoxrlnhkshpdssobdfpksglvqvjqdmxpbrkyjzmhfeuplpsurnjnwyeucadfihskgvcaadafmunamnkru',
            seq: 0,
          },
        ],
      },
    },
  ],
  create(setup) {
    const { partitions = 1 } = setup.config;
    return {
      live: false,
      partitions: () => Array.from({ length: partitions }, (_, i) => `p${i}`),
      open: (name, position) => reader(setup, Number(name.slice(1)), position as number | null),
    };
  },
});
