import {
  type ConfigFinding,
  type Context,
  defineOperator,
  durationMs,
  encodePart,
  fieldExpression,
  hashKey,
  type StreamRecord,
  type ValueState,
} from '@millrace/sdk';
import { asObject, withFields } from './shared/fields.js';
import { finding } from './shared/finding.js';
import { OrderChecks, type Problem } from './validate/checks.js';
import { type ValidateConfig, validateConfig } from './validate/config.js';

interface States {
  /** Hash of what the valid order said. */
  seen: ValueState<number>;
}

const mug = { sku: 'mug', quantity: 2, price: 9.95 };
const good = { orderId: 7, customerId: 'ada', currency: 'EUR', lines: [mug], shipping: 4.9, total: 24.8 };

/** Checks orders one by one; the key is the order's number, so that repeats meet. */
export const orderValidate = defineOperator<typeof validateConfig, States>({
  type: 'commerce.order-validate',
  version: 1,
  docs: {
    title: 'Check orders',
    summary: 'Lets sound orders pass and sends the others aside with everything that is wrong with them.',
    description: `An order leaves unchanged through "Valid", or through "Invalid" with a list \`problems\`. Each problem has a \`code\`, the \`field\` it is about (\`lines.0.quantity\` is the quantity of the first line), and a \`message\` in plain words. All problems are listed, not only the first.

| Code | What is wrong |
|---|---|
| \`no-order-id\`, \`no-customer\`, \`no-lines\`, \`no-product\` | something is missing |
| \`bad-quantity\` | not a whole number above 0 |
| \`bad-price\`, \`bad-amount\` | not a number, or below 0 |
| \`too-many-decimals\` | parts of a cent: 9.999 euro, or 9.5 yen |
| \`bad-currency\` | not three capital letters, or not one of yours |
| \`mixed-currencies\` | a line is in another currency than its order |
| \`total-mismatch\` | the total is not the sum of its parts; says both |
| \`duplicate\` | the same order came before |
| \`order-id-reused\` | another order had this number before, for example from another sales channel |

Sums are exact: 0.1 + 0.2 is 0.3. Only valid orders are remembered, so a corrected one may be sent again under its number.`,
    category: 'commerce',
    icon: 'eye-check',
    zh: { title: '校验订单', summary: '放行正确的订单，将有问题的订单连同全部原因分流。' },
  },
  config: validateConfig,
  inputs: { in: { accepts: 'append', kind: 'order' } },
  outputs: {
    valid: { title: 'Valid', kind: 'order' },
    invalid: { title: 'Invalid', description: 'Orders with their problems.', kind: 'order', side: true },
  },
  key: ({ order }: ValidateConfig) => [fieldExpression(order ?? 'orderId')],
  traits: { partitioning: 'by-key', deterministic: false },
  state: {
    seen: { kind: 'value', ttl: ({ rememberFor }: ValidateConfig) => durationMs(rememberFor ?? '7 d') },
  },
  lint: ({ rememberFor }: ValidateConfig): ConfigFinding[] =>
    rememberFor === undefined || durationMs(rememberFor) > 0
      ? []
      : [finding('VALIDATE_REMEMBER', '/rememberFor', 'Say how long orders are remembered, such as "7 d".')],
  summary: ({ currencies }: ValidateConfig) => (currencies === undefined ? 'Any currency' : currencies.join(', ')),
  mode: () => ({ valid: { mode: 'append' }, invalid: { mode: 'append' } }),
  fields: (_config, inputs) => ({
    valid: inputs.in,
    invalid: { fields: { ...inputs.in?.fields, problems: 'list' }, open: inputs.in?.open ?? true, kind: 'order' },
  }),
  examples: [
    {
      title: 'A sound order, the same again, and one with three faults',
      config: { currencies: ['EUR'] },
      input: [
        { value: good },
        { value: good },
        { value: { orderId: 8, customerId: 'lin', currency: 'USD', lines: [{ ...mug, quantity: -1 }], total: 5 } },
      ],
      output: {
        valid: [good],
        invalid: [
          { ...good, problems: [{ code: 'duplicate', field: 'orderId', message: 'The same order came before.' }] },
          {
            orderId: 8,
            customerId: 'lin',
            currency: 'USD',
            lines: [{ sku: 'mug', quantity: -1, price: 9.95 }],
            total: 5,
            problems: [
              { code: 'bad-currency', field: 'currency', message: 'The currency is "USD", which is not one of EUR.' },
              {
                code: 'bad-quantity',
                field: 'lines.0.quantity',
                message: 'The units are -1, not a whole number above 0.',
              },
            ],
          },
        ],
      },
    },
  ],
  create({ config: options }) {
    const checks = new OrderChecks(options);
    return {
      onRecord(record: StreamRecord, _port: string, ctx: Context<States>) {
        const value = asObject(record.value);
        const problems: Problem[] = checks.problems(value);
        if (problems.length === 0) {
          const hash = hashKey(encodePart(checks.essence(value)));
          const before = ctx.state.seen.get();
          if (before === undefined) {
            ctx.state.seen.set(hash);
            ctx.forward('valid', record);
            return;
          }
          problems.push(checks.repeat(before === hash));
        }
        ctx.emit('invalid', withFields(value, { problems }));
      },
    };
  },
});
