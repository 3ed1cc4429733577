/** A graph put together in a few words: `flow('Clicks').add('clicks', 'files.read', {...}).add('count', 'core.…', {...}, 'clicks')`. */
interface Node {
  id: string;
  operator: string;
  config: object;
}

interface Edge {
  id: string;
  source: string;
  sourceHandle?: string;
  target: string;
  targetHandle?: string;
}

export class Flow {
  readonly nodes: Node[] = [];
  readonly edges: Edge[] = [];
  /** Ids of the sinks: one file each. */
  readonly answers: string[] = [];

  constructor(private readonly name: string) {}

  /** Adds a node behind others: `id`, `id.port`, or for a join `{ left: id, right: id }`. */
  add(id: string, operator: string, config: object, from?: string | { [port: string]: string }): this {
    this.nodes.push({ id, operator, config });
    const inputs = typeof from === 'string' ? { '': from } : (from ?? {});
    for (const [port, place] of Object.entries(inputs)) {
      const [source, handle] = place.split('.') as [string, string?];
      this.edges.push({
        id: `e${this.edges.length + 1}`,
        source,
        target: id,
        ...(handle !== undefined && { sourceHandle: handle }),
        ...(port !== '' && { targetHandle: port }),
      });
    }
    return this;
  }

  filter(id: string, from: string, where: string): this {
    return this.add(id, 'core.filter', { where }, from);
  }

  set(id: string, from: string, fields: { [field: string]: string }): this {
    const steps = Object.entries(fields).map(([field, value]) => ({ do: 'set', field, value }));
    return this.add(id, 'core.set-fields', { steps }, from);
  }

  /** One row over everything, final when the input has ended: a window that spans it all. */
  total(id: string, from: string, aggregates: readonly object[], groupBy: readonly unknown[] = []): this {
    return this.add(id, 'core.window-aggregate', { window: 'tumbling', size: '3650 d', groupBy, aggregates }, from);
  }

  /** A sink of its own, named after the answer it writes. */
  answer(id: string, from: string): this {
    this.answers.push(id);
    return this.add(id, 'files.write', { path: `${id}.ndjson`, fsync: false }, from);
  }

  get document(): object {
    return { schema: 1, name: this.name, nodes: this.nodes, edges: this.edges };
  }
}

export const count = (as: string, where?: string) => ({ fn: 'count', as, ...(where !== undefined && { where }) });
export const of = (fn: string, value: string, as: string, where?: string) => ({
  fn,
  value,
  as,
  ...(where !== undefined && { where }),
});

/**
 * Which things are bought together, most often first. A pair is never in more baskets than the rarer of its two, so things in fewer than
 * `atLeast` baskets are left out before pairs are made: otherwise a basket of 500 lines alone makes 125,000.
 */
export function pairsOf(flow: Flow, from: string, [basket, item]: [string, string], atLeast: number): Flow {
  return flow
    .add('lines', 'core.dedupe', { by: [basket, item] }, from)
    .total('per-item', 'lines', [count('in_baskets')], [item])
    .filter('common', 'per-item', `in_baskets >= ${atLeast}`)
    .add(
      'common-lines',
      'core.interval-join',
      { leftKey: [item], rightKey: [item], lower: 0, upper: '3650 d' },
      { left: 'lines', right: 'common' },
    )
    .total('baskets', 'common-lines', [{ fn: 'collectSet', field: item, as: 'a', limit: 100_000 }], [basket])
    .set('two-lists', 'baskets', { b: 'a' })
    .add('each-a', 'core.explode', { list: 'a' }, 'two-lists')
    .add('each-b', 'core.explode', { list: 'b' }, 'each-a')
    .filter('pairs', 'each-b', 'a < b')
    .total('counted-pairs', 'pairs', [count('baskets')], ['a', 'b'])
    .add(
      'best-pairs',
      'core.top-n',
      {
        n: 20,
        per: 'given-window',
        orderBy: [{ field: 'baskets', direction: 'desc' }, { field: 'a' }, { field: 'b' }],
      },
      'counted-pairs',
    );
}
