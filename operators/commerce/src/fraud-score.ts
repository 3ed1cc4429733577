import {
  type ConfigFinding,
  type Context,
  compareKeys,
  computedType,
  decodeKey,
  defineOperator,
  durationMs,
  Field,
  type FieldType,
  MAX_TIME,
  type Static,
  Type,
  type ValueState,
} from '@millrace/sdk';
import { amount, change, list, rule, velocity } from './fraud/checks.js';
import { type Check, type Memories, type MemoryState, type Reason, scorerOf } from './fraud/scorer.js';
import { asObject, withFields } from './shared/fields.js';
import { finding } from './shared/finding.js';
import { fieldsKey, marketsField } from './shared/key-fields.js';

const config = Type.Object(
  {
    checks: Type.Array(Type.Union([velocity, amount, change, list, rule]), {
      title: 'Checks',
      description: 'Each that applies adds its points to the score.',
      minItems: 1,
      maxItems: 30,
    }),
    review: Type.Optional(
      Type.Integer({
        title: 'Review from',
        description: 'Records with this score or more are to be looked at.',
        minimum: 1,
        maximum: 100,
        default: 40,
      }),
    ),
    block: Type.Optional(
      Type.Integer({
        title: 'Block from',
        description: 'Records with this score or more are to be stopped.',
        minimum: 1,
        maximum: 100,
        default: 80,
      }),
    ),
    forgetAfter: Type.Optional(
      Field.duration({
        title: 'Remember habits for',
        description: 'Usual amounts of a customer or product that was not seen for this long are forgotten.',
        default: '90 d',
        ui: { advanced: true },
      }),
    ),
    maxRemembered: Type.Optional(
      Type.Integer({
        title: 'Remember at most',
        description:
          'Cards, devices, customers and so on, over all checks. Those not seen for longest are forgotten first. 100,000 take about 50 MB.',
        minimum: 100,
        maximum: 5_000_000,
        default: 200_000,
        'x-ui': { advanced: true },
      }),
    ),
    by: Type.Optional(marketsField('memory')),
  },
  { additionalProperties: false },
);
type Config = Static<typeof config>;

interface States {
  memory: MemoryState;
  /** Number of memories. */
  kept: ValueState<number>;
}

const SWEEP = 3_600_000;

function lint({ review = 40, block = 80, checks }: Config): ConfigFinding[] {
  const found: ConfigFinding[] = [];
  if (review > block) found.push(finding('FRAUD_LIMITS', '/review', 'Review must begin at a lower score than block.'));
  const most = checks.reduce((sum, { points }) => sum + points, 0);
  if (most < review)
    found.push(
      finding(
        'FRAUD_POINTS',
        '/checks',
        `All checks together give ${most} points: nothing would ever be reviewed.`,
        'warning',
      ),
    );
  return found;
}

const minute = 60_000;

