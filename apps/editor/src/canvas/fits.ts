import { currentDoc, known } from '../store/editor.js';
import { type LinkProblem, linkProblem, portsIn, portsOut } from '../store/linking.js';
import { flow } from './flow.js';

/** Why each port does not fit the one being dragged; undefined while nothing is dragged. */
export const fits: { reasons: Map<string, LinkProblem> | undefined } = { reasons: undefined };

/** Marks every port of the canvas as fitting or not, straight in the DOM: no card renders for it. */
export function showFits(node: string, port: string, backwards: boolean): void {
  const doc = currentDoc();
  const ends = known();
  fits.reasons = new Map();
  flow.pane?.classList.add('linking');
  for (const other of doc.nodes) {
    for (const end of backwards ? portsOut(other, ends, doc) : portsIn(other, ends)) {
      const here = { node, port };
      const there = { node: other.id, port: end.name };
      const problem = backwards ? linkProblem(doc, ends, there, here) : linkProblem(doc, ends, here, there);
      const key = `${other.id}/${end.name}`;
      if (problem) fits.reasons.set(key, problem);
      flow.pane
        ?.querySelector(`.react-flow__handle.${backwards ? 'source' : 'target'}[data-port="${CSS.escape(key)}"]`)
        ?.classList.add(problem ? 'no-fit' : 'fit');
    }
  }
}

export function clearFits(): void {
  fits.reasons = undefined;
  flow.pane?.classList.remove('linking');
  for (const element of flow.pane?.querySelectorAll('.fit,.no-fit') ?? []) element.classList.remove('fit', 'no-fit');
}
