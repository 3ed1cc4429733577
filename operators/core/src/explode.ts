import {
  type ConfigFinding,
  defineOperator,
  Field,
  fieldReader,
  MillraceError,
  type RecordType,
  type Static,
  Type,
  type Value,
} from '@millrace/sdk';
import { finding } from './shared/finding.js';
import { asObject, badPath, copyOf, dropPath, type Fields, kindOf, setPath, without } from './shared/paths.js';

const config = Type.Object(
  {
    list: Field.field({ title: 'List field', description: 'The field that holds the list.' }),
    keep: Type.Optional(
      Type.Enum(['all', 'element'], {
        title: 'Keep',
        description: 'all: the other fields of the record and the element. element: the element only.',
        default: 'all',
      }),
    ),
    as: Type.Optional(
      Type.String({
        title: 'Element field',
        description:
          'Field that gets the element. Default: the list field; with "element only", the element is the record.',
        minLength: 1,
        maxLength: 256,
      }),
    ),
    spread: Type.Optional(
      Type.Boolean({
        title: "Put the element's fields beside the others",
        description:
          'For lists whose elements have fields themselves, such as order lines. Of two fields with the same name, that of the element stays.',
        default: false,
      }),
    ),
    index: Type.Optional(
      Type.String({
        title: 'Index field',
        description: 'Field that gets the place in the list, from 0.',
        minLength: 1,
        maxLength: 256,
      }),
    ),
    keepEmpty: Type.Optional(
      Type.Boolean({
        title: 'Keep records without elements',
        description: 'An empty or missing list gives one record whose element is empty (null).',
        default: false,
      }),
    ),
  },
  { additionalProperties: false },
);
type Config = Static<typeof config>;

function lint({ list, as, index, spread }: Config): ConfigFinding[] {
  const found: ConfigFinding[] = [];
  for (const [name, path] of [
    [list, '/list'],
    [as, '/as'],
    [index, '/index'],
  ] as const) {
    if (name !== undefined && badPath(name)) {
      found.push(
        finding('FIELD_NAME', path, `"${name}" cannot be a field name; write names separated by single dots.`, {
          name,
        }),
      );
    }
  }
  if (spread && as !== undefined) {
    found.push(
      finding(
        'EXPLODE_AS_AND_SPREAD',
        '/as',
        "Either name a field for the element or put the element's fields beside the others, not both.",
      ),
    );
  }
  if (index !== undefined && index === (as ?? (spread ? undefined : list))) {
    found.push(
      finding('FIELD_TWICE', '/index', `The index and the element cannot both be "${index}".`, { name: index }),
    );
  }
  return found;
}

function types({ list, keep, as, spread, index }: Config, input: RecordType | undefined): RecordType | undefined {
  if (keep === 'element' || spread || list.includes('.')) return undefined;
  if (input === undefined) return undefined;
  const { [list]: _list, ...others } = input.fields;
  return {
    ...input,
    fields: { ...others, [as ?? list]: 'any', ...(index !== undefined && { [index]: 'number' as const }) },
  };
}

/** Makes the record of one element; `fields` is what the record has besides the list, never changed here. */
function shaper({
  list,
  keep,
  as,
  spread,
  index,
}: Config): (fields: Fields, element: Value, i: number | null) => Value {
  const place = index?.split('.');
  const withIndex = (fields: Fields, i: number | null): Fields => {
    if (place !== undefined) setPath(fields, place, i);
    return fields;
  };
  if (spread) {
    const all = keep !== 'element';
    return (fields, element, i) => {
      const own = element === null ? {} : asObject(element, `An element of "${list}"`);
      return withIndex(all ? copyOf(fields, own) : copyOf(own), i);
    };
  }
  if (keep === 'element') {
    if (as !== undefined) {
      const target = as.split('.');
      return (_fields, element, i) => {
        const made: Fields = {};
        setPath(made, target, element);
        return withIndex(made, i);
      };
    }
    if (place === undefined) return (_fields, element) => element;
    return (_fields, element, i) =>
      withIndex(element === null ? {} : copyOf(asObject(element, `An element of "${list}"`)), i);
  }
  const target = (as ?? list).split('.');
  return (fields, element, i) => {
    const made = copyOf(fields);
    setPath(made, target, element);
    return withIndex(made, i);
  };
}

