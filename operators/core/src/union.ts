import { defineOperator, Type } from '@millrace/sdk';

/** Joins several streams into one, record by record in the order they are read. */
export const union = defineOperator({
  type: 'core.union',
  version: 1,
  docs: {
    title: 'Union',
    summary: 'Puts several streams together into one, each record as it is.',
    description:
      'Records are passed on unchanged. For what comes after, an hour is over only when every input that still sends has come past it: the slowest one decides.',
    category: 'combine',
    icon: 'arrows-join',
    zh: { title: '合流', summary: '把多个流合并为一个流，记录原样保留。' },
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
