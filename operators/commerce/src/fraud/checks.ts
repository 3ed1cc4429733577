import { Field, Type } from '@millrace/sdk';

const points = Type.Integer({
  title: 'Points',
  description: 'Added to the score when it applies; the score ends at 100.',
  minimum: 1,
  maximum: 100,
  default: 40,
});
const named = Type.Optional(
  Type.String({
    title: 'Name',
    description: 'What the check is called in reasons. Default: made from its settings.',
    minLength: 1,
    maxLength: 80,
  }),
);
const per = (description: string) => Type.Optional(Field.fields({ title: 'Per', description }));

export const velocity = Type.Object(
  {
    check: Type.Literal('velocity'),
    per: Field.fields({
      title: 'Per',
      description: 'The card, device or address that is counted.',
      minItems: 1,
      examples: [['card'], ['device']],
    }),
    where: Type.Optional(
      Field.expression({
        title: 'Counts only',
        description: 'Records that count. Default: all.',
        returns: 'boolean',
        examples: ["status == 'declined'"],
      }),
    ),
    different: Type.Optional(
      Field.field({
        title: 'Different',
        description: 'Counts the different values of this field instead of records: cards per device.',
      }),
    ),
    moreThan: Type.Integer({
      title: 'More than',
      description: 'How many are still fine: with 4, the fifth is suspicious.',
      minimum: 1,
      maximum: 1000,
      default: 4,
    }),
    within: Field.duration({
      title: 'Within',
      description: 'The time over which they are counted, back from each record.',
      default: '10 min',
    }),
    points,
    name: named,
  },
  { title: 'Too many in a short time', additionalProperties: false },
);
export const amount = Type.Object(
  {
    check: Type.Literal('amount'),
    value: Field.expression({
      title: 'Amount',
      description: 'A number above zero: a total, a quantity, a price.',
      returns: 'number',
      examples: ['total'],
    }),
    per: per(
      'Compared within these: per customer with what the customer usually spends, per product with its usual price. Empty: with all. Amounts of money need the currency here.',
    ),
    times: Type.Optional(
      Type.Number({
        title: 'Times the usual',
        description: 'How many times more (or less) than usual is suspicious.',
        exclusiveMinimum: 1,
        maximum: 10_000,
        default: 5,
      }),
    ),
    side: Type.Optional(
      Type.Enum(['high', 'low', 'both'], {
        title: 'Suspicious when',
        description: 'high: the amount is so many times the usual or more. low: so many times less. both: either.',
        default: 'high',
      }),
    ),
    learn: Type.Optional(
      Type.Integer({
        title: 'Learn from',
        description: 'Amounts seen before it says anything.',
        minimum: 1,
        maximum: 10_000,
        default: 10,
      }),
    ),
    points,
    name: named,
  },
  { title: 'Unusual amount', additionalProperties: false },
);
export const change = Type.Object(
  {
    check: Type.Literal('change'),
    field: Field.field({
      title: 'Field',
      description: 'Where it changes suspiciously: the country, the city, the address.',
    }),
    per: Field.fields({ title: 'Per', description: 'Whose it is: the customer, the card.', minItems: 1 }),
    within: Type.Optional(
      Field.duration({
        title: 'Within',
        description: 'Another value this soon after the last one is suspicious.',
        default: '2 h',
      }),
    ),
    points,
    name: named,
  },
  { title: 'Sudden change (of country)', additionalProperties: false },
);
export const list = Type.Object(
  {
    check: Type.Literal('list'),
    field: Field.field({
      title: 'Field',
      description: 'What is looked up in the list: the e-mail, the device, the country.',
    }),
    values: Type.Array(Type.Union([Type.String({ maxLength: 256 }), Type.Number()]), {
      title: 'On the list',
      description: 'A record with one of these values in the field is suspicious.',
      minItems: 1,
      maxItems: 10_000,
    }),
    points,
    name: named,
  },
  { title: 'On a list', additionalProperties: false },
);
export const rule = Type.Object(
  {
    check: Type.Literal('rule'),
    where: Field.expression({
      title: 'Rule',
      description: 'Suspicious when true.',
      returns: 'boolean',
      examples: ['cardCountry != country'],
    }),
    points,
    name: named,
  },
  { title: 'A rule of your own', additionalProperties: false },
);
