import { describe, expect, it } from 'vitest';
import type { GraphDocument } from '../api/types.js';
import { copy, paste, readClip } from './clipboard.js';
import { runEdit, startHistory } from './history.js';

const doc: GraphDocument = {
  schema: 1,
  name: 'A',
  nodes: [
    { id: 'a', operator: 'x.y', config: { deep: { list: [1] } }, position: { x: 10, y: 20 } },
    { id: 'b', operator: 'x.y', position: { x: 110, y: 20 } },
    { id: 'c', operator: 'x.y', position: { x: 210, y: 20 } },
  ],
  edges: [
    { id: 'e1', source: 'a', target: 'b' },
    { id: 'e2', source: 'b', target: 'c' },
  ],
};
const empty: GraphDocument = { schema: 1, name: 'B', nodes: [], edges: [] };

describe('copy and paste', () => {
  it('copies the chosen nodes and the edges between them', () => {
    const clip = copy(doc, ['a', 'b'])!;
    expect(clip.nodes.map((node) => node.id)).toEqual(['a', 'b']);
    expect(clip.edges.map((edge) => edge.id)).toEqual(['e1']);
  });

  it('pastes into another workflow through plain text', () => {
    const clip = readClip(JSON.stringify(copy(doc, ['a', 'b'])))!;
    const { edit, ids } = paste(empty, clip, { x: 500, y: 500 });
    const made = runEdit(startHistory(empty), edit, 0).doc;
    expect(ids).toEqual(['a', 'b']);
    expect(made.nodes.map((node) => node.position)).toEqual([
      { x: 500, y: 500 },
      { x: 600, y: 500 },
    ]);
    expect(made.edges).toEqual([{ id: 'e1', source: 'a', target: 'b' }]);
  });

  it('gives new ids where they are taken and shares no object with the original', () => {
    const { edit } = paste(doc, copy(doc, ['a', 'b'])!, undefined);
    const made = runEdit(startHistory(doc), edit, 0).doc;
    expect(made.nodes.map((node) => node.id)).toEqual(['a', 'b', 'c', 'a-2', 'b-2']);
    expect(made.nodes[3]!.config).toEqual(doc.nodes[0]!.config);
    expect(made.nodes[3]!.config).not.toBe(doc.nodes[0]!.config);
  });

  it('reads a whole graph document and refuses other text', () => {
    expect(readClip(JSON.stringify(doc))?.nodes).toHaveLength(3);
    for (const text of ['', 'hello', '[]', '{}', '{"nodes":[]}', '{"nodes":[{"id":1}]}', 'null', '{"nodes":[null]}'])
      expect(readClip(text)).toBeUndefined();
  });
});
