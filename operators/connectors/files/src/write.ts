import {
  type Context,
  defineOperator,
  type ListState,
  MillraceError,
  type Setup,
  type Static,
  type StreamRecord,
  Type,
  type ValueState,
} from '@millrace/sdk';
import { formatOf } from './format.js';
import { GzipMembers } from './gzip-members.js';
import { ResultFile, type Written } from './result-file.js';
import { csvRows, ndjsonRows, type RowWriter } from './row-writer.js';

const config = Type.Object(
  {
    path: Type.String({
      title: 'File',
      description: 'Where the result goes. A name ending in .gz is packed. Folders are made as needed.',
      minLength: 1,
      maxLength: 1024,
      examples: ['revenue.ndjson', 'out/revenue.csv.gz'],
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
          columns: Type.Optional(
            Type.Array(Type.String({ minLength: 1, maxLength: 256, 'x-field': true }), {
              title: 'Columns',
              description:
                'Fields to write, in this order; `customer.name` is the field `name` inside `customer`. Default: the fields of the first record, and later ones must have no others.',
              minItems: 1,
              maxItems: 10_000,
              uniqueItems: true,
              'x-ui': { widget: 'fields' },
            }),
          ),
          delimiter: Type.Optional(
            Type.String({
              title: 'Delimiter',
              description: 'Default: a comma, a tab for .tsv.',
              minLength: 1,
              maxLength: 1,
              pattern: '^[\\t -~]$',
              examples: [';'],
            }),
          ),
          header: Type.Optional(Type.Boolean({ title: 'First line names the columns', default: true })),
          spreadsheetSafe: Type.Optional(
            Type.Boolean({
              title: 'Safe for spreadsheets',
              description:
                "Puts an apostrophe before texts that a spreadsheet would run as a formula (those that begin with = + - @, tab or return). Switch on when people open the file; off, programs read exactly the records' texts.",
              default: false,
            }),
          ),
        },
        { title: 'CSV', additionalProperties: false, 'x-ui': { when: { property: 'format', in: ['csv', 'auto'] } } },
      ),
    ),
    changes: Type.Optional(
      Type.Union([Type.Literal('values'), Type.Literal('with-op')], {
        title: 'Changes of a table',
        description:
          'Values: each new version of a row is written, deletes are left out. With op: every record with what it does, as {"op":"upsert","value":…} or in a first column op (upsert: a row is new or changed; delete: it was removed).',
        default: 'values',
        'x-ui': { advanced: true },
      }),
    ),
    fsync: Type.Optional(
      Type.Boolean({
        title: 'Survive a power cut',
        description:
          'Waits until the disk has everything before it counts as done. Off, a crash of the program is still harmless, but after a power cut records may be missing.',
        default: true,
        'x-ui': { advanced: true },
      }),
    ),
  },
  { additionalProperties: false },
);
type Config = Static<typeof config>;

/** What a commit keeps of the file. */
interface Kept extends Written {
  /** The path in the config, and how rows are laid out: a new version of the workflow may change them. */
  path: string;
  layout: string;
  /** Columns of a CSV file, once its header is written. */
  columns?: readonly string[];
}

interface State {
  file: ValueState<Kept>;
  /** Plain bytes of a .gz file that are in no member yet. */
  uncut: ListState<Uint8Array>;
}

/** Characters collected before they become bytes: long enough to be quick, short enough to stay in the cache. */
const TEXT_CHARS = 64 * 1024;

class FileSink {
  readonly #setup: Setup<Config>;
  readonly #dropsDeletes: boolean;
  #file: ResultFile | undefined;
  #rows: RowWriter | undefined;
  #members: GzipMembers | undefined;
  #text = '';
  #bytes = Buffer.alloc(0);
  /** Length at the last commit. */
  #committed = -1;
  #committedColumns: readonly string[] | undefined;

  constructor(setup: Setup<Config>) {
    this.#setup = setup;
    this.#dropsDeletes = setup.config.changes !== 'with-op';
  }

