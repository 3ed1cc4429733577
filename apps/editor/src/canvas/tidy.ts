import type { GraphDocument } from '../api/types.js';
import type { Point } from '../store/edits.js';
import { type Known, portsIn, portsOut } from '../store/linking.js';
import { CARD_WIDTH, cardHeight } from './geometry.js';
import type { LayoutInput } from './layout.js';

let worker: Worker | undefined;
let next = 1;

/** Lays a graph out in the worker: 500 nodes take about a second there and block nothing here. */
export function layout(doc: GraphDocument, known: Known): Promise<Map<string, Point>> {
  worker ??= new Worker(new URL('./layout.worker.ts', import.meta.url), { type: 'module' });
  const id = next++;
  const input: LayoutInput = {
    nodes: doc.nodes.map((node) => ({
      id: node.id,
      width: CARD_WIDTH,
      height: cardHeight(portsIn(node, known).length, portsOut(node, known, doc).length),
    })),
    edges: doc.edges.map(({ source, target }) => ({ source, target })),
  };
  const running = worker;
  return new Promise((resolve, reject) => {
    const done = (event: MessageEvent<{ id: number; places: Array<[string, Point]> }>) => {
      if (event.data.id !== id) return;
      running.removeEventListener('message', done);
      resolve(new Map(event.data.places));
    };
    running.addEventListener('message', done);
    running.addEventListener('error', (event) => reject(new Error(event.message)), { once: true });
    running.postMessage({ id, input });
  });
}
