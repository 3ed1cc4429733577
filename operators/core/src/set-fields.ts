import {
  type ConfigFinding,
  computedType,
  defineOperator,
  Field,
  type FieldType,
  type OutputMode,
  type RecordType,
  type Static,
  Type,
} from '@millrace/sdk';
import { type Apply, compileStep, type Step } from './set-fields-steps.js';
import { CAST_TYPES, type CastType } from './shared/cast.js';
import { finding } from './shared/finding.js';
import { asObject, badPath, copyOf, lastStep } from './shared/paths.js';

const closed = { additionalProperties: false };
const field = (title: string, description?: string) => Field.field({ title, ...(description && { description }) });

const config = Type.Object(
  {
    steps: Type.Array(
      Type.Union([
        Type.Object(
          {
            do: Type.Literal('set', { title: 'Set a field' }),
            field: Type.String({
              title: 'Field',
              description: 'New or existing. `customer.name` makes a field inside another.',
              minLength: 1,
              maxLength: 256,
            }),
            value: Field.expression({
              title: 'Value',
              description: 'A formula: what the field shall hold.',
              examples: ['quantity * price', 'lower(trim(email))'],
            }),
          },
          { ...closed, title: 'Set a field' },
        ),
        Type.Object(
          {
            do: Type.Literal('rename'),
            from: field('From', 'The name it has now.'),
            to: Type.String({ title: 'To', description: 'Its new name.', minLength: 1, maxLength: 256 }),
          },
          { ...closed, title: 'Rename a field' },
        ),
        Type.Object(
          {
            do: Type.Literal('drop'),
            fields: Field.fields({ title: 'Fields', description: 'They are taken out of the record.', minItems: 1 }),
          },
          { ...closed, title: 'Drop fields' },
        ),
        Type.Object(
          {
            do: Type.Literal('keep'),
            fields: Field.fields({
              title: 'Fields',
              description: 'All others are taken out of the record.',
              minItems: 1,
            }),
          },
          { ...closed, title: 'Keep only these fields' },
        ),
        Type.Object(
          {
            do: Type.Literal('cast'),
            field: field('Field'),
            to: Type.Enum([...CAST_TYPES], {
              title: 'To',
              description:
                'integer: a whole number. boolean: true or false, also read from yes and no. time: milliseconds since 1970. decimal: a number with a set count of decimal places, exact to the last one.',
            }),
            scale: Type.Optional(
              Type.Integer({
                title: 'Decimal places',
                description: 'For decimals; default 2.',
                minimum: 0,
                maximum: 18,
              }),
            ),
            unit: Type.Optional(
              Type.Union([Type.Literal('ms'), Type.Literal('s')], {
                title: 'Unit of numbers',
                description: 'For times; default ms.',
              }),
            ),
            zone: Type.Optional(
              Type.String({
                title: 'Time zone',
                description: 'Of times written without one; default: the time zone of the workflow.',
                'x-ui': { widget: 'timezone' },
              }),
            ),
            onFail: Type.Optional(
              Type.Union([Type.Literal('error'), Type.Literal('null')], {
                title: 'If it does not fit',
                description:
                  'error (the default): the record is put aside as a dead letter, with the reason. null: the field becomes empty.',
              }),
            ),
          },
          { ...closed, title: 'Change the type of a field' },
        ),
      ]),
      {
        title: 'Steps',
        description: 'Done in order; a step sees what the ones before it made.',
        minItems: 1,
        maxItems: 100,
      },
    ),
  },
  closed,
);
type Config = Static<typeof config>;

function namesOf(step: Step): string[] {
  switch (step.do) {
    case 'rename':
      return [step.from, step.to];
    case 'drop':
    case 'keep':
      return step.fields;
    default:
      return [step.field];
  }
}

function lint({ steps }: Config): ConfigFinding[] {
  const found: ConfigFinding[] = [];
  steps.forEach((step: Step, i) => {
    for (const name of namesOf(step)) {
      if (badPath(name)) {
        found.push(
          finding(
            'FIELD_NAME',
            `/steps/${i}`,
            `"${name}" cannot be a field name; write names separated by single dots.`,
            { name },
          ),
        );
      }
    }
  });
  return found;
}

const CAST_FIELD_TYPES: Record<CastType, FieldType> = {
  text: 'text',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
  time: 'time',
  decimal: 'number',
};

/** Field types after the steps. Nested paths only tell that their first step is an object. */
function typesAfter(steps: readonly Step[], input: RecordType | undefined): RecordType | undefined {
  const keeps = steps.findLastIndex((step) => step.do === 'keep');
  if (input === undefined && keeps < 0) return undefined;
  const fields = new Map<string, FieldType>(Object.entries(input?.fields ?? {}));
  let open = input?.open ?? true;
  const set = (path: string, type: FieldType) =>
    path.includes('.') ? fields.set(path.slice(0, path.indexOf('.')), 'object') : fields.set(path, type);
  for (const step of steps) {
    if (step.do === 'set') {
      const type = computedType(step.value, { fields: Object.fromEntries(fields), open });
      set(step.field, type);
      if (type === 'personal') fields.set(step.field, type);
    } else if (step.do === 'cast') {
      if (fields.get(step.field) !== 'personal') set(step.field, CAST_FIELD_TYPES[step.to]);
    } else if (step.do === 'drop') for (const name of step.fields) fields.delete(name);
    else if (step.do === 'rename') {
      const type = fields.get(step.from);
      if (type !== undefined || open) set(step.to, type ?? 'any');
      fields.delete(step.from);
    } else {
      const kept = step.fields.map(
        (path) => [path.split('.')[0]!, path.includes('.') ? 'object' : (fields.get(path) ?? 'any')] as const,
      );
      const tagged = [...fields].filter(
        ([name, type]) =>
          type === 'personal' && step.fields.some((path) => name === path || name.startsWith(`${path}.`)),
      );
      fields.clear();
      for (const [name, type] of [...kept, ...tagged]) fields.set(name, type);
      open = false;
    }
  }
  return { ...input, fields: Object.fromEntries(fields), open };
}

