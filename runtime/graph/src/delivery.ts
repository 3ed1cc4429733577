import type { AnyOperator, Catalogue, Traits } from '@millrace/sdk';
import type { GraphDocument } from './document.js';

export type DeliveryClass = NonNullable<Traits['delivery']>;

/** What a graph promises as a whole, and the nodes that keep it from more. */
export interface GraphDelivery {
  /** The weakest class of its nodes: what may be lost weighs more than what may come twice. */
  class: DeliveryClass;
  /** Nodes below exactly-once, in document order. */
  because: { nodeId: string; class: DeliveryClass }[];
}

/** Weakest first. */
const ORDER: readonly DeliveryClass[] = ['at-most-once', 'at-least-once', 'exactly-once'];

/** The guarantee at a node. A sink to the outside that says nothing may send again. */
export function deliveryOf(spec: AnyOperator): DeliveryClass {
  return spec.traits?.delivery ?? (spec.traits?.outside ? 'at-least-once' : 'exactly-once');
}

export function graphDelivery(graph: Pick<GraphDocument, 'nodes'>, catalogue: Catalogue): GraphDelivery {
  const because = graph.nodes.flatMap((node) => {
    const spec = catalogue.get(node.operator);
    const found = spec === undefined ? 'exactly-once' : deliveryOf(spec);
    return found === 'exactly-once' ? [] : [{ nodeId: node.id, class: found }];
  });
  const weakest = ORDER.find((one) => because.some((node) => node.class === one));
  return { class: weakest ?? 'exactly-once', because };
}
