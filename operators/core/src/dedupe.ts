import { type ConfigFinding, defineOperator, durationMs, Field, type Static, Type } from '@millrace/sdk';
import { FirstAtOnce } from './dedupe/at-once.js';
import { Final, LastAtEnd } from './dedupe/final.js';
import type { DedupeSetup, DedupeState } from './dedupe/setup.js';
import { Updating } from './dedupe/updating.js';
import { finding, warning } from './shared/finding.js';
import { durationWords, fieldsKey, lacksKey } from './shared/key-fields.js';
import { orderByList, RowOrder } from './shared/order-by.js';

const config = Type.Object(
  {
    by: Field.fields({
      title: 'Same when equal',
      description: 'Records with the same values in these fields are repeats of one another.',
      minItems: 1,
    }),
    keep: Type.Enum(['first', 'last'], {
      title: 'Keep',
      description: 'Which of the repeats goes on. "At once" always keeps the first.',
      default: 'first',
    }),
    emit: Type.Enum(['at-once', 'updating', 'final'], {
      title: 'Send',
      description:
        'at-once: the first to arrive, as it arrives. updating: the first or last so far, by the time at which it happened; an earlier (or later) one replaces it. final: one result, when no older record can come any more.',
      default: 'at-once',
    }),
    remember: Type.Enum(['for-ever', 'event-time', 'clock'], {
      title: 'Remember',
      description:
        'How long repeats are known: for ever (memory grows with the number of different values), for a span of event time (the time in the records), or for a span of the clock.',
      default: 'for-ever',
    }),
    within: Type.Optional(
      Field.duration({
        title: 'Within',
        description: 'How long repeats of a record are known after the first one.',
        examples: ['1 h', '2 d'],
        ui: { when: { property: 'remember', in: ['event-time', 'clock'] } },
      }),
    ),
    tieBreak: Type.Optional(
      orderByList(
        'At the same time',
        'Order of records with the same event time: "first" keeps the first in this order, "last" the last. Then arrival decides.',
      ),
    ),
    matchNull: Type.Optional(
      Type.Boolean({
        title: 'Empty fields are equal',
        description: 'Otherwise records that lack one of the fields are filtered out.',
        default: false,
      }),
    ),
  },
  { additionalProperties: false },
);
type Config = Static<typeof config>;

const ttl = ({ remember, within }: Config) => (remember === 'clock' ? durationMs(within ?? 0) : undefined);

function lint({ keep, emit, remember, within, tieBreak }: Config): ConfigFinding[] {
  const found: ConfigFinding[] = [];
  if (remember !== 'for-ever' && (within === undefined || durationMs(within) <= 0)) {
    found.push(finding('DEDUPE_WITHIN', '/within', 'Say how long a key is remembered, such as "1 h".', { remember }));
  }
  if (emit === 'at-once' && keep === 'last') {
    found.push(
      finding(
        'DEDUPE_LAST_AT_ONCE',
        '/emit',
        'The last record is not known when it arrives: choose "updating", or "final" to get it once.',
      ),
    );
  }
  if (emit === 'final' && remember === 'clock') {
    found.push(
      finding(
        'DEDUPE_FINAL_CLOCK',
        '/remember',
        'A final result goes by event time; remember by event time or for ever.',
      ),
    );
  }
  if (emit === 'final' && keep === 'last' && remember === 'for-ever') {
    found.push(
      warning(
        'DEDUPE_FINAL_NEVER',
        '/remember',
        'The last record for ever is known only when the input ends; a live stream never gets there.',
      ),
    );
  }
  if (emit === 'at-once' && tieBreak !== undefined && tieBreak.length > 0) {
    found.push(
      warning('DEDUPE_TIE_UNUSED', '/tieBreak', 'Sent at once, the first to arrive is kept; this order is not used.'),
    );
  }
  return found;
}

