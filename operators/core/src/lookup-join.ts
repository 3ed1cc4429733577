import {
  type Behaviour,
  type ConfigFinding,
  defineOperator,
  durationMs,
  Field,
  fieldReader,
  type RecordType,
  type Setup,
  type Static,
  Type,
  type Value,
} from '@millrace/sdk';
import { joinKeyField, keyParts, lintKey } from './joins/keys.js';
import { AsyncLookup, DirectLookup, type LookupTarget } from './joins/lookup.js';
import { acceptValue, pairOf, protectLeft, resultFields, resultPath, resultTypes } from './joins/result.js';
import { fileTable, fixedTable } from './joins/table.js';
import { finding, warning } from './shared/finding.js';

const fromFile = { advanced: true };

const config = Type.Object(
  {
    key: joinKeyField('in', 'Key', 'Fields of the record, or expressions, that are looked up.'),
    tableKey: Type.Array(Type.String({ minLength: 1, maxLength: 256 }), {
      title: 'Key of the table',
      description: 'As many fields of a row as the key has, in the same order.',
      minItems: 1,
      maxItems: 16,
    }),
    rows: Type.Optional(
      Type.Array(Type.Record(Type.String(), Type.Any()), {
        title: 'Rows',
        description: 'A small table, written here.',
        maxItems: 10_000,
        examples: [[{ country: 'DE', vat: 19 }]],
      }),
    ),
    path: Type.Optional(
      Type.String({
        title: 'File',
        description:
          'A table in a file: CSV (values between commas) with a header line, or one row per line in JSON, written as the rows above.',
        minLength: 1,
        maxLength: 4096,
        'x-ui': { widget: 'path' },
      }),
    ),
    format: Type.Optional(
      Type.Enum(['auto', 'csv', 'ndjson'], {
        title: 'Format',
        description: 'auto: CSV if the name ends in .csv.',
        default: 'auto',
        'x-ui': fromFile,
      }),
    ),
    numbers: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 256 }), {
        title: 'Columns with numbers',
        description: 'All other columns of a CSV file are text. A number never equals a text.',
        'x-ui': fromFile,
      }),
    ),
    refresh: Type.Optional(
      Field.duration({
        title: 'Look for changes every',
        description: 'The file is read again when it has changed. Default: read once, at the start.',
        examples: ['5 min'],
        ui: fromFile,
      }),
    ),
    type: Type.Optional(
      Type.Enum(['inner', 'left'], {
        title: 'Keep',
        description: 'inner: records that are found in the table. left: all records.',
        default: 'inner',
      }),
    ),
    ...resultFields,
  },
  { additionalProperties: false },
);
type Config = Static<typeof config>;

function lint(options: Config): ConfigFinding[] {
  const { key, tableKey, rows, path, refresh } = options;
  const found = lintKey(key, '/key');
  if (key.length !== tableKey.length) {
    found.push(
      finding('JOIN_KEYS_DIFFER', '/tableKey', 'The key of the table needs as many fields as the key of the record.', {
        left: key.length,
        right: tableKey.length,
      }),
    );
  }
  if ((rows === undefined) === (path === undefined)) {
    found.push(finding('LOOKUP_TABLE', rows ? '/path' : '/rows', 'Give either rows or a file.'));
  }
  rows?.forEach((row, i) => {
    const missing = tableKey.find((field) => fieldReader(field)(row) === null);
    if (missing === undefined) return;
    found.push(
      warning('LOOKUP_ROW_KEY', `/rows/${i}`, `The row has no "${missing}", so nothing finds it.`, { field: missing }),
    );
  });
  if (refresh !== undefined && (path === undefined || durationMs(refresh) <= 0)) {
    found.push(finding('LOOKUP_REFRESH', '/refresh', 'Only a file can be looked at again, after more than 0.'));
  }
  return found;
}

const TYPES: { [type: string]: RecordType['fields'][string] } = {
  string: 'text',
  number: 'number',
  boolean: 'boolean',
};

/** Field types of the rows that the config holds; unknown for a file. */
function typeOfRows(rows: readonly Value[] | undefined): RecordType | undefined {
  if (rows === undefined) return undefined;
  const fields: { [name: string]: RecordType['fields'][string] } = {};
  for (const row of rows) {
    for (const [name, value] of Object.entries(row)) {
      const type = value === null ? undefined : (TYPES[typeof value] ?? (Array.isArray(value) ? 'list' : 'object'));
      fields[name] = type === undefined ? (fields[name] ?? 'any') : (fields[name] ?? type) === type ? type : 'any';
    }
  }
  return { fields, open: false };
}

