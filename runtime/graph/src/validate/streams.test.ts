import { describe, expect, it } from 'vitest';
import { catalogue, findingsOf, graph, node, sinkNode, sourceNode, stockNode } from '../testing/catalogue.js';
import { validateGraph } from './index.js';

const afterStock = (middle: ReturnType<typeof node>) =>
  graph([stockNode, middle, sinkNode], [`stock>${middle.id}`, `${middle.id}.out>out`]);
const filterNode = (where: string) => afterStock(node('f', 'test.filter', { where }));

describe('expressions in configs', () => {
  it('are checked against the fields that arrive, with the place in the text', () => {
    const [finding] = findingsOf(filterNode("skuu == 'A-1'"));
    expect(finding).toMatchObject({
      code: 'FIELD_UNKNOWN',
      severity: 'error',
      path: '/nodes/1/config/where',
      nodeId: 'f',
      range: { from: 0, to: 4 },
      fix: { code: 'SET', path: '/nodes/1/config/where', value: "sku == 'A-1'" },
    });
    expect(finding!.message).toBe('There is no field "skuu". Did you mean sku?');
  });

  it('find a text compared with a number, a wrong kind of answer and a syntax error', () => {
    expect(findingsOf(filterNode("qty > '5'"))[0]).toMatchObject({
      code: 'EXPRESSION_TYPE',
      params: { left: 'number', right: 'text' },
    });
    expect(findingsOf(filterNode('qty * price'))[0]!.message).toBe(
      'The expression must answer with yes or no, and this one gives a number.',
    );
    expect(findingsOf(filterNode('qty ='))[0]).toMatchObject({ code: 'EXPRESSION_SYNTAX', range: { from: 4, to: 5 } });
  });

  it('are found at any depth: in maps, lists and unions', () => {
    const config = {
      fields: { a: 'qty', 'b/c': 'lower(' },
      steps: [
        { kind: 'scale', by: 1 },
        { kind: 'keep', when: 'qty' },
      ],
    };
    expect(findingsOf(afterStock(node('s', 'test.set', config))).map(({ code, path }) => [code, path])).toEqual([
      ['EXPRESSION_SYNTAX', '/nodes/1/config/fields/b~1c'],
      ['EXPRESSION_RETURNS', '/nodes/1/config/steps/1/when'],
    ]);
  });

  it('are left alone where nothing is known of the records', () => {
    const document = graph(
      [sourceNode, node('f', 'test.filter', { where: 'anything.at.all > 3' }), sinkNode],
      ['orders>f', 'f>out'],
    );
    expect(findingsOf(document)).toEqual([]);
  });

  it('are checked further down, through operators that pass fields on', () => {
    const document = graph(
      [
        stockNode,
        node('a', 'test.filter', { where: 'active' }),
        node('u', 'test.union'),
        node('b', 'test.filter', { where: 'pricee > 1' }),
        sinkNode,
      ],
      ['stock>a', 'a>u', 'u>b', 'b>out'],
    );
    expect(findingsOf(document)).toMatchObject([
      { code: 'FIELD_UNKNOWN', nodeId: 'b', params: { suggestion: 'price' } },
    ]);
  });
});

describe('field names in configs', () => {
  it('must exist where the fields are known', () => {
    const [finding] = findingsOf(afterStock(node('c', 'test.count', { key: 'SKU' })), 'FIELD_UNKNOWN');
    expect(finding).toMatchObject({
      severity: 'error',
      path: '/nodes/1/config/key',
      fix: { code: 'SET', path: '/nodes/1/config/key', value: 'sku' },
    });
    expect(finding!.message).toBe('There is no field "SKU". Did you mean sku?');
  });

  it('are only a hint where more fields may come, and only when a slip is likely', () => {
    const source = node('orders', 'shop.orders', { path: 'x', schema: { fields: { status: 'text' }, open: true } });
    const keyed = (key: string) => graph([source, node('c', 'test.count', { key }), sinkNode], ['orders>c', 'c>out']);
    expect(findingsOf(keyed('staus'))).toMatchObject([{ code: 'FIELD_UNKNOWN', severity: 'warning' }]);
    expect(findingsOf(keyed('country'))).toEqual([]);
    expect(validateGraph(keyed('staus'), catalogue).graph).toBeDefined();
  });

  it('belong to the port that the setting names', () => {
    const document = graph(
      [sourceNode, stockNode, node('j', 'test.join', { rightKey: 'skuu' }), sinkNode],
      ['orders>j.left', 'stock>j.right', 'j>out'],
    );
    expect(findingsOf(document, 'FIELD_UNKNOWN')).toHaveLength(1);
    const other = graph(
      [sourceNode, stockNode, node('j', 'test.join', { rightKey: 'skuu' }), sinkNode],
      ['stock>j.left', 'orders>j.right', 'j>out'],
    );
    expect(findingsOf(other, 'FIELD_UNKNOWN')).toEqual([]);
  });

  it('of a source are its own', () => {
    const source = node('orders', 'shop.orders', {
      path: 'x',
      time: { field: 'created' },
      schema: { fields: { created_at: 'time' }, open: false },
    });
    expect(findingsOf(graph([source, sinkNode], ['orders>out']), 'FIELD_UNKNOWN')[0]).toMatchObject({
      path: '/nodes/0/config/time/field',
    });
  });
});