/** Removes repeats: one record per key, the first or last by arrival or event time. See `dedupe/` for how each way decides. */
export const dedupe = defineOperator<typeof config, DedupeState>({
  type: 'core.dedupe',
  version: 1,
  docs: {
    title: 'Remove repeats',
    summary: 'Keeps one of the records that are repeats of one another.',
    description: `Shops' systems send things twice: the same order after a lost connection, the same payment notice again. Choose the fields by which a repeat is known, such as the number of the notice. Of records with the same values in them one goes on; the others are left out and counted as filtered.

- **At once** lets the first to arrive pass, as it arrives. It costs least, and is what most need.
- **Updating** makes a table with one row for each different value of these fields, which always holds the first (or last) by the time at which it happened.
- **Final** gives one result that no longer changes, when no older record can come any more. A last record then has the time at which that became certain (its own, when only the end of the input decided).

Where time decides, records that come later than the source allows for leave through "late".`,
    category: 'combine',
    icon: 'copy-off',
    zh: { title: '去重', summary: '互为重复的记录只保留一条。' },
  },
  config,
  inputs: { in: { accepts: 'append' } },
  outputs: {
    out: {},
    late: { title: 'Late', description: 'Records that came when time had already decided.', side: true },
  },
  key: ({ by }: Config) => fieldsKey(by),
  traits: { partitioning: 'by-key', eventTime: true },
  state: { seen: { kind: 'value', ttl }, held: { kind: 'value', ttl }, waiting: { kind: 'value' } },
  lint,
  summary: ({ by, keep, remember, within }: Config) =>
    `${keep === 'last' ? 'Last' : 'First'} by ${by.join(', ')}${remember === 'for-ever' ? '' : `, ${durationWords(within)}`}`,
  mode: ({ by, emit }: Config) => ({
    out: emit === 'updating' ? { mode: 'upsert', key: by } : { mode: 'append' },
    late: { mode: 'append' },
  }),
  fields: (_config, inputs) => ({ out: inputs.in, late: inputs.in }),
  examples: [
    {
      title: 'A payment notice that is delivered twice counts once',
      config: { by: ['eventId'], keep: 'first', emit: 'at-once', remember: 'clock', within: '1 d' },
      input: [
        { value: { eventId: 'e1', order: 7, type: 'paid' } },
        { value: { eventId: 'e2', order: 8, type: 'paid' } },
        { value: { eventId: 'e1', order: 7, type: 'paid' } },
        { value: { order: 9, type: 'paid' } },
        { clock: 86_400_000 },
        { value: { eventId: 'e1', order: 7, type: 'paid' } },
      ],
      output: {
        out: [
          { eventId: 'e1', order: 7, type: 'paid' },
          { eventId: 'e2', order: 8, type: 'paid' },
          { eventId: 'e1', order: 7, type: 'paid' },
        ],
      },
    },
    {
      title: 'The latest state of each order, also when changes overtake one another',
      config: { by: ['order'], keep: 'last', emit: 'updating', remember: 'for-ever' },
      input: [
        { value: { order: 1, status: 'paid' }, time: 20 },
        { value: { order: 1, status: 'open' }, time: 10 },
        { value: { order: 1, status: 'shipped' }, time: 30 },
      ],
      output: {
        out: [
          { order: 1, status: 'paid' },
          { order: 1, status: 'shipped' },
        ],
      },
    },
    {
      title: 'First visit of a customer per half hour, the same whatever the order of arrival',
      config: { by: ['customer'], keep: 'first', emit: 'final', remember: 'event-time', within: '30 min' },
      input: [
        { value: { customer: 'ada', page: '/sale' }, time: 60_000 },
        { value: { customer: 'ada', page: '/' }, time: 0 },
        { watermark: 60_000 },
        { value: { customer: 'ada', page: '/cart' }, time: 120_000 },
        { value: { customer: 'ada', page: '/old' }, time: -5 },
        { value: { customer: 'ada', page: '/again' }, time: 1_800_000 },
      ],
      output: {
        out: [
          { customer: 'ada', page: '/' },
          { customer: 'ada', page: '/again' },
        ],
        late: [{ customer: 'ada', page: '/old' }],
      },
    },
  ],
  create({ config: { by, keep, emit, remember, within, tieBreak, matchNull } }) {
    const setup: DedupeSetup = {
      keep,
      lacksKey: matchNull ? () => false : lacksKey(by),
      byEventTime: remember === 'event-time',
      within: remember === 'event-time' ? durationMs(within ?? 0) : Number.POSITIVE_INFINITY,
      tieBreak: new RowOrder(tieBreak),
    };
    if (emit === 'at-once') return new FirstAtOnce(setup);
    if (emit === 'updating') return new Updating(setup);
    return keep === 'last' && remember === 'for-ever' ? new LastAtEnd(setup) : new Final(setup);
  },
});