/** Turns a record with a list into one record per element. */
export const explode = defineOperator({
  type: 'core.explode',
  version: 1,
  docs: {
    title: 'Explode a list',
    summary: 'Makes one record of every element of a list, such as the lines of an order.',
    description:
      'Each element, such as a line of an order, can then be counted by itself. A record whose list is empty or missing ends here, unless it is to be kept. A record whose field is no list is put aside as a dead letter.',
    category: 'shape',
    icon: 'list-details',
    zh: { title: '展开列表', summary: '把列表中的每个元素变成一条记录，例如订单的各条明细。' },
  },
  config,
  inputs: { in: { accepts: 'append' } },
  outputs: { out: {} },
  traits: { fanOut: 'many' },
  lint,
  summary: ({ list }: Config) => `One record per element of ${list}`,
  fields: (options: Config, inputs) => ({ out: types(options, inputs.in) }),
  examples: [
    {
      title: 'Lines of an order',
      config: { list: 'lines', as: 'line', index: 'lineNo' },
      input: [
        {
          value: {
            order: 7,
            lines: [
              { sku: 'A', qty: 2 },
              { sku: 'B', qty: 1 },
            ],
          },
        },
        { value: { order: 8, lines: [] } },
      ],
      output: {
        out: [
          { order: 7, line: { sku: 'A', qty: 2 }, lineNo: 0 },
          { order: 7, line: { sku: 'B', qty: 1 }, lineNo: 1 },
        ],
      },
    },
    {
      title: 'The fields of a line beside those of the order',
      config: { list: 'lines', spread: true },
      input: [
        {
          value: {
            order: 7,
            lines: [
              { sku: 'A', qty: 2 },
              { sku: 'B', qty: 1 },
            ],
          },
        },
      ],
      output: {
        out: [
          { order: 7, sku: 'A', qty: 2 },
          { order: 7, sku: 'B', qty: 1 },
        ],
      },
    },
    {
      title: 'Tags only, and orders without tags kept',
      config: { list: 'tags', keep: 'element', as: 'tag', keepEmpty: true },
      input: [{ value: { order: 7, tags: ['gift', 'new'] } }, { value: { order: 8 } }],
      output: { out: [{ tag: 'gift' }, { tag: 'new' }, { tag: null }] },
    },
  ],
  create({ config: options }) {
    const read = fieldReader(options.list);
    const shape = shaper(options);
    const rest = otherFields(options);
    return {
      onRecord(record, _port, ctx) {
        const found = read(record.value);
        if (found !== null && !Array.isArray(found)) {
          throw new MillraceError(`"${options.list}" holds ${kindOf(found)}, not a list.`, {
            code: 'NOT_A_LIST',
            params: { field: options.list, found: kindOf(found) },
            hint: 'Choose the field that holds the list, or split a text first.',
          });
        }
        if (found === null || found.length === 0) {
          if (!options.keepEmpty) ctx.filtered();
          else ctx.emit('out', shape(rest(record.value), null, null), record.time, record.op);
          return;
        }
        const fields = rest(record.value);
        for (let i = 0; i < found.length; i++)
          ctx.emit('out', shape(fields, found[i] ?? null, i), record.time, record.op);
      },
    };
  },
});

/** What a record has besides its list: not needed at all, as it is (the element takes the list's place), or without the list. */
function otherFields({ list, keep, as, spread }: Config): (value: Value) => Fields {
  if (keep === 'element') return () => ({});
  if (as === undefined && !spread) return (value) => asObject(value);
  const steps = list.split('.');
  const top = new Set([list]);
  if (steps.length === 1) return (value) => without(asObject(value), top);
  return (value) => {
    const copy = copyOf(asObject(value));
    dropPath(copy, steps);
    return copy;
  };
}
