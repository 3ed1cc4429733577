import {
  type Behaviour,
  type ConfigFinding,
  defineOperator,
  durationMs,
  Field,
  MillraceError,
  type OutputMode,
  type Static,
  Type,
} from '@millrace/sdk';
import { joinKey, joinKeys, keyWords, lintJoinKeys } from './joins/keys.js';
import { AppendJoin, type RegularJoinState, TableJoin, type TableSide } from './joins/regular.js';
import {
  acceptValue,
  keepsSide,
  pairOf,
  protectLeft,
  resultFields,
  resultPath,
  resultTypes,
  typeWords,
} from './joins/result.js';
import { warning } from './shared/finding.js';

const config = Type.Object(
  {
    ...joinKeys,
    type: Type.Optional(
      Type.Enum(['inner', 'left', 'right', 'full'], {
        title: 'Keep',
        description:
          'inner: pairs only. left, right, full: also the records of that side (or both) that have no partner yet; they are replaced when one comes.',
        default: 'inner',
      }),
    ),
    leftId: Type.Optional(
      Field.fields({
        title: 'Left rows are told apart by',
        description:
          'The number of the record, such as the order number. Needed when results replace one another: a later left record with the same values replaces the earlier one. A table that comes in brings its own.',
        ui: { port: 'left' },
      }),
    ),
    rightId: Type.Optional(
      Field.fields({
        title: 'Right rows are told apart by',
        description: 'The same for right records.',
        ui: { port: 'right' },
      }),
    ),
    forgetAfter: Type.Optional(
      Field.duration({
        title: 'Forget a key after',
        description:
          'The rows of one side are forgotten when none came for their key for this long (by the clock); what was sent stays. Default: never.',
      }),
    ),
    ...resultFields,
  },
  { additionalProperties: false },
);
type Config = Static<typeof config>;
type Modes = { readonly [port: string]: OutputMode };

const APPEND: OutputMode = { mode: 'append' };

function lint(options: Config): ConfigFinding[] {
  const found = lintJoinKeys(options);
  if (options.forgetAfter === undefined || durationMs(options.forgetAfter) === 0) {
    found.push(
      warning(
        'JOIN_UNBOUNDED',
        '/forgetAfter',
        'Every record is kept for ever, so memory grows with the streams. Say when a key is forgotten, or use "Join in time".',
      ),
    );
  }
  return found;
}

const ttl = ({ forgetAfter }: Config) => (forgetAfter === undefined ? undefined : durationMs(forgetAfter) || undefined);

function isTable({ type = 'inner' }: Config, inputs: Modes): boolean {
  return type !== 'inner' || inputs.left?.mode === 'upsert' || inputs.right?.mode === 'upsert';
}

/** The fields that tell the rows of a side apart: the key of a table that comes in, otherwise what the config says. */
function idOf(options: Config, side: 'left' | 'right', inputs: Modes): readonly string[] {
  const input = inputs[side] ?? APPEND;
  return input.mode === 'upsert' ? input.key : ((side === 'left' ? options.leftId : options.rightId) ?? []);
}

function tableMode(options: Config, inputs: Modes): OutputMode {
  const names: string[] = [];
  for (const side of ['left', 'right'] as const) {
    for (const path of idOf(options, side, inputs)) {
      const name = resultPath(options, side, path);
      if (!names.includes(name)) names.push(name);
    }
  }
  return { mode: 'upsert', key: names };
}

/** Both sides need an id, and the ids must stay apart in the result unless the join makes them equal. */
function checkIds(options: Config, inputs: Modes): void {
  for (const side of ['left', 'right'] as const) {
    if (idOf(options, side, inputs).length > 0) continue;
    throw new MillraceError(
      `The results of this join replace one another, and nothing says what tells ${side} rows apart.`,
      {
        code: 'JOIN_ID_MISSING',
        params: { side },
        hint: `Set "${side === 'left' ? 'Left' : 'Right'} rows are told apart by" to fields that are different for every row.`,
      },
    );
  }
  const rightNames = new Set(idOf(options, 'right', inputs).map((path) => resultPath(options, 'right', path)));
  for (const path of idOf(options, 'left', inputs)) {
    const name = resultPath(options, 'left', path);
    if (!rightNames.has(name) || equalByKey(options, path, name)) continue;
    throw new MillraceError(`Both sides are told apart by a field that would be called "${name}" in the result.`, {
      code: 'JOIN_ID_COLLIDES',
      params: { field: name },
      hint: 'Give one side a prefix.',
    });
  }
}

function equalByKey(options: Config, leftPath: string, name: string): boolean {
  return options.leftKey.some((part, i) => {
    const right = options.rightKey[i];
    return part === leftPath && typeof right === 'string' && resultPath(options, 'right', right) === name;
  });
}

/**
 * Joins two streams by key, whatever their times. Without a kept side and with streams of facts on both sides the result is a stream of pairs.
 * Otherwise it is a table keyed by the ids of both sides: rows are replaced, and deleted, as the inputs change.
 */
