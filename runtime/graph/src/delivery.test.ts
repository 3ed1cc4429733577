import { createCatalogue, defineOperator, defineSource, Type } from '@millrace/sdk';
import { describe, expect, it } from 'vitest';
import { graphDelivery } from './delivery.js';

const docs = { title: 'T', summary: 'S.', category: 'sink' } as const;
const common = { version: 1, docs, config: Type.Object({}), examples: [{ title: 'e', config: {} }] } as const;
const source = (type: `${string}.${string}`, delivery?: 'at-most-once') =>
  defineSource({
    ...common,
    type,
    outputs: { out: {} },
    ...(delivery && { traits: { delivery } }),
    create: () => ({ partitions: () => [], live: false, open: () => ({ poll: () => null }) }),
  });
const sink = (type: `${string}.${string}`, traits: object) =>
  defineOperator({ ...common, type, inputs: { in: {} }, outputs: {}, traits, create: () => ({}) });
const catalogue = createCatalogue([
  source('t.file'),
  source('t.feed', 'at-most-once'),
  sink('t.post', { outside: true }),
  sink('t.table', { outside: true, delivery: 'exactly-once' }),
]);
const graph = (...operators: string[]) => ({ nodes: operators.map((operator, i) => ({ id: `n${i}`, operator })) });

describe('the delivery class of a graph', () => {
  it('is exactly-once when every node is', () => {
    expect(graphDelivery(graph('t.file', 't.table'), catalogue)).toEqual({ class: 'exactly-once', because: [] });
  });

  it('is the weakest of its nodes, and names those that weaken it', () => {
    expect(graphDelivery(graph('t.file', 't.post'), catalogue)).toEqual({
      class: 'at-least-once',
      because: [{ nodeId: 'n1', class: 'at-least-once' }],
    });
    expect(graphDelivery(graph('t.feed', 't.post', 't.unknown'), catalogue)).toEqual({
      class: 'at-most-once',
      because: [
        { nodeId: 'n0', class: 'at-most-once' },
        { nodeId: 'n1', class: 'at-least-once' },
      ],
    });
  });
});
