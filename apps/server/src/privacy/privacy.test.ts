import { createCatalogue, defineOperator, defineSource, FIELD_TYPES, Type } from '@millrace/sdk';
import { describe, expect, it } from 'vitest';
import { MASK, masked, maskedText, personalFields } from './personal.js';
import { Privacy } from './privacy.js';

const docs = { title: 'Test', summary: 'Tests.', category: 'source' } as const;
const fieldType = Type.Union(FIELD_TYPES.map((name) => Type.Literal(name)));
const source = defineSource({
  type: 'test.orders',
  version: 1,
  docs,
  config: Type.Object({ schema: Type.Optional(Type.Record(Type.String(), fieldType)) }),
  outputs: { out: {} },
  examples: [{ title: 'none', config: {} }],
  create: () => ({ live: false, partitions: () => [], open: () => ({ poll: () => null }) }),
});
const rename = defineOperator({
  type: 'test.rename',
  version: 1,
  docs,
  config: Type.Object({}),
  inputs: { in: {} },
  outputs: { out: {} },
  fields: (_config, inputs) => ({ out: { fields: { contact: inputs.in?.fields.email ?? 'any' }, open: true } }),
  examples: [{ title: 'none', config: {} }],
  create: () => ({}),
});
const catalogue = createCatalogue([source, rename]);
const graph = {
  schema: 1 as const,
  name: 'Orders',
  nodes: [
    {
      id: 'orders',
      operator: 'test.orders',
      config: { schema: { email: 'personal', 'customer.phone': 'personal', total: 'number' } },
    },
    { id: 'rename', operator: 'test.rename', config: {} },
  ],
  edges: [{ id: 'e1', source: 'orders', target: 'rename' }],
};
const order = {
  email: 'ada@example.com',
  total: 5,
  customer: { phone: 49_123, city: 'Ulm' },
  list: [{ contact: ['x'] }],
};

describe('personal data', () => {
  it('is known by the names it is declared under, and by those it gets on the way', () => {
    expect([...personalFields(graph, catalogue)].sort()).toEqual(['contact', 'email', 'phone']);
  });

  it('is hidden at any depth, and nothing else is', () => {
    const names = personalFields(graph, catalogue);
    expect(masked(order, names)).toEqual({
      email: MASK,
      total: 5,
      customer: { phone: null, city: 'Ulm' },
      list: [{ contact: null }],
    });
    expect(masked(order, new Set())).toBe(order);
  });

  it('is taken out of the reason of a dead letter too', () => {
    const privacy = new Privacy('editor', catalogue);
    const letter = { value: order, message: 'ada@example.com paid 5, call 49123' };
    const hidden = privacy.hidden({ role: 'viewer' }, 'run-1', graph);
    expect(privacy.letter(letter, hidden)).toMatchObject({
      message: `${MASK} paid 5, call ${MASK}`,
      value: { email: MASK },
    });
    expect(maskedText('nothing here', order, hidden)).toBe('nothing here');
  });

  it('is shown to those whose role allows it', () => {
    const privacy = new Privacy('editor', catalogue);
    expect(privacy.hidden({ role: 'editor' }, 'run-1', graph).size).toBe(0);
    expect(new Privacy('admin', catalogue).hidden({ role: 'editor' }, 'run-1', graph).size).toBe(3);
    expect(privacy.shown([order], privacy.hidden({ role: 'admin' }, 'run-1', graph))).toEqual([order]);
  });
});
