import {
  type ConfigFinding,
  defineSource,
  EventTime,
  isTimeZone,
  type SourceReader,
  type SourceSetup,
  type Static,
  Type,
  type Value,
} from '@millrace/sdk';
import { type ByteSource, PlainSource } from './byte-source.js';
import { CsvDecoder } from './csv-decoder.js';
import type { Decoder } from './decoder.js';
import { type FilePosition, FileReader } from './file-reader.js';
import { FollowSource } from './follow-source.js';
import { formatOf } from './format.js';
import { GzipSource } from './gzip-source.js';
import { NdjsonDecoder } from './ndjson-decoder.js';
import { openRegular, partitionsOf } from './open-file.js';
import { Throttle } from './throttle.js';

const cellTypes = [
  Type.Literal('text'),
  Type.Literal('number'),
  Type.Literal('boolean'),
  Type.Literal('time'),
] as const;
const fieldTypes = [
  ...cellTypes,
  Type.Literal('list'),
  Type.Literal('object'),
  Type.Literal('any'),
  Type.Literal('personal'),
] as const;
const oneChar = { minLength: 1, maxLength: 1, pattern: '^[\\t -~]$' };
const csvOnly = { when: { property: 'format', in: ['csv', 'auto'] } };

const config = Type.Object(
  {
    path: Type.String({
      title: 'File',
      description:
        'A file, or a pattern for several: * and ? stand for characters, ** for folders at any depth. Names ending in .gz are unpacked.',
      minLength: 1,
      maxLength: 1024,
      examples: ['orders.ndjson', 'data/2024-*/orders-*.csv.gz'],
      'x-ui': { widget: 'path' },
    }),
    format: Type.Optional(
      Type.Union([Type.Literal('auto'), Type.Literal('ndjson'), Type.Literal('csv')], {
        title: 'Format',
        description: 'Auto: .csv and .tsv are CSV, everything else has one JSON value per line.',
        default: 'auto',
      }),
    ),
    csv: Type.Optional(
      Type.Object(
        {
          delimiter: Type.Optional(
            Type.String({
              title: 'Delimiter',
              description: 'Default: a comma, a tab for .tsv.',
              ...oneChar,
              examples: [';'],
            }),
          ),
          quote: Type.Optional(
            Type.String({
              title: 'Quote',
              description: 'Stands around values that contain a delimiter or a line break.',
              default: '"',
              ...oneChar,
              'x-ui': { advanced: true },
            }),
          ),
          header: Type.Optional(Type.Boolean({ title: 'First line names the columns', default: true })),
          columns: Type.Optional(
            Type.Array(Type.String({ minLength: 1, maxLength: 256 }), {
              title: 'Column names',
              description:
                'For files without a header, or to rename the columns of one. Default without both: column1, column2, …',
              minItems: 1,
              maxItems: 10_000,
              uniqueItems: true,
            }),
          ),
          types: Type.Optional(
            Type.Record(Type.String(), Type.Union([...cellTypes]), {
              title: 'Types of columns',
              description:
                'What a column holds; all others are text. Numbers are written with a point: 1.5, not 1,5. Empty cells of columns that are no text become empty (null).',
              examples: [{ qty: 'number', paid: 'boolean', orderedAt: 'time' }],
            }),
          ),
        },
        { title: 'CSV', additionalProperties: false, 'x-ui': csvOnly },
      ),
    ),
    follow: Type.Optional(
      Type.Boolean({
        title: 'Follow',
        description:
          'Goes on reading as the file grows, also when it is renamed and begun anew, and never ends by itself.',
        default: false,
      }),
    ),
    rate: Type.Optional(
      Type.Number({
        title: 'At most',
        description: 'Records per second and file. Default: as fast as possible.',
        exclusiveMinimum: 0,
        maximum: 10_000_000,
        'x-ui': { unit: 'records/s', advanced: true },
      }),
    ),
    time: Type.Optional(EventTime),
    schema: Type.Optional(
      Type.Record(Type.String(), Type.Union([...fieldTypes]), {
        title: 'Fields',
        description:
          'Names and types of the fields, for the editor. Learnt from a sample; reading does not depend on it.',
        'x-ui': { advanced: true },
      }),
    ),
  },
  { additionalProperties: false },
);
type Config = Static<typeof config>;

function lint({ path, follow, time }: Config): ConfigFinding[] {
  const found: ConfigFinding[] = [];
  if (follow && formatOf(path).gzip) {
    found.push({
      code: 'FILE_FOLLOW_GZIP',
      path: '/follow',
      message: 'A gzip file cannot be followed while it grows.',
    });
  }
  if (time?.zone !== undefined && !isTimeZone(time.zone)) {
    found.push({
      code: 'TIME_ZONE_UNKNOWN',
      path: '/time/zone',
      params: { zone: time.zone },
      message: 'There is no such time zone.',
    });
  }
  return found;
}

