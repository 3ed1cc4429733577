import {
  type AnyOperator,
  type Catalogue,
  createCatalogue,
  defineOperator,
  defineSource,
  EventTime,
  Field,
  type TSchema,
  Type,
} from '@millrace/sdk';
import type { Finding, GraphDocument, GraphEdge, GraphNode } from '../document.js';
import { messageOf } from '../message.js';
import { validateGraph } from '../validate/index.js';

/** Operators that have one of everything the validator knows a rule about. Nothing of them runs. */
const behaviour = () => ({});
const docs = (title: string, category: 'source' | 'shape' | 'combine' | 'sink') =>
  ({ title, summary: `${title}.`, category }) as const;
const object = <T extends Record<string, TSchema>>(properties: T) =>
  Type.Object(properties, { additionalProperties: false });

export const orders = defineSource({
  type: 'shop.orders',
  version: 1,
  docs: docs('Orders', 'source'),
  config: object({
    path: Type.String({ minLength: 1 }),
    time: Type.Optional(EventTime),
    schema: Type.Optional(Type.Any()),
  }),
  outputs: { out: {} },
  examples: [{ title: 'orders', config: { path: 'orders.csv' } }],
  create: () => ({ partitions: () => ['0'], live: false, open: () => ({ poll: () => null }) }),
});

/** A source that knows its fields, and no others. */
export const stock = defineSource({
  type: 'shop.stock',
  version: 1,
  docs: docs('Stock', 'source'),
  config: object({}),
  outputs: { out: { kind: 'stock' } },
  fields: () => ({
    out: {
      fields: {
        sku: 'text',
        qty: 'number',
        price: 'number',
        active: 'boolean',
        tags: 'list',
        at: 'time',
        'Item No': 'text',
      },
      open: false,
    },
  }),
  examples: [{ title: 'stock', config: {} }],
  create: () => ({ partitions: () => ['0'], live: false, open: () => ({ poll: () => null }) }),
});

export const filter = defineOperator({
  type: 'test.filter',
  version: 1,
  docs: docs('Filter', 'shape'),
  config: object({ where: Field.expression({ title: 'Keep when', returns: 'boolean' }) }),
  inputs: { in: {} },
  outputs: { out: {} },
  fields: (_config, inputs) => ({ out: inputs.in }),
  examples: [{ title: 'all', config: { where: 'true' } }],
  create: behaviour,
});

export const set = defineOperator({
  type: 'test.set',
  version: 3,
  docs: docs('Set fields', 'shape'),
  config: object({
    fields: Type.Record(Type.String(), Field.expression({ title: 'Value' })),
    drop: Type.Optional(Field.fields({ title: 'Drop' })),
    steps: Type.Optional(
      Type.Array(
        Type.Union([
          object({ kind: Type.Literal('keep'), when: Field.expression({ title: 'When', returns: 'boolean' }) }),
          object({
            kind: Type.Literal('scale'),
            by: Type.Number(),
            places: Type.Integer({ default: 2, minimum: 0, maximum: 10 }),
          }),
        ]),
      ),
    ),
  }),
  upgrade: { 1: (config) => ({ assign: config.values }), 2: (config) => ({ fields: config.assign }) },
  inputs: { in: {} },
  outputs: { out: {} },
  examples: [{ title: 'one', config: { fields: { total: 'qty * price' } } }],
  create: behaviour,
});

export const count = defineOperator({
  type: 'test.count',
  version: 1,
  docs: docs('Running count', 'combine'),
  config: object({ key: Field.field({ title: 'Key' }) }),
  inputs: { in: {} },
  outputs: { out: {} },
  mode: ({ key }) => ({ out: { mode: 'upsert', key: [key] } }),
  fields: ({ key }, inputs) => ({
    out: { fields: { [key]: inputs.in?.fields[key] ?? 'any', count: 'number' }, open: false },
  }),
  examples: [{ title: 'by sku', config: { key: 'sku' } }],
  create: behaviour,
});

