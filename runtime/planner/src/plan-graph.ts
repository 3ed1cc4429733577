import { type CheckedGraph, graphDelivery } from '@millrace/graph';
import { type Catalogue, inputPorts, isSource, outputPorts } from '@millrace/sdk';
import { fuseStages } from './fuse.js';
import { chooseParallelism } from './parallelism.js';
import type { Plan, PlanEdge, PlanExchange, PlanNode, PlanStage } from './plan.js';

export interface PlanOptions {
  /** Tasks of by-key nodes that do not say otherwise; overrides the document's setting. */
  parallelism?: number;
}

/** Compiles a checked graph. Pure: the same graph and options give the same plan. */
export function planGraph(checked: CheckedGraph, catalogue: Catalogue, options: PlanOptions = {}): Plan {
  const { document } = checked;
  const tasks = chooseParallelism(checked, catalogue, options.parallelism);
  const stageOf = fuseStages(checked, catalogue, tasks);
  const byId = new Map(document.nodes.map((node) => [node.id, node]));

  const nodes: { [id: string]: PlanNode } = Object.create(null);
  for (const id of checked.order) {
    const node = byId.get(id)!;
    const spec = catalogue.get(node.operator)!;
    const inputModes: PlanNode['inputModes'] = {};
    for (const edge of document.edges) {
      if (edge.target === id) {
        inputModes[edge.targetHandle ?? 'in'] = checked.outputs.get(edge.source)?.get(edge.sourceHandle ?? 'out')
          ?.mode ?? { mode: 'append' };
      }
    }
    const keyed = !isSource(spec) && spec.traits?.partitioning === 'by-key';
    nodes[id] = {
      id,
      label: node.label ?? spec.docs.title,
      operator: node.operator,
      config: node.config ?? {},
      onError: node.onError ?? 'dead-letter',
      keys: keyed
        ? Object.fromEntries(
            Object.keys(inputPorts(spec)).map((port) => [port, [...(spec.key?.(node.config, port) ?? [])]]),
          )
        : undefined,
      inputModes,
      outputs: Object.keys(outputPorts(spec, node.config)),
      stage: stageOf.get(id)!,
    };
  }

  const edges: PlanEdge[] = [];
  const exchanges: PlanExchange[] = [];
  for (const edge of document.edges) {
    const planned: PlanEdge = {
      id: edge.id,
      source: edge.source,
      sourcePort: edge.sourceHandle ?? 'out',
      target: edge.target,
      targetPort: edge.targetHandle ?? 'in',
    };
    const rekey = rekeyOf(nodes[edge.target]!, planned.targetPort);
    if (rekey) planned.rekey = rekey;
    edges.push(planned);
    const from = stageOf.get(edge.source)!;
    const to = stageOf.get(edge.target)!;
    if (from === to) continue;
    planned.exchange = edge.id;
    const senders = tasks.get(edge.source)!;
    const receivers = tasks.get(edge.target)!;
    exchanges.push({
      id: edge.id,
      from,
      to,
      distribution: nodes[edge.target]!.keys && receivers > 1 ? 'key' : senders === receivers ? 'forward' : 'spread',
      outbox: catalogue.get(nodes[edge.target]!.operator)!.traits?.outside === true,
      senders,
      receivers,
    });
  }

  return {
    format: 1,
    name: document.name,
    delivery: graphDelivery(document, catalogue),
    timeZone: document.settings?.timeZone ?? 'UTC',
    watermarkInterval: document.settings?.watermarkInterval ?? 100,
    nodes,
    stages: orderStages(checked, catalogue, tasks, stageOf, exchanges),
    exchanges,
    edges,
  };
}

/** Groups made of the row's own key fields never change: nothing to do. */
function rekeyOf(target: PlanNode, port: string): PlanEdge['rekey'] {
  const group = target.keys?.[port];
  const mode = target.inputModes[port];
  if (group === undefined || mode?.mode !== 'upsert' || group.every((part) => mode.key.includes(part)))
    return undefined;
  return { row: mode.key, group };
}

function orderStages(
  checked: CheckedGraph,
  catalogue: Catalogue,
  tasks: ReadonlyMap<string, number>,
  stageOf: ReadonlyMap<string, string>,
  exchanges: readonly PlanExchange[],
): PlanStage[] {
  const members = new Map<string, string[]>();
  for (const id of checked.order) {
    const stage = stageOf.get(id)!;
    const list = members.get(stage);
    if (list) list.push(id);
    else members.set(stage, [id]);
  }
  const byId = new Map(checked.document.nodes.map((node) => [node.id, node]));
  const watches = new Set<string>();
  const ordered: string[] = [];
  const waiting = new Map(
    [...members.keys()].map((stage) => [stage, new Set(exchanges.filter((x) => x.to === stage).map((x) => x.from))]),
  );
  while (waiting.size > 0) {
    for (const [stage, before] of waiting) {
      if ([...before].some((other) => waiting.has(other))) continue;
      ordered.push(stage);
      waiting.delete(stage);
      break;
    }
  }
  for (const stage of [...ordered].reverse()) {
    const own = members.get(stage)!.some((id) => catalogue.get(byId.get(id)!.operator)!.traits?.eventTime === true);
    if (own || exchanges.some((x) => x.from === stage && watches.has(x.to))) watches.add(stage);
  }
  return ordered.map((stage) => ({
    id: stage,
    nodes: members.get(stage)!,
    parallelism: tasks.get(members.get(stage)![0]!)!,
    watermarks: watches.has(stage),
  }));
}