  open({ state }: Context<State>): void | Promise<void> {
    const { path } = this.#setup.config;
    const kept = state.file.get();
    if (kept === undefined || kept.path === path) return this.#begin(state, kept);
    // A new version of the workflow writes to another file: the one before is completed.
    return this.#complete(kept, state).then(() => this.#begin(state, undefined));
  }

  #begin(state: State, kept: Kept | undefined): void {
    const { config, services } = this.#setup;
    const { path } = config;
    if (kept !== undefined && kept.layout !== layoutOf(config)) throw otherLayout(path);
    const absolute = services.resolvePath(path);
    this.#file =
      kept === undefined
        ? ResultFile.claim(path, absolute, services.overwrite)
        : ResultFile.resume(path, absolute, kept);
    this.#rows = rowWriter(config, kept?.columns);
    if (formatOf(path).gzip) this.#members = new GzipMembers(state.uncut.get());
    if (kept === undefined) this.#keep(state);
    this.#committed = this.#file.length;
    this.#committedColumns = kept?.columns;
  }

  /** Writes what a packed file still lacks. After a crash before the next commit it is done again, with the same bytes. */
  async #complete(kept: Kept, state: State): Promise<void> {
    const uncut = state.uncut.get();
    if (uncut.length === 0) return;
    const file = ResultFile.resume(kept.path, this.#setup.services.resolvePath(kept.path), kept);
    try {
      const members = new GzipMembers(uncut);
      members.finish(file.length === 0);
      for (const packed of await members.packed()) file.append(packed);
      await file.sync();
    } finally {
      file.close();
    }
    state.uncut.clear();
  }

  onRecord(record: StreamRecord, _port: string, ctx: Context<State>): void {
    if (record.op === 'delete' && this.#dropsDeletes) {
      ctx.filtered();
      return;
    }
    this.#text += this.#rows!.row(record);
    if (this.#text.length >= TEXT_CHARS) this.#encode();
  }

  /** Text becomes bytes; bytes go to the file, behind what is committed, or into a gzip member. */
  #encode(): void {
    if (this.#text === '') return;
    if (this.#bytes.length < this.#text.length * 3) this.#bytes = Buffer.allocUnsafeSlow(this.#text.length * 3 + 1024);
    const bytes = this.#bytes.subarray(0, this.#bytes.write(this.#text));
    this.#text = '';
    if (this.#members !== undefined) this.#members.add(bytes);
    else this.#append([bytes]);
  }

  #append(parts: readonly Buffer[]): void {
    this.#file!.checkAlone();
    for (const part of parts) this.#file!.append(part);
  }

  prepareCommit({ state }: Context<State>): void | Promise<void> {
    this.#encode();
    const members = this.#members;
    if (members !== undefined && !members.isIdle()) return this.#commitMembers(members, state);
    if (this.#file!.length === this.#committed && this.#rows!.columns === this.#committedColumns) return;
    return this.#commit(state);
  }

  async #commitMembers(members: GzipMembers, state: State): Promise<void> {
    const packed = await members.packed();
    if (packed.length > 0) this.#append(packed);
    members.store(state.uncut);
    await this.#commit(state);
  }

  async #commit(state: State): Promise<void> {
    if (this.#setup.config.fsync !== false && this.#file!.length !== this.#committed) await this.#file!.sync();
    this.#keep(state);
    this.#committed = this.#file!.length;
    this.#committedColumns = this.#rows!.columns;
  }

  #keep(state: State): void {
    const { columns } = this.#rows!;
    const { length, tailChecksum: tail } = this.#file!;
    const { config } = this.#setup;
    state.file.set({
      path: config.path,
      layout: layoutOf(config),
      length,
      tail,
      ...(columns === undefined ? {} : { columns }),
    });
  }

  finish(): void {
    this.#text += this.#rows!.empty();
    this.#encode();
    this.#members?.finish(this.#file!.length === 0);
  }

  close(): void {
    this.#file?.close();
    this.#file = undefined;
  }
}

