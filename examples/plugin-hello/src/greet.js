import { defineOperator, Field, Type } from '@millrace/sdk';

/** Greets the customer of every record, and knows how often they came before. */
export const greet = defineOperator({
  type: 'hello.greet',
  version: 1,
  docs: {
    title: 'Greet customer',
    summary: 'Adds a greeting that knows how often the customer came before.',
    category: 'commerce',
    icon: 'hand-stop',
    zh: { title: '问候顾客', summary: '添加问候语，并记得顾客来过几次。' },
  },
  config: Type.Object(
    {
      customer: Field.field({ title: 'Customer', description: 'The field that says who it is.', default: 'customer' }),
      word: Type.String({ title: 'Greeting', minLength: 1, maxLength: 40, default: 'Hello' }),
    },
    { additionalProperties: false },
  ),
  summary: ({ word }) => `${word}, …`,
  inputs: { in: {} },
  outputs: { out: {} },
  // All records of one customer meet in one task, whatever the parallelism; the runtime keeps the state per customer.
  traits: { partitioning: 'by-key' },
  key: ({ customer }) => [customer],
  state: { visits: { kind: 'value', version: 1 } },
  // Read by people (docs), by the editor (preview) and by the test next to this file.
  examples: [
    {
      title: 'The second visit is remembered',
      config: { customer: 'customer', word: 'Hello' },
      input: [{ value: { customer: 'Ada' } }, { value: { customer: 'Lin' } }, { value: { customer: 'Ada' } }],
      output: {
        out: [
          { customer: 'Ada', greeting: 'Hello, Ada. Welcome.' },
          { customer: 'Lin', greeting: 'Hello, Lin. Welcome.' },
          { customer: 'Ada', greeting: 'Hello, Ada. Good to see you again (visit 2).' },
        ],
      },
    },
  ],
  // One behaviour per task. It emits new values and never changes the record it was given.
  create: ({ config }) => ({
    onRecord(record, _port, ctx) {
      const visits = (ctx.state.visits.get() ?? 0) + 1;
      ctx.state.visits.set(visits);
      const rest = visits === 1 ? 'Welcome.' : `Good to see you again (visit ${visits}).`;
      ctx.emit('out', { ...record.value, greeting: `${config.word}, ${record.value[config.customer]}. ${rest}` });
    },
  }),
});
