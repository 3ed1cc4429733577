import { describe, expect, it } from 'vitest';
import { catalogue, findingsOf, graph, node, sinkNode, sourceNode, stockNode } from '../testing/catalogue.js';
import { validateGraph } from './index.js';

const simple = graph(
  [sourceNode, node('paid', 'test.filter', { where: "status == 'paid'" }), sinkNode],
  ['orders>paid', 'paid>out'],
);

describe('a sound graph', () => {
  it('passes without a word, with defaults, versions and handles filled in and nodes in topological order', () => {
    const before = structuredClone(simple);
    const { findings, graph: checked } = validateGraph(simple, catalogue);
    expect(findings).toEqual([]);
    expect(checked!.order).toEqual(['orders', 'paid', 'out']);
    expect(checked!.document.edges[0]).toEqual({
      id: 'e1',
      source: 'orders',
      sourceHandle: 'out',
      target: 'paid',
      targetHandle: 'in',
    });
    expect(checked!.document.nodes[1]!.version).toBe(1);
    expect(simple, 'the value handed in is not changed').toEqual(before);
  });

  it('orders nodes by their edges, and by the document where edges leave a choice', () => {
    const document = graph(
      [sinkNode, node('b', 'test.filter', { where: 'true' }), node('a', 'test.filter', { where: 'true' }), sourceNode],
      ['orders>b', 'b>a', 'a>out'],
    );
    expect(validateGraph(document, catalogue).graph!.order).toEqual(['orders', 'b', 'a', 'out']);
  });

  it('finds the only port of a node when an edge names none', () => {
    const document = graph(
      [sourceNode, node('r', 'test.route', { branches: ['big'] }), sinkNode],
      ['orders>r', 'r>out'],
    );
    expect(validateGraph(document, catalogue).graph!.document.edges[1]!.sourceHandle).toBe('big');
  });
});

