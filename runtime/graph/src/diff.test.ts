import { describe, expect, it } from 'vitest';
import { diffGraphs } from './diff.js';
import type { GraphDocument } from './document.js';

const before: GraphDocument = {
  schema: 1,
  name: 'Revenue',
  nodes: [
    {
      id: 'orders',
      operator: 'a.source',
      config: { path: 'x', time: { field: 't', disorder: 0 } },
      position: { x: 0, y: 0 },
    },
    { id: 'paid', operator: 'a.filter', label: 'Paid', config: { where: "status == 'paid'" } },
    { id: 'out', operator: 'a.print', config: {} },
  ],
  edges: [
    { id: 'e1', source: 'orders', target: 'paid' },
    { id: 'e2', source: 'paid', target: 'out' },
  ],
};
const change = (edit: (document: GraphDocument) => void) => {
  const after = structuredClone(before);
  edit(after);
  return diffGraphs(before, after);
};

describe('diffGraphs', () => {
  it('finds nothing between equal documents, whatever the order of fields and the ids of edges', () => {
    const diff = change((after) => {
      after.nodes[0]!.config = { time: { disorder: 0, field: 't' }, path: 'x' };
      after.edges[0] = { id: 'other', source: 'orders', sourceHandle: 'out', target: 'paid', targetHandle: 'in' };
      after.nodes.reverse();
    });
    expect(diff.sameBehaviour).toBe(true);
    expect(diff.nodes).toEqual({ added: [], removed: [], changed: [], moved: [], relabelled: [] });
    expect([...diff.state.values()]).toEqual(['kept', 'kept', 'kept']);
  });

  it('tells moving and relabelling from changes of behaviour', () => {
    const diff = change((after) => {
      after.nodes[0]!.position = { x: 10, y: 0 };
      after.nodes[1]!.label = 'Only paid';
      after.name = 'Revenue per day';
    });
    expect(diff.nodes.moved).toEqual(['orders']);
    expect(diff.nodes.relabelled).toEqual(['paid']);
    expect(diff.document).toEqual([{ path: '/name', before: 'Revenue', after: 'Revenue per day' }]);
    expect(diff.sameBehaviour).toBe(true);
  });

  it('points at the smallest value that changed', () => {
    const diff = change((after) => {
      after.nodes[0]!.config.time.disorder = '5 s';
      after.nodes[0]!.config.header = true;
      delete after.nodes[0]!.config.path;
    });
    expect(diff.nodes.changed).toEqual([
      {
        id: 'orders',
        changes: [
          { path: '/config/path', before: 'x' },
          { path: '/config/time/disorder', before: 0, after: '5 s' },
          { path: '/config/header', after: true },
        ],
      },
    ]);
    expect(diff.state.get('orders')).toBe('restart');
    expect(diff.sameBehaviour).toBe(false);
  });

  it('says what happens to state: another operator under an old id starts empty', () => {
    const diff = change((after) => {
      after.nodes[1]!.operator = 'a.route';
      after.nodes[2]!.id = 'sink';
      after.edges[1]!.target = 'sink';
    });
    expect(Object.fromEntries(diff.state)).toEqual({ orders: 'kept', paid: 'lost', sink: 'new', out: 'lost' });
    expect(diff.edges.added.map(({ target }) => target)).toEqual(['sink']);
    expect(diff.edges.removed.map(({ target }) => target)).toEqual(['out']);
  });

  it('counts settings as behaviour', () => {
    const diff = change((after) => {
      after.settings = { timeZone: 'Europe/Berlin' };
    });
    expect(diff.document).toEqual([{ path: '/settings', after: { timeZone: 'Europe/Berlin' } }]);
    expect(diff.sameBehaviour).toBe(false);
  });
});
