import { defineOperator, Type } from '@millrace/sdk';

/** Joins several streams into one, record by record in the order they are read. */
export const union = defineOperator({
  type: 'core.union',
  version: 1,
  docs: {
    title: 'Union',
    summary: 'Joins several streams into one.',
    description:
      'Records are passed on unchanged. What comes after goes by the slowest input that still sends: an hour is over only when all of these have come past it.',
    category: 'combine',
    icon: 'arrows-join',
    zh: { title: '合流', summary: '把多个流合并为一个流。' },
  },
  config: Type.Object({}, { additionalProperties: false }),
  inputs: { in: { many: true } },
  outputs: { out: {} },
  summary: () => 'All inputs',
  fields: (_config, inputs) => ({ out: inputs.in }),
  examples: [
    {
      title: 'Orders of the web shop and of the app',
      config: {},
      input: [{ value: { id: 'web-1' } }, { value: { id: 'app-1' } }, { value: { id: 'web-2' } }],
      output: { out: [{ id: 'web-1' }, { id: 'app-1' }, { id: 'web-2' }] },
    },
  ],
  create: () => ({ onRecord: (record, _port, ctx) => ctx.forward('out', record) }),
});
