import { defineOperator, Field, Type } from '@millrace/sdk';

const config = Type.Object(
  {
    where: Field.expression({
      title: 'Keep when',
      description: 'A rule over the fields of a record. Records for which it is not true go no further.',
      returns: 'boolean',
      examples: ["status == 'paid'", "total >= 100 && country in ['DE', 'FR']"],
    }),
  },
  { additionalProperties: false },
);

/**
 * Passes a record only when the rule is `true`; `false` and null both stop it.
 * Of an upsert stream, a row that no longer fits is passed on as `delete`, since an earlier version may have fitted. Deletes always pass.
 */
export const filter = defineOperator({
  type: 'core.filter',
  version: 1,
  docs: {
    title: 'Filter',
    summary: 'Keeps the records that match a rule.',
    description:
      'A record goes on only when the rule is true. When a field is missing the comparison is not true, so the record stays behind; test with `field == null` (the field is empty) to keep such records.',
    category: 'shape',
    icon: 'filter',
    zh: { title: '筛选', summary: '只保留符合规则的记录。' },
  },
  config,
  inputs: { in: {} },
  outputs: { out: {} },
  traits: { liveConfig: ['where'] },
  summary: ({ where }) => where,
  fields: (_config, inputs) => ({ out: inputs.in }),
  examples: [
    {
      title: 'Paid orders only',
      config: { where: "status == 'paid'" },
      input: [
        { value: { order: 1, status: 'paid', total: 20 } },
        { value: { order: 2, status: 'open', total: 15 } },
        { value: { order: 3, total: 9 } },
      ],
      output: { out: [{ order: 1, status: 'paid', total: 20 }] },
    },
    {
      title: 'Orders without a customer',
      config: { where: 'customer == null' },
      input: [
        { value: { order: 1, customer: 'c7' } },
        { value: { order: 2, customer: null } },
        { value: { order: 3 } },
      ],
      output: { out: [{ order: 2, customer: null }, { order: 3 }] },
    },
    {
      title: 'A row of a table that no longer fits is removed from what comes after',
      config: { where: 'stock < 10' },
      inputModes: { in: { mode: 'upsert', key: ['sku'] } },
      input: [
        { value: { sku: 'A', stock: 4 }, op: 'upsert' },
        { value: { sku: 'A', stock: 50 }, op: 'upsert' },
      ],
      output: {
        out: [
          { sku: 'A', stock: 4 },
          { sku: 'A', stock: 50 },
        ],
      },
    },
  ],
  create({ config: { where }, compile }) {
    const fits = compile(where);
    return {
      onRecord(record, _port, ctx) {
        if (record.op === 'delete' || fits(record.value, record) === true) ctx.forward('out', record);
        else if (record.op === 'upsert') ctx.emit('out', record.value, record.time, 'delete');
        else ctx.filtered();
      },
    };
  },
});