function decoderOf(name: string, { format: set, csv, time }: Config): Decoder {
  const { format, tabs } = formatOf(name, set);
  if (format === 'ndjson') return new NdjsonDecoder(name);
  return new CsvDecoder(name, {
    delimiter: csv?.delimiter ?? (tabs ? '\t' : ','),
    quote: csv?.quote ?? '"',
    header: csv?.header ?? true,
    ...(csv?.columns === undefined ? {} : { columns: csv.columns }),
    ...(csv?.types === undefined ? {} : { types: csv.types }),
    zone: time?.zone ?? 'UTC',
  });
}

function openReader(name: string, from: FilePosition | undefined, setup: SourceSetup<Config>): SourceReader {
  const { config, services, clock, wake } = setup;
  const { follow = false, rate } = config;
  const absolute = services.resolvePath(name);
  let goOn = from;
  let source: ByteSource;
  if (follow) {
    const followed = new FollowSource({ path: absolute, name, clock, log: services.log, wake });
    if (from === undefined) followed.openFirst();
    else if (!followed.openAgain(from, from.offset)) goOn = undefined;
    source = followed;
  } else {
    const fd = openRegular(name, absolute, from);
    source = formatOf(name).gzip ? new GzipSource(fd, name) : new PlainSource(fd);
  }
  return new FileReader({
    name,
    source,
    decoder: decoderOf(name, config),
    ...(goOn === undefined ? {} : { from: goOn }),
    live: follow,
    ...(rate === undefined ? {} : { throttle: new Throttle(rate, clock) }),
    clock,
    wake,
  });
}

/** Reads files of records: NDJSON or CSV, packed or not, one or many, once or as they grow. */
export const read = defineSource({
  type: 'files.read',
  version: 1,
  docs: {
    title: 'Read files',
    summary: 'Reads records from files: CSV, as spreadsheets save it, or JSON.',
    description: `One record per line, written in JSON (NDJSON), or CSV with a header, as spreadsheets save it. From a spreadsheet save as "CSV UTF-8"; if it puts semicolons between the values, set "Delimiter" to \`;\`. Cells are text until "Types of columns" says which hold numbers, yes or no, or times. Several files are read side by side; a slow one holds up the results of a time until it has come past it.

A line that cannot be read becomes a dead letter with its file, line and place in the file (byte); reading goes on. Blank lines are passed over. Records longer than 1 MiB (about a million letters), letters that are not written in UTF-8, and CSV rows with too many or too few cells count as broken.

Very long numbers (whole ones with more than about 15 digits, exactly: beyond 2^53, and others with more than 17) are kept as text so that no digit is lost. When a JSON record has the same field twice, the last one counts.

**Follow** reads a file as it grows, such as one that another program adds to all day. When that program renames it and begins a new one in its place, the rest of the old file is read first; when the file is emptied, reading starts over. A program that copies the file and then empties it loses what is written in between: let it rename instead. When the name is a pattern (\`orders-*.csv\`), the files that are there at the start are followed.

A run that was stopped goes on at the exact place and checks that each file is still the same.`,
    category: 'source',
    icon: 'file-import',
    zh: { title: '读取文件', summary: '从文件读取记录：电子表格保存的 CSV，或 JSON。' },
  },
  config,
  outputs: { out: {} },
  summary: ({ path, follow }) => (follow ? `${path}, as it grows` : path),
  lint,
  fields: ({ schema }) => ({ out: schema === undefined ? undefined : { fields: schema, open: true } }),
  examples: [
    {
      title: 'One JSON value per line',
      config: { path: 'orders.ndjson' },
      files: { 'orders.ndjson': '{"id":1,"total":20.5}\n\n{"id":9007199254740993,"total":7}\n' },
      output: {
        out: [
          { id: 1, total: 20.5 },
          { id: '9007199254740993', total: 7 },
        ],
      },
    },
    {
      title: 'CSV with typed columns',
      config: { path: 'stock.csv', csv: { delimiter: ';', types: { qty: 'number', active: 'boolean' } } },
      files: { 'stock.csv': '\ufeffsku;qty;active;note\r\nA1;3;yes;"two;\nlines"\r\nB2;;no;\r\n' },
      output: {
        out: [
          { sku: 'A1', qty: 3, active: true, note: 'two;\nlines' },
          { sku: 'B2', qty: null, active: false, note: '' },
        ],
      },
    },
    {
      title: 'All files of a folder, in the order of their names',
      config: { path: 'shop/*.ndjson' },
      files: { 'shop/b.ndjson': '{"from":"b"}', 'shop/a.ndjson': '{"from":"a"}\n', 'shop/notes.txt': 'not read' },
      output: { out: [{ from: 'a' }, { from: 'b' }] },
    },
  ],
  create(setup) {
    const { services } = setup;
    const { path, follow = false } = setup.config;
    return {
      live: follow,
      partitions: () => partitionsOf(path, services, follow),
      open: (partition, position: Value | null) =>
        openReader(partition, (position as FilePosition | null) ?? undefined, setup),
    };
  },
});