export const join = defineOperator<typeof config, RegularJoinState>({
  type: 'core.join',
  version: 1,
  docs: {
    title: 'Join',
    summary: 'Pairs records of two streams that have the same key.',
    description: `For records that belong together however far apart in time, such as an order and all that comes for it later. (For what happens within hours use "Join in time", which forgets by itself; for what stands in a list, "Look up".)

Every record is kept and meets all later ones with the same key (the fields by which records belong together), so set when a key is forgotten. Of two streams of events the pairs are events too. When records without a partner are kept, or a table comes in, the result is a table, whose rows replace one another: an order without a payment is replaced when the payment comes. Records with an empty key match nothing.`,
    category: 'combine',
    icon: 'link',
    zh: { title: '关联', summary: '按键把两条流中的记录配对。' },
  },
  config,
  inputs: {
    left: { title: 'Left', description: 'On the left: one stream, such as orders.' },
    right: { title: 'Right', description: 'On the right: the other one, such as payments.' },
  },
  outputs: { out: {} },
  key: joinKey,
  traits: { partitioning: 'by-key', fanOut: 'many' },
  state: {
    leftRows: { kind: 'list', ttl },
    rightRows: { kind: 'list', ttl },
    left: { kind: 'map', ttl },
    right: { kind: 'map', ttl },
  },
  lint,
  summary: (options: Config) => `${keyWords(options)}, ${typeWords(options.type ?? 'inner')}`,
  mode: (options: Config, inputs) => {
    if (!isTable(options, inputs)) return { out: APPEND };
    checkIds(options, inputs);
    return { out: tableMode(options, inputs) };
  },
  fields: (options: Config, { left, right }) => ({ out: resultTypes(options, left, right) }),
  examples: [
    {
      title: 'Orders with their customer, whichever comes first',
      config: { leftKey: ['customer'], rightKey: ['id'], rightPrefix: 'customer_', forgetAfter: '1 d' },
      input: [
        { port: 'right', value: { id: 7, name: 'Ada' } },
        { port: 'left', value: { customer: 7, total: 10 } },
        { port: 'left', value: { customer: 8, total: 20 } },
        { port: 'left', value: { customer: 7, total: 30 } },
        { port: 'right', value: { id: 8, name: 'Bob' } },
      ],
      output: {
        out: [
          { customer: 7, total: 10, customer_id: 7, customer_name: 'Ada' },
          { customer: 7, total: 30, customer_id: 7, customer_name: 'Ada' },
          { customer: 8, total: 20, customer_id: 8, customer_name: 'Bob' },
        ],
      },
    },
    {
      title: 'Every order, with its payment as soon as there is one',
      config: {
        leftKey: ['order'],
        rightKey: ['order'],
        type: 'left',
        leftId: ['order'],
        rightId: ['payment'],
        forgetAfter: '30 d',
      },
      input: [
        { port: 'left', value: { order: 1, total: 30 } },
        { port: 'right', value: { payment: 'p1', order: 1 } },
        { port: 'right', value: { payment: 'p2', order: 2 } },
      ],
      output: {
        out: [
          { order: 1, total: 30 },
          { order: 1, total: 30 },
          { order: 1, total: 30, payment: 'p1' },
        ],
      },
    },
    {
      title: 'Products with their stock, while both change',
      config: { leftKey: ['sku'], rightKey: ['sku'], leftId: ['sku'], rightId: ['sku'], forgetAfter: '30 d' },
      inputModes: { left: { mode: 'upsert', key: ['sku'] }, right: { mode: 'upsert', key: ['sku'] } },
      input: [
        { port: 'left', value: { sku: 'A', name: 'Mug' }, op: 'upsert' },
        { port: 'right', value: { sku: 'A', stock: 5 }, op: 'upsert' },
        { port: 'right', value: { sku: 'A', stock: 4 }, op: 'upsert' },
        { port: 'left', value: { sku: 'A' }, op: 'delete' },
      ],
      output: {
        out: [
          { sku: 'A', name: 'Mug', stock: 5 },
          { sku: 'A', name: 'Mug', stock: 4 },
          { sku: 'A', name: 'Mug', stock: 4 },
        ],
      },
    },
  ],
  create({ config: options, inputModes = {} }): Behaviour<RegularJoinState> {
    const setup = { pair: pairOf(options), accept: acceptValue(options) };
    if (!isTable(options, inputModes)) return new AppendJoin(setup);
    checkIds(options, inputModes);
    const side = (name: 'left' | 'right'): TableSide => ({
      name,
      keep: keepsSide(options.type ?? 'inner', name),
      id: idOf(options, name, inputModes),
    });
    const left = side('left');
    const pair = protectLeft(setup.pair, options, left.id);
    return new TableJoin({ accept: setup.accept, pair, left, right: side('right') });
  },
});
