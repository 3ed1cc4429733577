import { describe, expect, it } from 'vitest';
import { catalogue, graph as graphOf, node, sinkNode, sourceNode } from '../testing/catalogue.js';
import { validateGraph } from './index.js';

const keep = { where: 'total > 10' };
const graph = (disabled: readonly string[]) => {
  const document = graphOf(
    [sourceNode, node('a', 'test.filter', keep), node('b', 'test.filter', keep), sinkNode],
    ['orders>a', 'a>b', 'b>out'],
  );
  for (const one of document.nodes) if (disabled.includes(one.id)) one.disabled = true;
  return document;
};
const checked = (disabled: readonly string[]) => validateGraph(graph(disabled), catalogue);
const links = (disabled: readonly string[]) =>
  checked(disabled)
    .graph?.document.edges.map(({ source, target }) => `${source}>${target}`)
    .sort();

describe('a node that is switched off', () => {
  it('is no part of the run, and records pass by on the edge behind it', () => {
    const { findings, graph: result } = checked(['a']);
    expect(findings).toEqual([]);
    expect(result?.order).toEqual(['orders', 'b', 'out']);
    expect(links(['a'])).toEqual(['b>out', 'orders>b']);
    const behind = graph(['a']).edges.find(({ source }) => source === 'a')!;
    expect(result?.document.edges.find(({ target }) => target === 'b')?.id).toBe(behind.id);
  });

  it('may be one of several in a row', () => {
    expect(links(['a', 'b'])).toEqual(['orders>out']);
  });

  it('need not be set up', () => {
    const draft = graph(['a']);
    draft.nodes[1]!.config = { nothing: 'of this' };
    expect(validateGraph(draft, catalogue).findings).toEqual([]);
  });

  it('leaves the inputs behind a source without a link, which is said', () => {
    const { findings } = checked(['orders']);
    expect(findings.map(({ code, nodeId }) => [code, nodeId])).toContainEqual(['PORT_NOT_LINKED', 'a']);
  });
});
