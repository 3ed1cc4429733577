import { defineOperator, type Expression, type Static, type StreamRecord, Type } from '@millrace/sdk';

const config = Type.Object(
  {
    template: Type.Optional(
      Type.String({
        title: 'Line',
        description: 'Text with fields or expressions in double braces. Empty: the record as JSON.',
        maxLength: 2000,
        examples: ['{{country}}: {{revenue}}', 'Order {{id}} of {{upper(customer.name)}}'],
      }),
    ),
  },
  { additionalProperties: false },
);
type Config = Static<typeof config>;

type Part = string | Expression;

/** Cuts a template into text and compiled expressions. A brace pair that is never closed is text. */
function partsOf(template: string, compile: (expression: string) => Expression): Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (const match of template.matchAll(/\{\{([\s\S]*?)\}\}/g)) {
    if (match.index > at) parts.push(template.slice(at, match.index));
    parts.push(compile(match[1]!.trim()));
    at = match.index + match[0].length;
  }
  if (at < template.length) parts.push(template.slice(at));
  return parts;
}

function fill(parts: readonly Part[], record: StreamRecord): string {
  let line = '';
  for (const part of parts) {
    if (typeof part === 'string') line += part;
    else {
      const value = part(record.value, record);
      line += typeof value === 'string' ? value : JSON.stringify(value);
    }
  }
  return line;
}

/** Prints a line per record for the person at the terminal. Rows deleted from an upsert stream are marked as such. */
export const print = defineOperator({
  type: 'core.print',
  version: 1,
  docs: {
    title: 'Print',
    summary: 'Prints each record as a line in the terminal.',
    description:
      'For trying things out. The lines appear in the terminal, the text window in which Millrace was started; to look at records in the browser, use "Live table". A removed row of a table is printed as `{"op":"delete","value":…}`, or, when you set a line of your own, with "deleted: " before it.',
    category: 'sink',
    icon: 'terminal-2',
    zh: { title: '打印', summary: '把每条记录打印为终端中的一行。' },
  },
  config,
  inputs: { in: {} },
  outputs: {},
  traits: { delivery: 'at-least-once', liveConfig: ['template'] },
  summary: ({ template }: Config) => template || 'As JSON',
  examples: [
    {
      title: 'Records as JSON',
      config: {},
      input: [{ value: { country: 'DE', revenue: 12.5 } }, { value: { country: 'FR', revenue: null } }],
      printed: ['{"country":"DE","revenue":12.5}', '{"country":"FR","revenue":null}'],
    },
    {
      title: 'A sentence per record',
      config: { template: 'Order {{id}} of {{customer.name}}: {{total * 2}} EUR for two' },
      input: [{ value: { id: 7, customer: { name: 'Ada' }, total: 0.1 } }],
      printed: ['Order 7 of Ada: 0.2 EUR for two'],
    },
  ],
  create({ config: { template }, compile, services }) {
    const parts = template ? partsOf(template, compile) : undefined;
    return {
      onRecord(record) {
        const deleted = record.op === 'delete';
        if (parts !== undefined) services.print(`${deleted ? 'deleted: ' : ''}${fill(parts, record)}`);
        else services.print(JSON.stringify(deleted ? { op: 'delete', value: record.value } : record.value));
      },
    };
  },
});
