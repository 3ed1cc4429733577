import type { CheckedGraph } from '@millrace/graph';
import { type Catalogue, isSource } from '@millrace/sdk';

/**
 * Pass 1: how many tasks each node runs in. What the node says wins; a `single` operator and a by-key operator without a key
 * run in one; sources default to one; by-key operators take the workflow's number; all others follow what feeds them.
 */
export function chooseParallelism(
  checked: CheckedGraph,
  catalogue: Catalogue,
  override: number | undefined,
): Map<string, number> {
  const base = override ?? checked.document.settings?.parallelism ?? 1;
  const nodes = new Map(checked.document.nodes.map((node) => [node.id, node]));
  const chosen = new Map<string, number>();
  for (const id of checked.order) {
    const node = nodes.get(id)!;
    const spec = catalogue.get(node.operator)!;
    const feeding = checked.document.edges.filter((edge) => edge.target === id).map((edge) => chosen.get(edge.source)!);
    let tasks: number;
    if (spec.traits?.parallelism === 'single') tasks = 1;
    else if (isSource(spec)) tasks = node.parallelism ?? 1;
    else if (spec.traits?.partitioning === 'by-key') {
      const oneGroup = Object.keys(spec.inputs).every((port) => (spec.key?.(node.config, port) ?? []).length === 0);
      tasks = oneGroup ? 1 : (node.parallelism ?? base);
    } else tasks = node.parallelism ?? Math.max(1, ...feeding);
    chosen.set(id, tasks);
  }
  return chosen;
}