/** Key fields of an upsert stream follow renames. A key field that is dropped stays named, so that the graph's check can miss it. */
function keyAfter(steps: readonly Step[], mode: OutputMode): OutputMode {
  if (mode.mode === 'append') return mode;
  let key = mode.key;
  for (const step of steps) if (step.do === 'rename') key = key.map((name) => (name === step.from ? step.to : name));
  return { mode: 'upsert', key };
}

const VERBS: Record<Step['do'], string> = {
  set: 'set',
  rename: 'rename',
  drop: 'drop',
  keep: 'keep only',
  cast: 'convert',
};

function words(step: Step): string {
  if (step.do === 'rename') return `rename ${step.from} to ${step.to}`;
  if (step.do === 'cast') return `${lastStep(step.field)} to ${step.to}`;
  return `${VERBS[step.do]} ${namesOf(step).join(', ')}`;
}

/** Adds, renames, removes and converts fields. The input value is never changed: what is touched is copied first. */
export const setFields = defineOperator({
  type: 'core.set-fields',
  version: 1,
  docs: {
    title: 'Set fields',
    summary: 'Adds, renames, removes and converts fields of a record.',
    description:
      'Steps run in order. A missing field stays missing when it is renamed, dropped or converted. `customer.name` names a field inside another; if a record has no `customer` yet, setting `customer.name` makes it.',
    category: 'shape',
    icon: 'edit',
    zh: { title: '设置字段', summary: '新增、重命名、删除或转换记录的字段。' },
  },
  config,
  inputs: { in: {} },
  outputs: { out: {} },
  traits: { liveConfig: ['steps'] },
  lint,
  summary: ({ steps }: Config) => steps.map(words).join('; '),
  mode: ({ steps }: Config, inputs) => ({ out: keyAfter(steps, inputs.in ?? { mode: 'append' }) }),
  fields: ({ steps }: Config, inputs) => ({ out: typesAfter(steps, inputs.in) }),
  fieldsAt({ steps }: Config, inputs, pointer) {
    const step = /^\/steps\/(\d+)/.exec(pointer)?.[1];
    return step === undefined ? inputs.in : typesAfter(steps.slice(0, Number(step)), inputs.in);
  },
  examples: [
    {
      title: 'Revenue of an order line',
      config: { steps: [{ do: 'set', field: 'revenue', value: 'quantity * price' }] },
      input: [{ value: { sku: 'A', quantity: 3, price: 0.07 } }, { value: { sku: 'B', quantity: 1 } }],
      output: {
        out: [
          { sku: 'A', quantity: 3, price: 0.07, revenue: 0.21 },
          { sku: 'B', quantity: 1, revenue: null },
        ],
      },
    },
    {
      title: 'A shop export, cleaned',
      config: {
        steps: [
          { do: 'rename', from: 'OrderNo', to: 'order.id' },
          { do: 'cast', field: 'total', to: 'decimal', scale: 2 },
          { do: 'cast', field: 'paid', to: 'boolean', onFail: 'null' },
          { do: 'set', field: 'order.large', value: 'total >= 100' },
          { do: 'drop', fields: ['internal'] },
        ],
      },
      input: [{ value: { OrderNo: 17, total: '119.905', paid: 'YES', internal: 'x' } }],
      output: { out: [{ total: 119.91, paid: true, order: { id: 17, large: true } }] },
    },
    {
      title: 'Only what the next system needs',
      config: { steps: [{ do: 'keep', fields: ['id', 'customer.country'] }] },
      input: [{ value: { id: 1, customer: { name: 'Ada', country: 'DE' }, note: 'leave at the door' } }],
      output: { out: [{ id: 1, customer: { country: 'DE' } }] },
    },
  ],
  create({ config: { steps }, compile, timeZone }) {
    const applies: Apply[] = (steps as Step[]).map((step) =>
      compileStep(step.do === 'cast' ? { ...step, zone: step.zone ?? timeZone } : step, compile),
    );
    // A copy whose fields only change their value is cheapest as a spread.
    const grows = (steps as Step[]).some((step) => step.do !== 'cast');
    const only = applies.length === 1 ? applies[0] : undefined;
    return {
      onRecord(record, _port, ctx) {
        const value = asObject(record.value);
        let fields = grows ? copyOf(value) : { ...value };
        if (only !== undefined) fields = only(fields, record);
        else for (let i = 0; i < applies.length; i++) fields = applies[i]!(fields, record);
        ctx.emit('out', fields, record.time, record.op);
      },
    };
  },
});
