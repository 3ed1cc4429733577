import {
  type ConfigFinding,
  defineOperator,
  Field,
  type FieldType,
  MillraceError,
  type RecordType,
  type Static,
  Type,
} from '@millrace/sdk';
import { MASK_METHODS, type MaskField, maskOf } from './mask-methods.js';
import { finding } from './shared/finding.js';
import { asObject, badPath, copyOf, type Fields, getPath, setPath } from './shared/paths.js';

const when = (...how: string[]) => ({ 'x-ui': { when: { property: 'how', in: how } } });

const config = Type.Object(
  {
    fields: Type.Array(
      Type.Object(
        {
          field: Field.field({
            title: 'Field',
            description: 'The field to hide. `customer.name` is one inside another.',
          }),
          how: Type.Enum([...MASK_METHODS], {
            title: 'How',
            description:
              'hash: a made-up name of 32 letters and digits. token: a made-up name in the same pattern as the value. redact: a text of yours instead of the value, or nothing. keep-last, keep-first: stars for the rest. domain: of an e-mail address. period: the day, week or month of a time.',
          }),
          prefix: Type.Optional(
            Type.String({
              title: 'Prefix of the token',
              description: 'Put before it, so that nobody takes it for the real value.',
              maxLength: 32,
              ...when('token'),
            }),
          ),
          with: Type.Optional(
            Type.String({
              title: 'Replace by',
              description: 'Empty: the field becomes empty (null).',
              maxLength: 256,
              ...when('redact'),
            }),
          ),
          keep: Type.Optional(
            Type.Integer({
              title: 'Characters to keep',
              description: 'How many stay readable. Default: the last 4, or the first 2.',
              minimum: 0,
              maximum: 64,
              ...when('keep-last', 'keep-first'),
            }),
          ),
          period: Type.Optional(
            Type.Enum(['day', 'week', 'month'], {
              title: 'Period',
              description: 'What is left of the time. Default: day.',
              ...when('period'),
            }),
          ),
        },
        { additionalProperties: false },
      ),
      { title: 'Fields', minItems: 1, maxItems: 64 },
    ),
    salt: Type.Optional(
      Type.Union(
        [
          Type.String({ minLength: 8, maxLength: 4096 }),
          Type.Object({ $secret: Type.String({ pattern: '^[A-Za-z0-9_]{1,64}$' }) }, { additionalProperties: false }),
        ],
        {
          title: 'Salt',
          description:
            'A secret text that goes into every made-up name. The same salt gives the same names in every workflow; whoever knows it can test guesses.',
          'x-ui': { widget: 'secret' },
        },
      ),
    ),
    zone: Type.Optional(
      Type.String({
        title: 'Time zone',
        description: 'Where the days begin; default: the time zone of the workflow.',
        'x-ui': { widget: 'timezone', advanced: true },
      }),
    ),
  },
  { additionalProperties: false },
);
type Config = Static<typeof config>;

const pseudonym = ({ how }: { how: string }) => how === 'hash' || how === 'token';

function lint({ fields, salt }: Config): ConfigFinding[] {
  const found: ConfigFinding[] = [];
  const seen = new Set<string>();
  fields.forEach(({ field }, i) => {
    const path = `/fields/${i}/field`;
    if (badPath(field)) {
      found.push(finding('FIELD_NAME', path, `"${field}" cannot be a field name.`, { name: field }));
    } else if (seen.has(field)) {
      found.push(finding('FIELD_TWICE', path, `"${field}" is listed twice.`, { name: field }));
    }
    seen.add(field);
  });
  if (salt === undefined && fields.some(pseudonym)) {
    found.push(
      finding('MASK_SALT', '/salt', 'Pseudonyms need a salt; without one anybody could compute them from a guess.'),
    );
  }
  return found;
}

function types({ fields }: Config, input: RecordType | undefined): RecordType | undefined {
  if (input === undefined) return undefined;
  const after: { [name: string]: FieldType } = { ...input.fields };
  for (const { field, how } of fields) if (Object.hasOwn(after, field) && how !== 'period') after[field] = 'text';
  return { ...input, fields: after };
}