/** How suspicious a payment, an order or a login is, with the reasons. */
export const fraudScore = defineOperator<typeof config, States>({
  type: 'commerce.fraud-score',
  version: 1,
  docs: {
    title: 'Score fraud',
    summary: 'Gives each payment, order or login a score from 0 to 100 that says how suspicious it is, and why.',
    description: `Every record leaves through "scored" with \`fraudScore\`, \`fraudDecision\` (accept, review or block) and \`fraudReasons\`: each check that applied, its points, and a sentence with the numbers. What is to be reviewed or blocked also leaves through "alerts".

Checks:

- **Too many in a short time**: five declined payments with one card in ten minutes; four different cards on one device ("Different"). The record itself counts.
- **Unusual amount**: many times more, or less, than what is usual for all, for the customer, for the product. Usual is a mean of the amounts seen, of a kind that one huge amount among many does not spoil (the geometric mean). Newer ones count more; a suspicious one hardly changes it.
- **Sudden change**: another country than an hour ago, for the same customer or card.
- **On a list**: a field has one of the listed values.
- **A rule of your own**: an expression, such as \`cardCountry != country\`.

Points add up: two weak signs together can be enough for a review. Start with few checks, look at the alerts of a week, then move the points.

All records meet in one task (on one processor core), because cards, devices and addresses are each counted over all of them; name your markets in "Apart for each" to spread the work. The memory stays within bounds: counts are forgotten after their time, habits after 90 days, and the oldest go when there are more than "Remember at most".`,
    category: 'commerce',
    icon: 'shield-check',
    zh: { title: '欺诈评分', summary: '给每笔支付、订单或登录打出 0 到 100 的可疑分数，并说明原因。' },
  },
  config,
  inputs: { in: { accepts: 'append' } },
  outputs: {
    scored: { title: 'Scored', description: 'Every record with its score.' },
    alerts: { title: 'Alerts', description: 'Records to review or to block.' },
  },
  key: ({ by }: Config) => fieldsKey(by),
  traits: { partitioning: 'by-key', eventTime: true },
  state: { memory: { kind: 'map' }, kept: { kind: 'value' } },
  lint,
  summary: ({ checks, review = 40 }: Config) =>
    `${checks.length} ${checks.length === 1 ? 'check' : 'checks'}, review from ${review}`,
  mode: () => ({ scored: { mode: 'append' }, alerts: { mode: 'append' } }),
  fields: ({ checks }: Config, inputs) => {
    const input = inputs.in;
    // Reasons quote what they are about.
    const quoted = (checks ?? []).flatMap((one) => ('field' in one ? [one.field] : 'value' in one ? [one.value] : []));
    const isPersonal = quoted.some((of) => computedType(of, input) === 'personal');
    const more: { [name: string]: FieldType } = {
      fraudScore: 'number',
      fraudDecision: 'text',
      fraudReasons: isPersonal ? 'personal' : 'list',
    };
    const out = input && { ...input, fields: { ...input.fields, ...more } };
    return { scored: out, alerts: out };
  },
  examples: [
    {
      title: 'A card that is declined again and again, and a card from abroad',
      config: {
        checks: [
          {
            check: 'velocity',
            per: ['card'],
            where: "status == 'declined'",
            moreThan: 2,
            within: '10 min',
            points: 60,
            name: 'declined cards',
          },
          { check: 'rule', where: 'cardCountry != country', points: 30, name: 'card from abroad' },
        ],
        review: 30,
      },
      input: [0, 1, 2].map((i) => ({
        value: { payment: i, card: 'c1', status: 'declined', cardCountry: i === 2 ? 'US' : 'DE', country: 'DE' },
        time: i * minute,
      })),
      output: {
        scored: [
          {
            payment: 0,
            card: 'c1',
            status: 'declined',
            cardCountry: 'DE',
            country: 'DE',
            fraudScore: 0,
            fraudDecision: 'accept',
            fraudReasons: [],
          },
          {
            payment: 1,
            card: 'c1',
            status: 'declined',
            cardCountry: 'DE',
            country: 'DE',
            fraudScore: 0,
            fraudDecision: 'accept',
            fraudReasons: [],
          },
          declinedThrice(),
        ],
        alerts: [declinedThrice()],
      },
    },
    {
      title: 'An order ten times as big as usual',
      config: { checks: [{ check: 'amount', value: 'total', times: 10, learn: 2, points: 50 }] },
      input: [20, 30, 25, 260].map((total, i) => ({ value: { order: i, total }, time: i * minute })),
      output: {
        scored: [
          ...[20, 30, 25].map((total, order) => ({
            order,
            total,
            fraudScore: 0,
            fraudDecision: 'accept',
            fraudReasons: [],
          })),
          tooBig(),
        ],
        alerts: [tooBig()],
      },
    },
  ],
  create({ config: options, compile }) {
    const habits = durationMs(options.forgetAfter ?? '90 d');
    const scorers = options.checks.map((check: Check, i) => scorerOf(check, i, compile, habits));
    const most = options.maxRemembered ?? 200_000;
    const review = options.review ?? 40;
    const block = options.block ?? 80;
    const sweeps = scorers.some(({ keeps }) => keeps > 0);

    const forget = (ctx: Context<States>, gone: (key: string, t: number) => boolean) => {
      const { memory, kept } = ctx.state;
      let n = 0;
      for (const [key, { t }] of memory.entries()) {
        if (gone(key, t)) memory.delete(key);
        else n++;
      }
      kept.set(n);
      return n;
    };
    const forgetOldest = (ctx: Context<States>) => {
      const all = [...ctx.state.memory.entries()].map(([key, { t }]) => ({ key, t }));
      all.sort((a, b) => b.t - a.t || compareKeys(a.key, b.key));
      for (const { key } of all.slice(most)) ctx.state.memory.delete(key);
      ctx.state.kept.set(Math.min(all.length, most));
    };

    return {
      onRecord(record, _port, ctx) {
        const { memory, kept } = ctx.state;
        const value = asObject(record.value);
        let fresh = 0;
        const memories: Memories = {
          get: (key) => memory.get(key),
          set: (key, what) => {
            if (!memory.has(key)) fresh++;
            memory.set(key, what);
          },
        };
        const reasons: Reason[] = [];
        for (const scorer of scorers) {
          const reason = scorer.look(record, memories);
          if (reason !== undefined) reasons.push(reason);
        }
        if (fresh > 0) {
          const n = (kept.get() ?? 0) + fresh;
          kept.set(n);
          // A tenth more than the limit, so that a walk over all is rare.
          if (n > most * 1.1) forgetOldest(ctx);
        }
        if (sweeps) ctx.timers.at((Math.floor(record.time / SWEEP) + 1) * SWEEP, 'forget');
        const score = Math.min(
          100,
          reasons.reduce((sum, { points }) => sum + points, 0),
        );
        const decision = score >= block ? 'block' : score >= review ? 'review' : 'accept';
        const result = withFields(value, { fraudScore: score, fraudDecision: decision, fraudReasons: reasons });
        ctx.emit('scored', result);
        if (decision !== 'accept') ctx.emit('alerts', result);
      },
      onTimer({ time }, ctx) {
        // Keys begin with the number of their check.
        const left = forget(ctx, (key, t) => t + (scorers[Number(decodeKey(key)[0])]?.keeps ?? 0) <= time);
        if (left > 0 && ctx.watermark < MAX_TIME) ctx.timers.at(time + SWEEP, 'forget');
      },
    };
  },
});

function declinedThrice() {
  return {
    payment: 2,
    card: 'c1',
    status: 'declined',
    cardCountry: 'US',
    country: 'DE',
    fraudScore: 90,
    fraudDecision: 'block',
    fraudReasons: [
      { check: 'declined cards', points: 60, text: '3 records within 10 min; more than 2 are suspicious' },
      { check: 'card from abroad', points: 30, text: 'cardCountry != country is true' },
    ],
  };
}

function tooBig() {
  return {
    order: 3,
    total: 260,
    fraudScore: 50,
    fraudDecision: 'review',
    fraudReasons: [{ check: 'unusual total', points: 50, text: '260 is 10.54 times the usual 24.66' }],
  };
}
