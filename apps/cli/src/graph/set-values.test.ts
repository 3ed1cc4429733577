import type { GraphDocument } from '@millrace/graph';
import { createCatalogue, defineOperator, EventTime, Field, Type } from '@millrace/sdk';
import { describe, expect, it } from 'vitest';
import { setValues } from './set-values.js';

const catalogue = createCatalogue([
  defineOperator({
    type: 'test.anything',
    version: 1,
    docs: { title: 'Anything', summary: 'Does nothing.', category: 'shape' },
    config: Type.Object({
      path: Type.String({ 'x-ui': { widget: 'path' } }),
      where: Field.expression({ title: 'Where' }),
      note: Type.Optional(Type.String()),
      size: Type.Optional(Field.duration({ title: 'Size' })),
      limit: Type.Optional(Type.Integer()),
      time: Type.Optional(EventTime),
      rules: Type.Optional(Type.Array(Type.Object({ name: Type.String(), rank: Type.Number() }))),
    }),
    inputs: { in: {} },
    outputs: { out: {} },
    examples: [{ title: 'x', config: { path: 'x', where: 'true' } }],
    create: () => ({}),
  }),
]);

function configAfter(...settings: string[]): Record<string, unknown> {
  const document: GraphDocument = {
    schema: 1,
    name: 'g',
    nodes: [{ id: 'orders', operator: 'test.anything', config: { rules: [{ name: 'a', rank: 1 }] } }],
    edges: [],
  };
  setValues(document, settings, catalogue, '/work/here');
  return document.nodes[0]!.config;
}

describe('--set', () => {
  it('reads JSON where the value is JSON, and text where it is not', () => {
    expect(configAfter('orders.limit=5').limit).toBe(5);
    expect(configAfter('orders.size=10 s').size).toBe('10 s');
    expect(configAfter('orders.size=250').size).toBe(250);
    expect(configAfter('orders.rules=[{"name":"b","rank":2}]').rules).toEqual([{ name: 'b', rank: 2 }]);
  });

  it('keeps text as typed where the operator wants text', () => {
    expect(configAfter('orders.where=true').where).toBe('true');
    expect(configAfter('orders.note=42').note).toBe('42');
    expect(configAfter('orders.note="quoted"').note).toBe('quoted');
  });

  it('takes everything behind the first = as the value', () => {
    expect(configAfter("orders.where=status == 'paid'").where).toBe("status == 'paid'");
    expect(configAfter('orders.note=').note).toBe('');
  });

  it('makes the objects on the way, and reaches into lists', () => {
    expect(configAfter('orders.time.disorder=300 s').time).toEqual({ disorder: '300 s' });
    expect(configAfter('orders.rules.0.name=7').rules).toEqual([{ name: '7', rank: 1 }]);
    expect(configAfter('orders.rules.1.rank=7').rules).toEqual([{ name: 'a', rank: 1 }, { rank: 7 }]);
  });

  it('makes path fields absolute against the current directory', () => {
    expect(configAfter('orders.path=data/a.ndjson').path).toBe('/work/here/data/a.ndjson');
    expect(configAfter('orders.path=../a.ndjson').path).toBe('/work/a.ndjson');
    expect(configAfter('orders.path=/data/a.ndjson').path).toBe('/data/a.ndjson');
    expect(configAfter('orders.path=2024').path).toBe('/work/here/2024');
  });

  it('names the nearest node when there is none of that name', () => {
    expect(() => configAfter('order.path=x')).toThrow('the graph has no node "order". Did you mean "orders"?');
  });

  it.each(['orders', 'orders.path', '.path=x', '=x', 'orders.=x'])(
    'says what the form is when it gets %j',
    (setting) => {
      expect(() => configAfter(setting)).toThrow('is not a setting');
    },
  );

  it.each([
    ['orders.__proto__.polluted=1', '"__proto__" cannot be set'],
    ['orders.time.constructor.prototype.polluted=1', '"constructor" cannot be set'],
    ['orders.rules.9.name=x', '"9" is not a position of a list of 1'],
    ['orders.rules.length=0', '"length" is not a position'],
    ['orders.rules.0.name.x=1', '"rules.0.name" has no properties'],
    ['orders..x=1', 'an empty step'],
  ])('refuses %s', (setting, reason) => {
    expect(() => configAfter(setting)).toThrow(reason);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});
