import type { Plan } from './plan.js';

/** The plan in words, one block a stage: what `millrace explain` prints. */
export function explainPlan(plan: Plan): string {
  const lines: string[] = [
    `${plan.name}: ${plan.stages.length} ${plan.stages.length === 1 ? 'stage' : 'stages'}, ${plan.exchanges.length} ${plan.exchanges.length === 1 ? 'exchange' : 'exchanges'}, zone ${plan.timeZone}`,
    deliveryLine(plan),
  ];
  for (const stage of plan.stages) {
    const tasks = `${stage.parallelism} ${stage.parallelism === 1 ? 'task' : 'tasks'}`;
    lines.push(
      '',
      `Stage ${stage.id} · ${tasks}${stage.watermarks ? ` · watermarks every ${plan.watermarkInterval} ms` : ''}`,
    );
    for (const id of stage.nodes) {
      const node = plan.nodes[id]!;
      const key = node.keys ? ` · by ${keyWords(Object.values(node.keys)[0] ?? [])}` : '';
      lines.push(
        `  ${id}  ${node.operator}${node.label === id ? '' : ` "${node.label}"`}${key} · on error: ${node.onError}`,
      );
      for (const edge of plan.edges) {
        if (edge.source === id && edge.exchange === undefined)
          lines.push(`    ${edge.sourcePort} → ${edge.target}.${edge.targetPort}`);
      }
    }
    for (const exchange of plan.exchanges) {
      if (exchange.from !== stage.id) continue;
      const edge = plan.edges.find((e) => e.id === exchange.id)!;
      const how = { key: 'by key group', spread: 'spread evenly', forward: 'task to task' }[exchange.distribution];
      lines.push(
        `  ${exchange.outbox ? 'outbox' : 'exchange'} ${exchange.id}: ${edge.source}.${edge.sourcePort} → ${edge.target}.${edge.targetPort}, ${how}, ${exchange.senders} → ${exchange.receivers}`,
      );
    }
  }
  return lines.join('\n');
}

/** "this graph is at-least-once because of node X" */
function deliveryLine({ delivery, nodes }: Plan): string {
  const because = delivery.because.map(
    ({ nodeId, class: found }) =>
      `${nodeId} (${nodes[nodeId]?.operator}${found === delivery.class ? '' : `, ${found}`})`,
  );
  return `Delivery: ${delivery.class}${because.length > 0 ? `, because of ${because.join(', ')}` : ''}`;
}

function keyWords(key: readonly string[]): string {
  return key.length === 0 ? 'one group for all' : key.join(', ');
}