describe('fields that a source declares', () => {
  it.each([
    [{ price: 'number' }, { fields: { price: 'number' }, open: true }],
    [
      { fields: { price: 'number', odd: 'money' }, open: false },
      { fields: { price: 'number', odd: 'any' }, open: false },
    ],
    ['text', undefined],
    [{ price: { type: 'number' } }, undefined],
  ])('%j', (schema, type) => {
    const document = graph([node('orders', 'shop.orders', { path: 'x', schema }), sinkNode], ['orders>out']);
    expect(validateGraph(document, catalogue).graph!.outputs.get('orders')!.get('out')!.type).toEqual(type);
  });
});

describe('streams', () => {
  it('carries types and modes along the edges', () => {
    const document = graph(
      [stockNode, node('c', 'test.count', { key: 'sku' }), node('f', 'test.filter', { where: 'count > 3' }), sinkNode],
      ['stock>c', 'c>f', 'f>out'],
    );
    const outputs = validateGraph(document, catalogue).graph!.outputs;
    expect(outputs.get('f')!.get('out')).toEqual({
      type: { fields: { sku: 'text', count: 'number' }, open: false },
      mode: { mode: 'upsert', key: ['sku'] },
    });
    expect(outputs.get('stock')!.get('out')!.mode).toEqual({ mode: 'append' });
  });

  it('refuses updates where only facts are read, and says the way out', () => {
    const document = graph(
      [stockNode, node('c', 'test.count', { key: 'sku' }), node('w', 'test.window', { size: 5 }), sinkNode],
      ['stock>c', 'c>w', 'w.out>out'],
    );
    const [finding] = findingsOf(document);
    expect(finding).toMatchObject({
      code: 'MODE_MISMATCH',
      path: '/edges/1',
      edgeId: 'e2',
      nodeId: 'w',
      params: { key: ['sku'] },
    });
    expect(finding!.message).toBe(
      'Window sum needs a stream of facts, and "c" sends updates (one row for each sku). Link a node before the updates begin, aggregate per window instead, or use an operator that takes updates.',
    );
  });

  it('warns when one kind of business record goes into a port for another', () => {
    const document = graph(
      [sourceNode, stockNode, node('j', 'test.join', { rightKey: 'sku' }), sinkNode],
      ['orders>j.left', 'stock>j.right', 'j>out'],
    );
    const [finding] = findingsOf(document);
    expect(finding).toMatchObject({ code: 'PORT_KIND_MISMATCH', severity: 'warning', edgeId: 'e2' });
    expect(finding!.message).toBe(
      '"j" expects order records, and "stock" sends stock records. Check that the right nodes are linked.',
    );
  });

  it('merges what is known of several streams into one port', () => {
    const source = (id: string, fields: object) =>
      node(id, 'shop.orders', { path: 'x', schema: { fields, open: false } });
    const document = graph(
      [
        source('a', { id: 'text', n: 'number' }),
        source('b', { id: 'text', n: 'text', z: 'list' }),
        node('u', 'test.union'),
        sinkNode,
      ],
      ['a>u', 'b>u', 'u>out'],
    );
    expect(validateGraph(document, catalogue).graph!.outputs.get('u')!.get('out')!.type).toEqual({
      fields: { id: 'text', n: 'any', z: 'list' },
      open: false,
    });
  });
});
