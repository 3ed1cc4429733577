import { type Catalogue, type Delivery, deliveryOf } from '@millrace/sdk';
import type { GraphDocument } from './document.js';

export { deliveryOf };
export type DeliveryClass = Delivery;

/** What a graph promises as a whole, and the nodes that keep it from more. */
export interface GraphDelivery {
  /** The weakest class of its nodes: what may be lost weighs more than what may come twice. */
  class: DeliveryClass;
  /** Nodes below exactly-once, in document order. */
  because: { nodeId: string; class: DeliveryClass }[];
}

/** Weakest first. */
const ORDER: readonly DeliveryClass[] = ['at-most-once', 'at-least-once', 'exactly-once'];

export function graphDelivery(graph: Pick<GraphDocument, 'nodes'>, catalogue: Catalogue): GraphDelivery {
  const because = graph.nodes.flatMap((node) => {
    if (node.disabled) return [];
    const spec = catalogue.get(node.operator);
    const found = spec === undefined ? 'exactly-once' : deliveryOf(spec, node.config ?? {});
    return found === 'exactly-once' ? [] : [{ nodeId: node.id, class: found }];
  });
  const weakest = ORDER.find((one) => because.some((node) => node.class === one));
  return { class: weakest ?? 'exactly-once', because };
}