export const windowed = defineOperator({
  type: 'test.window',
  version: 1,
  docs: docs('Window sum', 'combine'),
  config: object({
    size: Field.duration({ title: 'Size' }),
    zone: Type.Optional(Type.String({ title: 'Time zone', 'x-ui': { widget: 'timezone' } })),
    emit: Type.Union([Type.Literal('final'), Type.Literal('early')], { default: 'final' }),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
    token: Type.Optional(Type.String({ pattern: '^[a-z]+$', 'x-ui': { widget: 'secret' } })),
  }),
  lint: ({ emit, limit }) =>
    emit === 'early' && limit === undefined
      ? [{ code: 'WINDOW_EARLY_LIMIT', path: '/limit', message: 'Early results need a limit. Set one.' }]
      : [],
  inputs: { in: { accepts: 'append' } },
  outputs: { out: {}, late: { side: true } },
  traits: { parallelism: 'single' },
  examples: [{ title: 'minute', config: { size: '1 min', emit: 'final' } }],
  create: behaviour,
});

export const join = defineOperator({
  type: 'test.join',
  version: 1,
  docs: docs('Join', 'combine'),
  config: object({ rightKey: Field.field({ title: 'Right key', ui: { port: 'right' } }) }),
  inputs: { left: { title: 'Left' }, right: { title: 'Right', kind: 'order' } },
  outputs: { out: {} },
  examples: [{ title: 'join', config: { rightKey: 'sku' } }],
  create: behaviour,
});

export const union = defineOperator({
  type: 'test.union',
  version: 1,
  docs: docs('Union', 'combine'),
  config: object({}),
  inputs: { in: { many: true } },
  outputs: { out: {} },
  fields: (_config, inputs) => ({ out: inputs.in }),
  examples: [{ title: 'union', config: {} }],
  create: behaviour,
});

export const route = defineOperator({
  type: 'test.route',
  version: 1,
  docs: docs('Route', 'shape'),
  config: object({ branches: Type.Array(Type.String(), { minItems: 1, maxItems: 3 }) }),
  inputs: { in: {} },
  outputs: ({ branches }: { branches: string[] }) => Object.fromEntries(branches.map((name) => [name, {}])),
  examples: [{ title: 'route', config: { branches: ['a'] } }],
  create: behaviour,
});

export const ticker = defineOperator({
  type: 'test.ticker',
  version: 1,
  docs: docs('Ticker', 'shape'),
  config: object({}),
  inputs: { in: { required: false } },
  outputs: { out: {} },
  examples: [{ title: 'tick', config: {} }],
  create: behaviour,
});

export const print = defineOperator({
  type: 'test.print',
  version: 1,
  docs: docs('Print', 'sink'),
  config: object({}),
  inputs: { in: {} },
  outputs: {},
  examples: [{ title: 'print', config: {} }],
  create: behaviour,
});

export const catalogue = createCatalogue([
  orders,
  stock,
  filter,
  set,
  count,
  windowed,
  join,
  union,
  route,
  ticker,
  print,
]);

export function catalogueWith(...more: AnyOperator[]): Catalogue {
  return createCatalogue([...catalogue.list(), ...more]);
}

/** A document of nodes (`id: operator` with config) and edges written `a>b`, `a.port>b.port`. */
export function graph(nodes: readonly GraphNode[], edges: readonly string[] = []): GraphDocument {
  return { schema: 1, name: 'test', nodes: [...nodes], edges: edges.map(edgeOf) };
}

function edgeOf(text: string, index: number): GraphEdge {
  const [from, to] = text.split('>') as [string, string];
  const [source, sourceHandle] = from.split('.') as [string, string?];
  const [target, targetHandle] = to.split('.') as [string, string?];
  return {
    id: `e${index + 1}`,
    source,
    ...(sourceHandle ? { sourceHandle } : {}),
    target,
    ...(targetHandle ? { targetHandle } : {}),
  };
}

export function node(id: string, operator: string, config?: object, more: Partial<GraphNode> = {}): GraphNode {
  return { id, operator, ...(config ? { config } : {}), ...more };
}

export const sourceNode = node('orders', 'shop.orders', { path: 'orders.csv' });
export const stockNode = node('stock', 'shop.stock');
export const sinkNode = node('out', 'test.print');

/** The findings of a document with a code, and the sentence a person reads. */
export function findingsOf(
  document: unknown,
  code?: string,
  operators: Catalogue = catalogue,
): (Finding & { message: string })[] {
  const { findings } = validateGraph(document, operators);
  return findings
    .filter((finding) => code === undefined || finding.code === code)
    .map((finding) => ({ ...finding, message: messageOf(finding) }));
}
