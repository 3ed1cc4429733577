import { describe, expect, it } from 'vitest';
import type { GraphDocument } from '../api/types.js';
import { mergeDrafts } from './merge.js';

const node = (id: string, config: object = {}) => ({ id, operator: 'core.filter', config });
const edge = (source: string, target: string) => ({ id: `${source}-${target}`, source, target });
const base: GraphDocument = {
  schema: 1,
  name: 'Orders',
  nodes: [node('a'), node('b'), node('c')],
  edges: [edge('a', 'b'), edge('b', 'c')],
};

describe('merging two drafts', () => {
  it('takes what only one side has changed, added or deleted', () => {
    const mine = {
      ...base,
      name: 'Paid orders',
      nodes: [node('a', { where: 'x' }), node('b'), node('c'), node('mine')],
    };
    const theirs = {
      ...base,
      nodes: [node('a'), node('b', { where: 'y' }), node('theirs')],
      edges: [edge('a', 'b'), edge('b', 'theirs')],
    };
    const { graph, clashes } = mergeDrafts(base, mine, theirs);
    expect(graph.name).toBe('Paid orders');
    expect(graph.nodes).toEqual([node('a', { where: 'x' }), node('b', { where: 'y' }), node('mine'), node('theirs')]);
    expect(graph.edges).toEqual([edge('a', 'b'), edge('b', 'theirs')]);
    expect(clashes).toEqual([]);
  });

  it('keeps mine where both changed the same, and says where', () => {
    const mine = { ...base, nodes: [node('a', { where: 'mine' }), node('b'), node('c')] };
    const theirs = { ...base, nodes: [{ ...node('a', { where: 'theirs' }), label: 'A' }, node('b'), node('c')] };
    const { graph, clashes } = mergeDrafts(base, mine, theirs);
    expect(graph.nodes[0]).toEqual({ ...node('a', { where: 'mine' }), label: 'A' });
    expect(clashes).toEqual(['a']);
  });

  it('keeps a node that one side changed and the other deleted', () => {
    const mine = { ...base, nodes: [node('a'), node('b', { where: 'x' }), node('c')] };
    const theirs = { ...base, nodes: [node('a'), node('c')], edges: [] };
    expect(mergeDrafts(base, mine, theirs).graph.nodes.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });

  it('deletes nothing when the common draft is not known', () => {
    const mine = { ...base, nodes: [node('a'), node('mine')], edges: [] };
    expect(mergeDrafts(undefined, mine, base).graph.nodes.map(({ id }) => id)).toEqual(['a', 'mine', 'b', 'c']);
  });

  it('keeps what both have added, also when it got the same id on both sides', () => {
    const fresh = { id: 'e3', source: 'c' };
    const mine = {
      ...base,
      nodes: [...base.nodes, node('filter', { where: 'mine' })],
      edges: [...base.edges, { ...fresh, target: 'filter' }],
      groups: [{ id: 'g1', label: 'Mine', nodes: ['a', 'b'] }],
    };
    const theirs = {
      ...base,
      nodes: [...base.nodes, node('filter', { where: 'theirs' })],
      edges: [...base.edges, { ...fresh, target: 'filter' }],
      groups: [{ id: 'g1', label: 'Theirs', nodes: ['b', 'c', 'filter'] }],
    };
    const { graph, clashes } = mergeDrafts(base, mine, theirs);
    expect(graph.nodes.slice(3)).toEqual([node('filter', { where: 'mine' }), node('filter2', { where: 'theirs' })]);
    expect(graph.edges.slice(2)).toEqual([
      { ...fresh, target: 'filter' },
      { ...fresh, id: 'e2', target: 'filter2' },
    ]);
    expect(graph.groups).toEqual([
      { id: 'g1', label: 'Mine', nodes: ['a', 'b'] },
      { id: 'g2', label: 'Theirs', nodes: ['c', 'filter2'] },
    ]);
    expect(clashes).toEqual([]);
    expect(mergeDrafts(base, mine, mine).graph).toEqual(mine);
  });
});
