import {
  type ConfigFinding,
  type Context,
  defineOperator,
  durationMs,
  Field,
  fieldExpression,
  fieldReader,
  hashKey,
  type MapState,
  type Static,
  type StreamRecord,
  type Timer,
  Type,
  type Value,
  type ValueState,
} from '@millrace/sdk';
import { asObject, durationWords, type Fields, keyWriter, lastStep, withFields } from './shared/fields.js';
import { finding } from './shared/finding.js';

const config = Type.Object(
  {
    by: Field.fields({
      title: 'Who',
      description:
        'Fields that tell visitors apart, such as the customer or a cookie. Records without one are left out.',
      minItems: 1,
      default: ['customerId'],
    }),
    gap: Field.duration({
      title: 'A visit ends after',
      description: 'A pause longer than this begins a new visit.',
      default: '30 min',
    }),
    atMost: Type.Optional(
      Field.duration({
        title: 'And after at most',
        description:
          'A visit that has lasted this long is ended, and the next event begins a new one. Empty: no limit.',
        examples: ['12 h'],
        ui: { advanced: true },
      }),
    ),
    first: Type.Optional(
      Field.fields({
        title: 'Keep of the first event',
        description: 'Such as the page or the campaign a visit began with.',
      }),
    ),
    last: Type.Optional(
      Field.fields({ title: 'Keep of the last event', description: 'Such as the page a visit ended on.' }),
    ),
    orderBy: Type.Optional(
      Field.field({
        title: 'At the same time, by',
        description:
          'Order of events of one visitor with the same time: a number or text that grows. Then arrival decides.',
        ui: { advanced: true },
      }),
    ),
  },
  { additionalProperties: false },
);
type Config = Static<typeof config>;

interface Visit {
  id: string;
  start: number;
  last: number;
  events: number;
  first: Fields | null;
  end: Fields | null;
}
interface States {
  /** Events that wait for older ones, by time. */
  waiting: MapState<Value[], number>;
  visit: ValueState<Visit>;
}

const minute = 60_000;
const CLOSE = 'close';

