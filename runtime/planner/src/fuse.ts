import type { CheckedGraph } from '@millrace/graph';
import type { Catalogue } from '@millrace/sdk';

/**
 * Pass 2: which nodes share a stage. An edge is fused when both ends run in as many tasks and nothing must be re-partitioned;
 * sinks outside the process always stand alone behind their outbox. Stages never form a cycle.
 */
export function fuseStages(
  checked: CheckedGraph,
  catalogue: Catalogue,
  tasks: ReadonlyMap<string, number>,
): Map<string, string> {
  const operators = new Map(checked.document.nodes.map((node) => [node.id, catalogue.get(node.operator)!]));
  const stageOf = new Map<string, string>();
  /** Direct successors between stages. */
  const after = new Map<string, Set<string>>();

  const reaches = (from: string, to: string): boolean => {
    const seen = new Set<string>([from]);
    const queue = [from];
    for (let stage = queue.pop(); stage !== undefined; stage = queue.pop()) {
      for (const next of after.get(stage) ?? []) {
        if (next === to) return true;
        if (!seen.has(next)) {
          seen.add(next);
          queue.push(next);
        }
      }
    }
    return false;
  };

  const merge = (into: string, gone: string) => {
    for (const [node, stage] of stageOf) if (stage === gone) stageOf.set(node, into);
    const successors = after.get(into)!;
    for (const next of after.get(gone) ?? []) successors.add(next);
    after.delete(gone);
    for (const set of after.values()) if (set.delete(gone)) set.add(into);
    successors.delete(into);
  };

  for (const id of checked.order) {
    const spec = operators.get(id)!;
    const incoming = checked.document.edges.filter((edge) => edge.target === id);
    const standsAlone = spec.traits?.outside === true;
    const rekeys = spec.traits?.partitioning === 'by-key' && tasks.get(id)! > 1;
    const candidates = new Set<string>();
    for (const edge of incoming) {
      const fusable = !standsAlone && !rekeys && tasks.get(edge.source) === tasks.get(id);
      if (fusable) candidates.add(stageOf.get(edge.source)!);
    }
    const feeding = new Set(incoming.map((edge) => stageOf.get(edge.source)!));
    // Joining a stage that another input depends on would close a loop between stages.
    const usable = [...candidates].filter((stage) =>
      [...feeding].every((other) => other === stage || !reaches(stage, other)),
    );
    let stage = usable[0];
    if (stage === undefined) {
      stage = id;
      after.set(stage, new Set());
    } else {
      for (const other of usable.slice(1)) {
        if (!reaches(stage, other) && !reaches(other, stage)) merge(stage, other);
      }
    }
    stageOf.set(id, stage);
    for (const edge of incoming) {
      const from = stageOf.get(edge.source)!;
      if (from !== stage) after.get(from)!.add(stage);
    }
  }
  return stageOf;
}