function tableOf({ config: options, services, clock }: Setup<Config>): LookupTarget {
  const readers = options.tableKey.map(fieldReader);
  const keyOf = (row: Value) => readers.map((read) => read(row));
  const { path, format = 'auto' } = options;
  if (path === undefined) return fixedTable(options.rows ?? [], keyOf);
  const kind = format !== 'auto' ? format : path.toLowerCase().endsWith('.csv') ? 'csv' : 'ndjson';
  return fileTable({
    path: services.resolvePath(path),
    name: path,
    format: { kind, numbers: options.numbers ?? [] },
    keyOf,
    refresh: options.refresh === undefined ? undefined : durationMs(options.refresh),
    clock,
  });
}

const LIMITS = { concurrency: 16, timeout: 10_000, retries: 4, backoff: 100 };

/**
 * Adds the rows of a table to each record: by value, at the moment the record is worked on. The table does not trigger anything. Records stay in
 * order. When a file that should be looked at again cannot be read, the lookup is repeated, and then fails the record.
 */
export const lookupJoin = defineOperator({
  type: 'core.lookup-join',
  version: 1,
  docs: {
    title: 'Look up',
    summary: 'Adds what a table knows about a record.',
    description: `The tax rate of a country, the name of a product. The table is written in the settings or read from a file. A record that fits several rows comes out several times (when what comes in is a table itself, let each key have one row only). Records with an empty key are not found.

Where the settings say "left", they mean the record that comes in; "right" is the row that was found.`,
    category: 'combine',
    icon: 'table-import',
    zh: { title: '查表关联', summary: '用一张表中的内容补充每条记录。' },
  },
  config,
  inputs: { in: {} },
  outputs: { out: {} },
  traits: { deterministic: false, fanOut: 'many' },
  lint,
  summary: ({ key, path, rows }: Config) => `${keyParts(key).join(', ')} in ${path ?? `${rows?.length ?? 0} rows`}`,
  mode: (options: Config, inputs) => ({
    out:
      inputs.in?.mode === 'upsert'
        ? { mode: 'upsert', key: inputs.in.key.map((path) => resultPath(options, 'left', path)) }
        : { mode: 'append' },
  }),
  fields: (options: Config, inputs) => ({ out: resultTypes(options, inputs.in, typeOfRows(options.rows)) }),
  examples: [
    {
      title: 'Tax rate of the country',
      config: {
        key: ['country'],
        tableKey: ['country'],
        rows: [
          { country: 'DE', vat: 19 },
          { country: 'FR', vat: 20 },
        ],
        type: 'left',
      },
      input: [
        { value: { order: 1, country: 'FR' } },
        { value: { order: 2, country: 'XX' } },
        { value: { order: 3, country: 'DE' } },
      ],
      output: {
        out: [
          { order: 1, country: 'FR', vat: 20 },
          { order: 2, country: 'XX' },
          { order: 3, country: 'DE', vat: 19 },
        ],
      },
    },
    {
      title: 'A prize draw: orders whose last two digits are in a file',
      config: { key: [{ value: 'order % 100' }], tableKey: ['digits'], path: 'prizes.csv', numbers: ['digits'] },
      files: { 'prizes.csv': 'digits,prize\n7,mug\n9,"pen, blue"\n' },
      input: [{ value: { order: 207 } }, { value: { order: 208 } }, { value: { order: 9 } }],
      output: {
        out: [
          { order: 207, digits: 7, prize: 'mug' },
          { order: 9, digits: 9, prize: 'pen, blue' },
        ],
      },
    },
  ],
  create(setup: Setup<Config>): Behaviour {
    const { config: options, compile, clock, inputModes } = setup;
    const mode = inputModes?.in ?? { mode: 'append' };
    const lookup = {
      target: tableOf(setup),
      key: keyParts(options.key).map(compile),
      keep: options.type === 'left',
      pair: mode.mode === 'upsert' ? protectLeft(pairOf(options), options, mode.key) : pairOf(options),
      accept: acceptValue(options),
    };
    return options.refresh === undefined ? new DirectLookup(lookup) : new AsyncLookup(lookup, { ...LIMITS, clock });
  },
});