/** What must stay the same for rows to go on in a file. */
function layoutOf({ path, format: set, csv, changes = 'values' }: Config): string {
  const { format, tabs } = formatOf(path, set);
  if (format === 'ndjson') return `ndjson ${changes}`;
  const { delimiter = tabs ? '\t' : ',', header = true, columns = null, spreadsheetSafe = false } = csv ?? {};
  return `csv ${changes} ${JSON.stringify([delimiter, header, columns, spreadsheetSafe])}`;
}

function otherLayout(path: string): MillraceError {
  return new MillraceError(`"${path}" was begun with another format or other columns than are set now.`, {
    code: 'RESULT_LAYOUT_CHANGED',
    params: { file: path },
    hint: 'Give the new version of the workflow a file of its own.',
  });
}

function rowWriter({ path, format: set, csv, changes }: Config, kept: readonly string[] | undefined): RowWriter {
  const { format, tabs } = formatOf(path, set);
  const withOp = changes === 'with-op';
  if (format === 'ndjson') return ndjsonRows(withOp);
  const delimiter = csv?.delimiter ?? (tabs ? '\t' : ',');
  const header = csv?.header ?? true;
  return csvRows(
    { delimiter, header, columns: csv?.columns, spreadsheetSafe: csv?.spreadsheetSafe ?? false, withOp },
    kept,
  );
}

/** Writes records to a file: NDJSON or CSV, packed or not, the same bytes whatever happens on the way. */
export const write = defineOperator<typeof config, State>({
  type: 'files.write',
  version: 1,
  docs: {
    title: 'Write a file',
    summary: 'Writes records to a file: CSV for spreadsheets, or JSON.',
    description: `For people, choose a name that ends in .csv and switch on "Safe for spreadsheets"; for programs, .ndjson. Nothing is lost or doubled: after a crash the file is cut back to the last place that is certain, and writing goes on from there. So while a run goes on, whoever reads the file may see lines at its end that are cut back later.

A name that ends in .gz packs the file; every gzip program unpacks it. (It consists of parts of 1 MiB of plain text, which these programs read as one.) The same records give the same file to the last byte, however often the run was stopped.

A workflow that is started anew in the editor replaces the file of its last run. In a terminal such a file is refused, unless the run is started with \`--overwrite\`.`,
    category: 'sink',
    icon: 'file-export',
    zh: { title: '写入文件', summary: '把记录写入文件：供电子表格使用的 CSV，或 JSON。' },
  },
  config,
  inputs: { in: {} },
  outputs: {},
  state: {
    file: { kind: 'value', version: 1, scope: 'task' },
    uncut: { kind: 'list', version: 1, scope: 'task' },
  },
  traits: { parallelism: 'single' },
  summary: ({ path }) => path,
  examples: [
    {
      title: 'One JSON value per line',
      config: { path: 'out/paid.ndjson' },
      input: [{ value: { id: 1, total: 20.5 } }, { value: { id: 2, name: 'Zoë "Z"' } }],
      expectFiles: { 'out/paid.ndjson': '{"id":1,"total":20.5}\n{"id":2,"name":"Zoë \\"Z\\""}\n' },
    },
    {
      title: 'CSV with chosen columns',
      config: { path: 'paid.csv', csv: { columns: ['id', 'customer.name', 'note'] } },
      input: [
        { value: { id: 1, customer: { name: 'Ada, Ltd.' }, note: null, total: 3 } },
        { value: { id: 2, customer: { name: 'Bo' }, note: 'two\nlines' } },
      ],
      expectFiles: { 'paid.csv': 'id,customer.name,note\n1,"Ada, Ltd.",\n2,Bo,"two\nlines"\n' },
    },
    {
      title: 'A table with its changes',
      config: { path: 'stock.ndjson', changes: 'with-op' },
      inputModes: { in: { mode: 'upsert', key: ['sku'] } },
      input: [
        { value: { sku: 'A', stock: 4 }, op: 'upsert' },
        { value: { sku: 'A', stock: 4 }, op: 'delete' },
      ],
      expectFiles: {
        'stock.ndjson':
          '{"op":"upsert","value":{"sku":"A","stock":4}}\n{"op":"delete","value":{"sku":"A","stock":4}}\n',
      },
    },
  ],
  create(setup) {
    return new FileSink(setup);
  },
});