/** Cuts the events of each visitor into visits. Events wait for the watermark, so that order of arrival does not matter. */
export const sessionize = defineOperator<typeof config, States>({
  type: 'commerce.sessionize',
  version: 1,
  docs: {
    title: 'Visits',
    summary: 'Groups what each visitor does into visits.',
    description: `Use it to see how many visits there are and how long they last, with which page or campaign they begin, and where they end. A visit is what one visitor does without a long pause.

- **Events**: every event with the number of its visit (\`sessionId\`), when that began (\`sessionStart\`, ms) and its place in it (\`sessionEvent\`, from 1).
- **Visits**: one record per visit, when it is over: \`sessionId\`, \`startedAt\` and \`endedAt\` (first and last event, ms), \`durationMs\` between them, \`events\` (how many), and the fields kept of the first and last event.

Events are put into order first, as far as the source allows for; those that come even later leave through "Late".`,
    category: 'commerce',
    icon: 'clock-pause',
    zh: { title: '访问会话', summary: '把每位访客的行为归入一次次访问。' },
  },
  config,
  inputs: { in: { accepts: 'append' } },
  outputs: {
    events: { title: 'Events', description: 'Every event with its visit.' },
    visits: { title: 'Visits', description: 'One record per visit, when it is over.' },
    late: { title: 'Late', description: 'Events that came when later ones had already been placed.', side: true },
  },
  key: ({ by }: Config) => by.map(fieldExpression),
  traits: { partitioning: 'by-key', eventTime: true, fanOut: 'many' },
  state: { waiting: { kind: 'map' }, visit: { kind: 'value' } },
  lint: ({ gap, atMost }: Config): ConfigFinding[] => [
    ...(durationMs(gap) > 0 ? [] : [finding('SESSION_GAP', '/gap', 'Say how long a pause is, such as "30 min".')]),
    ...(atMost === undefined || durationMs(atMost) > 0
      ? []
      : [finding('SESSION_AT_MOST', '/atMost', 'Say how long a visit may last, such as "12 h".')]),
  ],
  summary: ({ by, gap }: Config) => `By ${by.map(lastStep).join(', ')}, pause of ${durationWords(gap)}`,
  mode: () => ({ events: { mode: 'append' }, visits: { mode: 'append' }, late: { mode: 'append' } }),
  fields: ({ by, first, last }: Config, inputs) => {
    const own = inputs.in?.fields ?? {};
    const who = Object.fromEntries(by.map((field) => [lastStep(field), own[field] ?? 'any'] as const));
    return {
      events: {
        fields: { ...own, sessionId: 'text', sessionStart: 'time', sessionEvent: 'number' },
        open: inputs.in?.open ?? true,
      },
      visits: {
        fields: {
          ...who,
          sessionId: 'text',
          startedAt: 'time',
          endedAt: 'time',
          durationMs: 'number',
          events: 'number',
          ...(first && { first: 'object' as const }),
          ...(last && { last: 'object' as const }),
        },
        open: false,
      },
      late: inputs.in,
    };
  },
  examples: [
    {
      title: 'Two visits of one customer; the clicks arrive out of order',
      config: { by: ['customerId'], gap: '30 min', first: ['page'] },
      input: [
        { value: { customerId: 'ada', page: '/mug' }, time: 10 * minute },
        { value: { customerId: 'ada', page: '/' }, time: 0 },
        { value: { page: '/nobody' }, time: 5 },
        { value: { customerId: 'ada', page: '/cart' }, time: 41 * minute },
      ],
      output: {
        events: [
          { customerId: 'ada', page: '/', sessionId: '7633be0efec1218d-0', sessionStart: 0, sessionEvent: 1 },
          { customerId: 'ada', page: '/mug', sessionId: '7633be0efec1218d-0', sessionStart: 0, sessionEvent: 2 },
          {
            customerId: 'ada',
            page: '/cart',
            sessionId: '7633be0efec1218d-1gq5c',
            sessionStart: 41 * minute,
            sessionEvent: 1,
          },
        ],
        visits: [
          {
            customerId: 'ada',
            sessionId: '7633be0efec1218d-0',
            startedAt: 0,
            endedAt: 10 * minute,
            durationMs: 10 * minute,
            events: 2,
            first: { page: '/' },
          },
          {
            customerId: 'ada',
            sessionId: '7633be0efec1218d-1gq5c',
            startedAt: 41 * minute,
            endedAt: 41 * minute,
            durationMs: 0,
            events: 1,
            first: { page: '/cart' },
          },
        ],
      },
    },
  ],
  create({ config: { by, gap, atMost, first, last, orderBy } }) {
    const pause = durationMs(gap);
    const limit = atMost === undefined ? Number.POSITIVE_INFINITY : durationMs(atMost);
    const writeKey = keyWriter(by);
    const parts = by.map(fieldReader);
    const firstFields = first?.map((field) => [lastStep(field), fieldReader(field)] as const);
    const lastFields = last?.map((field) => [lastStep(field), fieldReader(field)] as const);
    const tie = orderBy === undefined ? undefined : fieldReader(orderBy);
    const keep = (fields: typeof firstFields, value: Value): Fields | null =>
      fields === undefined ? null : Object.fromEntries(fields.map(([name, read]) => [name, read(value)]));

    const close = (visit: Visit, ctx: Context<States>, time: number) => {
      const row: Fields = {};
      writeKey(ctx.key, row);
      row.sessionId = visit.id;
      row.startedAt = visit.start;
      row.endedAt = visit.last;
      row.durationMs = visit.last - visit.start;
      row.events = visit.events;
      if (visit.first !== null) row.first = visit.first;
      if (visit.end !== null) row.last = visit.end;
      ctx.emit('visits', row, time);
    };

    const place = (value: Value, time: number, ctx: Context<States>) => {
      let visit = ctx.state.visit.get();
      if (visit !== undefined && (time - visit.last > pause || time - visit.start >= limit)) {
        close(visit, ctx, time);
        visit = undefined;
      }
      visit =
        visit === undefined
          ? { id: idOf(ctx.key, time), start: time, last: time, events: 1, first: keep(firstFields, value), end: null }
          : { ...visit, last: time, events: visit.events + 1 };
      if (lastFields !== undefined) visit.end = keep(lastFields, value);
      ctx.state.visit.set(visit);
      const more = { sessionId: visit.id, sessionStart: visit.start, sessionEvent: visit.events };
      ctx.emit('events', withFields(value, more), time);
    };

    return {
      onRecord(record: StreamRecord, _port: string, ctx: Context<States>) {
        const { value, time } = record;
        asObject(value);
        if (parts.some((read) => read(value) === null)) {
          ctx.filtered();
          return;
        }
        if (time <= ctx.watermark) {
          ctx.late(record);
          return;
        }
        const waiting = ctx.state.waiting.get(time);
        if (waiting === undefined) ctx.timers.at(time);
        ctx.state.waiting.set(time, waiting === undefined ? [value] : [...waiting, value]);
      },
      onTimer({ time, name }: Timer, ctx: Context<States>) {
        if (name === CLOSE) {
          const visit = ctx.state.visit.get();
          if (visit === undefined || visit.last + pause > time) return;
          close(visit, ctx, time);
          ctx.state.visit.clear();
          return;
        }
        const values = [...(ctx.state.waiting.get(time) ?? [])];
        ctx.state.waiting.delete(time);
        if (tie !== undefined) values.sort((a, b) => compare(tie(a), tie(b)));
        for (const value of values) place(value, time, ctx);
        ctx.timers.at(time + pause, CLOSE);
      },
    };
  },
});

function compare(a: Value, b: Value): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The same visit has the same number after a replay; it does not show who the visitor is. */
function idOf(key: string, start: number): string {
  const hex = (text: string) => hashKey(text).toString(16).padStart(8, '0');
  return `${hex(key)}${hex(`visit ${key}`)}-${start.toString(36)}`;
}