describe('ids', () => {
  it('refuses two nodes with one id', () => {
    const [finding] = findingsOf(graph([sourceNode, sourceNode, sinkNode], ['orders>out']), 'NODE_ID_DUPLICATE');
    expect(finding).toMatchObject({ path: '/nodes/1/id', nodeId: 'orders', params: { first: '/nodes/0' } });
    expect(finding!.message).toBe('Two nodes have the id "orders". Give one of them another id.');
    const codes = findingsOf(graph([sourceNode, sinkNode, sinkNode], ['orders>out'])).map(({ code }) => code);
    expect(codes, 'no follow-ups about the ports of the second one').toEqual(['NODE_ID_DUPLICATE']);
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype'])(
    'refuses the reserved id %s',
    (id) => {
      const codes = findingsOf(graph([node(id, 'test.print')])).map((finding) => finding.code);
      expect(codes).toContain('NODE_ID_RESERVED');
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    },
  );

  it('refuses an id that could not be part of a file name', () => {
    const [finding] = findingsOf(graph([node('../x', 'test.print')]), 'DOCUMENT_PATTERN');
    expect(finding!.message).toBe('../x does not have the expected form. It must match ^[A-Za-z0-9_-]{1,64}$.');
  });

  it('refuses two edges with one id, and the same two ports linked twice', () => {
    const document = graph([sourceNode, sinkNode], ['orders>out', 'orders.out>out.in']);
    document.edges[1]!.id = 'e1';
    expect(findingsOf(document, 'EDGE_ID_DUPLICATE')[0]!.message).toBe(
      'Two edges have the id "e1". Give one of them another id.',
    );
    const [twice] = findingsOf(document, 'EDGE_DUPLICATE');
    expect(twice).toMatchObject({ path: '/edges/1', edgeId: 'e1', fix: { code: 'REMOVE', path: '/edges/1' } });
    expect(twice!.message).toBe('"orders" (out) and "out" (in) are linked twice. Remove one of the two edges.');
  });
});

describe('edges', () => {
  it('names the end that does not exist, and the one that was meant', () => {
    const document = graph([sourceNode, sinkNode], ['order>out', 'orders>ghost']);
    expect(findingsOf(document, 'EDGE_SOURCE_UNKNOWN')[0]).toMatchObject({
      path: '/edges/0/source',
      edgeId: 'e1',
      params: { id: 'order', suggestion: 'orders' },
      fix: { code: 'SET', path: '/edges/0/source', value: 'orders' },
    });
    expect(findingsOf(document, 'EDGE_TARGET_UNKNOWN')[0]!.message).toBe(
      'The edge ends at "ghost", and there is no such node. Link it anew or remove it.',
    );
  });

  it('says that a source takes no input and a sink has no output', () => {
    const document = graph([sourceNode, stockNode, sinkNode], ['orders>stock', 'out>stock']);
    expect(findingsOf(document, 'EDGE_INTO_SOURCE').map(({ message }) => message)).toEqual([
      '"stock" is a source and takes no input. Remove the edge.',
      '"stock" is a source and takes no input. Remove the edge.',
    ]);
    expect(findingsOf(document, 'EDGE_OUT_OF_SINK')[0]!.message).toBe(
      '"out" is a sink and has no output. Link what comes before it instead.',
    );
  });

  it('names the ports there are when an edge asks for another', () => {
    const document = graph(
      [sourceNode, node('j', 'test.join', { rightKey: 'sku' }), sinkNode],
      ['orders>j.lefft', 'orders>j.right', 'j>out'],
    );
    const [finding] = findingsOf(document, 'PORT_UNKNOWN');
    expect(finding).toMatchObject({ path: '/edges/0/targetHandle', nodeId: 'j', edgeId: 'e1', fix: { value: 'left' } });
    expect(finding!.message).toBe('"j" has no input "lefft". It has: left, right. Did you mean "left"?');
  });

  it('does not take an inherited name for a port', () => {
    const document = graph([sourceNode, sinkNode], ['orders.constructor>out.toString']);
    expect(findingsOf(document, 'PORT_UNKNOWN')).toHaveLength(2);
  });

  it('knows the ports that a config names, once the config is sound', () => {
    const branches = node('r', 'test.route', { branches: ['big', 'small'] });
    expect(findingsOf(graph([sourceNode, branches, sinkNode], ['orders>r', 'r.small>out']))).toEqual([]);
    const broken = node('r', 'test.route', { branches: [] });
    const codes = findingsOf(graph([sourceNode, broken, sinkNode], ['orders>r', 'r.small>out'])).map(
      ({ code }) => code,
    );
    expect(codes, 'no follow-up about the port').toEqual(['CONFIG_ITEMS']);
  });

  it('wants every required input linked', () => {
    const document = graph(
      [sourceNode, node('j', 'test.join', { rightKey: 'sku' }), sinkNode],
      ['orders>j.left', 'j>out'],
    );
    const [finding] = findingsOf(document, 'PORT_NOT_LINKED');
    expect(finding).toMatchObject({ path: '/nodes/1', nodeId: 'j', params: { port: 'right' } });
    expect(finding!.message).toBe('Nothing is linked to the input "Right" of "j". Draw an edge to it.');
  });

  it('allows a second edge only into a port for many', () => {
    const document = graph([sourceNode, stockNode, sinkNode], ['orders>out', 'stock>out']);
    const [finding] = findingsOf(document, 'PORT_TAKEN');
    expect(finding).toMatchObject({ path: '/edges/1', nodeId: 'out', edgeId: 'e2' });
    expect(finding!.message).toBe(
      'The input "in" of "out" is already linked to "orders". Merge "orders" and "stock" with a union before it.',
    );
    const merged = graph([sourceNode, stockNode, node('u', 'test.union'), sinkNode], ['orders>u', 'stock>u', 'u>out']);
    expect(findingsOf(merged)).toEqual([]);
  });
});

describe('the graph as a whole', () => {
  it('names the path of a cycle from its first node on', () => {
    const document = graph(
      [
        sourceNode,
        node('a', 'test.union'),
        node('b', 'test.filter', { where: 'true' }),
        node('c', 'test.filter', { where: 'true' }),
      ],
      ['orders>a', 'a>b', 'b>c', 'c>a'],
    );
    const [finding] = findingsOf(document, 'GRAPH_CYCLE');
    expect(finding).toMatchObject({
      params: { path: 'a>b>c>a', nodes: ['a', 'b', 'c'] },
      path: '/edges/3',
      edgeId: 'e4',
      nodeId: 'a',
    });
    expect(finding!.message).toBe('The links run in a circle: a>b>c>a. Remove one of them.');
  });

  it('sees a node linked to itself, and each knot once', () => {
    const filter = (id: string) => node(id, 'test.filter', { where: 'true' });
    const document = graph([filter('a'), filter('b'), filter('c')], ['a>a', 'b>c', 'c>b']);
    expect(findingsOf(document, 'GRAPH_CYCLE').map(({ params }) => params.path)).toEqual(['a>a', 'b>c>b']);
  });

  it('still reads the expressions inside a cycle', () => {
    const document = graph([node('a', 'test.filter', { where: 'x = 1' })], ['a>a']);
    expect(findingsOf(document, 'EXPRESSION_SYNTAX')).toHaveLength(1);
  });

  it('wants nodes, and a source among them', () => {
    expect(findingsOf(graph([]), 'GRAPH_EMPTY')[0]!.message).toBe('The graph has no nodes. Begin with a source.');
    expect(findingsOf(graph([sinkNode]), 'GRAPH_NO_SOURCE')[0]!.message).toBe(
      'The graph has no source, so no record would ever enter it. Add one.',
    );
  });

  it('warns of results that go nowhere and of nodes nothing leads to', () => {
    const document = graph(
      [sourceNode, sinkNode, stockNode, node('t', 'test.ticker'), node('o2', 'test.print')],
      ['orders>out', 't>o2'],
    );
    const findings = findingsOf(document);
    expect(findings.map(({ code, severity, nodeId }) => [code, severity, nodeId])).toEqual([
      ['NODE_OUTPUT_UNUSED', 'warning', 'stock'],
      ['NODE_UNREACHABLE', 'warning', 't'],
    ]);
    expect(findings[0]!.message).toBe(
      'Nothing is linked to the output of "stock", so its results go nowhere. Link it to a sink, or remove the node.',
    );
    expect(findings[1]!.message).toBe('No source leads to "t". Link one to it, or remove the node.');
    expect(validateGraph(document, catalogue).graph, 'warnings do not stop a graph').toBeDefined();
  });

  it('refuses a fan-out bomb, counting paths without walking them', () => {
    const layers = 60;
    const nodes = [sourceNode, node('n0', 'test.union')];
    const edges = ['orders>n0'];
    for (let i = 1; i <= layers; i++) {
      nodes.push(
        node(`a${i}`, 'test.filter', { where: 'true' }),
        node(`b${i}`, 'test.filter', { where: 'true' }),
        node(`n${i}`, 'test.union'),
      );
      edges.push(`n${i - 1}>a${i}`, `n${i - 1}>b${i}`, `a${i}>n${i}`, `b${i}>n${i}`);
    }
    const [finding, ...more] = findingsOf(graph([...nodes, sinkNode], [...edges, `n${layers}>out`]), 'AMPLIFICATION');
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ nodeId: 'n10', params: { paths: 1024, limit: 1000 } });
    expect(finding!.message).toContain('1024 ways lead from the sources to "n10"; 1000 are allowed.');
  });
});
