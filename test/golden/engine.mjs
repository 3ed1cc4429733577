// Runs small graphs on the in-memory backend of the engine.
import { coreOperators } from '@millrace/core';
import { compileExpression, validateGraph } from '@millrace/graph';
import { planGraph } from '@millrace/planner';
import { createCatalogue, defineOperator, defineSource, Type } from '@millrace/sdk';
import { ManualClock } from '@millrace/sdk/testing';

/**
 * A source of the values of a case, `batch` at a time. A live one stops before what `until` does not allow yet.
 * @param {readonly any[]} values
 * @param {{ batch?: number, until?: () => number, dry?: () => void }} [options]
 */
export function listSource(values, { batch = 1, until, dry } = {}) {
  return defineSource({
    type: 'golden.list',
    version: 1,
    docs: { title: 'List', summary: 'Gives the values of a case.', category: 'source' },
    config: Type.Object({}),
    outputs: { out: {} },
    examples: [{ title: 'none', config: {} }],
    create: () => ({
      live: until !== undefined,
      partitions: () => ['p'],
      open: (_partition, position) => {
        let at = /** @type {number | null} */ (position) ?? 0;
        return {
          poll: () => {
            const limit = Math.min(values.length, at + batch, until?.() ?? values.length);
            if (until !== undefined && limit <= at) {
              dry?.();
              return null;
            }
            const some = values.slice(at, limit);
            at = limit;
            return { values: some, position: at, end: until === undefined && at >= values.length };
          },
        };
      },
    }),
  });
}

/**
 * A step that is written as a function of (value, record, emit).
 * @param {string} name
 * @param {(value: any, emit: (value: any) => void) => void} work
 */
export function step(name, work) {
  return defineOperator({
    type: /** @type {`${string}.${string}`} */ (`golden.${name}`),
    version: 1,
    docs: { title: name, summary: 'A step of a case.', category: 'shape' },
    config: Type.Object({}),
    inputs: { in: {} },
    outputs: { out: {} },
    traits: { fanOut: 'many' },
    examples: [{ title: 'none', config: {} }],
    create: () => ({ onRecord: (record, _port, ctx) => work(record.value, (value) => ctx.emit('out', value)) }),
  });
}

/** A sink whose rows are part of the commit: what it holds is what a reader of committed results sees. */
export const committedSink = defineOperator({
  type: 'golden.sink',
  version: 1,
  docs: { title: 'Sink', summary: 'Keeps what it got in the commit.', category: 'sink' },
  config: Type.Object({}),
  inputs: { in: {} },
  outputs: {},
  traits: { parallelism: 'single' },
  state: { rows: { kind: 'list', scope: 'task' } },
  examples: [{ title: 'none', config: {} }],
  create: () => ({ onRecord: ({ value, op }, _port, ctx) => ctx.state.rows.add({ value, op }) }),
});

/**
 * A catalogue and a checked graph: nodes in order, each linked to the one before it.
 * @param {readonly any[]} operators What a case adds to the built-in operators.
 * @param {readonly any[]} nodes
 * @param {number} [parallelism]
 */
export function chain(operators, nodes, parallelism = 1) {
  const catalogue = createCatalogue([...coreOperators, committedSink, ...operators]);
  const { graph, findings } = validateGraph(
    {
      schema: 1,
      name: 'golden',
      settings: { parallelism },
      nodes,
      edges: nodes.slice(1).map((node, i) => ({ id: `e${i}`, source: nodes[i].id, target: node.id })),
    },
    catalogue,
  );
  if (graph === undefined) throw new Error(`the graph of the case is refused: ${JSON.stringify(findings)}`);
  return { catalogue, plan: planGraph(graph, catalogue) };
}

export const compile = (/** @type {string} */ text, /** @type {string} */ zone) => compileExpression(text, { zone });
export const clock = () => new ManualClock(0);
