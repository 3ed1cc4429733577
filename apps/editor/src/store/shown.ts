import type { GraphDocument } from '../api/types.js';
import { useEditor } from './editor.js';

type State = ReturnType<typeof useEditor.getState>;
let last: { published: GraphDocument; draft: GraphDocument; made: GraphDocument } | undefined;

/**
 * The graph on screen: the draft while drawing, the running version while watching. A node that both have stays where the
 * draft has it, so switching moves nothing.
 */
export function shownDoc(state: State): GraphDocument {
  const draft = state.history.doc;
  const { published } = state;
  if (state.mode !== 'live' || !published) return draft;
  if (last?.published === published && last.draft === draft) return last.made;
  const places = new Map(draft.nodes.map((node) => [node.id, node]));
  const nodes = published.nodes.map((node) => {
    const twin = places.get(node.id);
    return twin?.position
      ? { ...node, position: twin.position, ...(twin.label === undefined ? {} : { label: twin.label }) }
      : node;
  });
  last = { published, draft, made: { ...published, nodes } };
  return last.made;
}

export const useShownDoc = (): GraphDocument => useEditor(shownDoc);
