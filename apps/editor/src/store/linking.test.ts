import { describe, expect, it } from 'vitest';
import type { GraphDocument, Manifest, NodeInfo } from '../api/types.js';
import { fitsAfter, linkProblem } from './linking.js';

const manifest = (
  type: string,
  kind: Manifest['kind'],
  inputs: Manifest['inputs'],
  outputs: Manifest['outputs'],
  category: Manifest['docs']['category'] = 'shape',
): Manifest => ({ type, version: 1, kind, docs: { title: type, summary: '', category }, config: {}, inputs, outputs });
const manifests = new Map(
  [
    manifest('orders', 'source', {}, { out: { kind: 'order' } }),
    manifest('stock', 'source', {}, { out: { kind: 'stock' } }),
    manifest('filter', 'operator', { in: {} }, { out: {} }),
    manifest('union', 'operator', { in: { many: true } }, { out: {} }),
    manifest('score', 'operator', { in: { kind: 'order' } }, { out: {} }),
    manifest('print', 'sink', { in: { accepts: 'append' } }, {}),
  ].map((one) => [one.type, one]),
);
const doc: GraphDocument = {
  schema: 1,
  name: '',
  nodes: ['orders', 'stock', 'filter', 'union', 'score', 'print'].map((id) => ({ id, operator: id })),
  edges: [
    { id: 'e1', source: 'orders', target: 'filter' },
    { id: 'e2', source: 'filter', target: 'union' },
  ],
};
const upsert = {
  stock: {
    title: '',
    summary: null,
    inputs: {},
    outputs: { out: { kind: 'stock', mode: { mode: 'upsert', key: ['sku'] }, type: null } },
    config: {},
  },
} satisfies { [id: string]: NodeInfo };
const check = (from: string, to: string, infos: { [id: string]: NodeInfo } = {}) =>
  linkProblem(doc, { manifests, infos }, { node: from, port: 'out' }, { node: to, port: 'in' })?.code;

describe('a link while it is dragged', () => {
  it('fits where nothing speaks against it', () => {
    expect(check('orders', 'score')).toBeUndefined();
    expect(check('stock', 'union')).toBeUndefined();
    expect(check('stock', 'print')).toBeUndefined();
  });
  it('is refused with the reason', () => {
    expect(check('filter', 'filter')).toBe('self');
    expect(check('stock', 'filter')).toBe('taken');
    expect(check('filter', 'union')).toBe('exists');
    expect(check('stock', 'score')).toBe('kind');
    expect(check('stock', 'print', upsert)).toBe('upsert');
    expect(check('orders', 'orders')).toBe('self');
    expect(check('orders', 'stock')).toBe('no-port');
  });
  it('is refused when it would close a circle', () => {
    const open = { ...doc, edges: [{ id: 'e1', source: 'filter', target: 'union' }] };
    expect(
      linkProblem(open, { manifests, infos: {} }, { node: 'union', port: 'out' }, { node: 'filter', port: 'in' })?.code,
    ).toBe('cycle');
  });
  it('may end where it began when it is only moved', () => {
    expect(
      linkProblem(doc, { manifests, infos: {} }, { node: 'orders', port: 'out' }, { node: 'filter', port: 'in' }, 'e1'),
    ).toBeUndefined();
  });
  it('suggests operators of the same kind of record first, and none that cannot read it', () => {
    expect(fitsAfter({ kind: 'order', mode: { mode: 'append' }, type: null }, manifests.values())[0]?.type).toBe(
      'score',
    );
    expect(
      fitsAfter({ kind: 'stock', mode: { mode: 'upsert', key: [] }, type: null }, manifests.values()).map(
        (one) => one.type,
      ),
    ).toEqual(['filter', 'union']);
  });
});