/** The text of the salt. A reference is looked up as `MILLRACE_SECRET_<name>`, where the server puts its vault. */
function saltText(salt: Config['salt']): string {
  if (salt === undefined || typeof salt === 'string') return salt ?? '';
  const text = process.env[`MILLRACE_SECRET_${salt.$secret}`];
  if (text !== undefined) return text;
  throw new MillraceError(`The secret "${salt.$secret}" is not known here.`, {
    code: 'SECRET_MISSING',
    params: { secret: salt.$secret },
    hint: `Enter it again in the node, or set MILLRACE_SECRET_${salt.$secret} for a run by hand.`,
  });
}

/** Hides personal data. Deletes are masked like the rows they delete, so tables stay right where key fields get pseudonyms. */
export const mask = defineOperator({
  type: 'core.mask',
  version: 1,
  docs: {
    title: 'Mask personal data',
    summary: 'Hides names, addresses and numbers of people.',
    description: `So that analysts, partners or a test system can work with your data and not see whom it is about.

Made-up names ("hash", "token") are the same for the same value and salt (a secret text of yours), so counting and joining still work. They hide who it is, but not for good (pseudonymisation, not anonymisation): with the salt a guess can be tested, so in law the result is still personal data. Keep the salt apart, and use "redact" where the value is not needed.

What a method cannot read becomes empty (null), never the plain value; missing fields stay missing. Records that failed before this node keep their plain values in the dead letters (records put aside because they could not be processed).`,
    category: 'shape',
    icon: 'eye-off',
    zh: { title: '数据脱敏', summary: '隐藏姓名、地址、号码等个人信息。' },
  },
  config,
  inputs: { in: {} },
  outputs: { out: {} },
  lint,
  summary: ({ fields }: Config) => fields.map(({ field, how }) => `${field}: ${how}`).join(', '),
  fields: (options: Config, inputs) => ({ out: types(options, inputs.in) }),
  examples: [
    {
      title: 'Orders for the analysts: who it was is hidden, where and when is coarse',
      config: {
        fields: [
          { field: 'customer.name', how: 'redact', with: 'hidden' },
          { field: 'customer.email', how: 'domain' },
          { field: 'customer.zip', how: 'keep-first', keep: 2 },
          { field: 'card', how: 'keep-last' },
          { field: 'at', how: 'period', period: 'day' },
        ],
      },
      input: [
        {
          value: {
            order: 1,
            customer: { name: 'Ada Lovelace', email: 'Ada@Example.com', zip: '10115' },
            card: '4111111111111111',
            at: '2024-05-17T14:30:00Z',
          },
        },
        { value: { order: 2, customer: { name: null, email: 'none' } } },
      ],
      output: {
        out: [
          {
            order: 1,
            customer: { name: 'hidden', email: 'example.com', zip: '10***' },
            card: '************1111',
            at: '2024-05-17',
          },
          { order: 2, customer: { name: null, email: null } },
        ],
      },
    },
    {
      title: 'Pseudonyms by which visits can still be counted per customer',
      config: {
        salt: 'pepper-and-salt',
        fields: [
          { field: 'email', how: 'hash' },
          { field: 'phone', how: 'token', prefix: 'T-' },
        ],
      },
      input: [{ value: { email: 'ada@example.com', phone: '+49 30 123456', page: '/' } }],
      output: { out: [{ email: 'ebc96793e2cdc4f7ff36e8416c6c88b4', phone: 'T-+21 38 904000', page: '/' }] },
    },
  ],
  create({ config: options, timeZone }) {
    const salt = saltText(options.salt);
    const steps = options.fields.map((step) => ({
      path: step.field.split('.'),
      apply: maskOf(step as MaskField, salt, options.zone ?? timeZone),
    }));
    return {
      onRecord(record, _port, ctx) {
        const fields: Fields = copyOf(asObject(record.value));
        for (let i = 0; i < steps.length; i++) {
          const { path, apply } = steps[i]!;
          const found = getPath(fields, path);
          if (found !== undefined && found !== null) setPath(fields, path, apply(found));
        }
        ctx.emit('out', fields, record.time, record.op);
      },
    };
  },
});
