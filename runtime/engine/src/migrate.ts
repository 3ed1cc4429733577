import type { Plan } from '@millrace/planner';
import { MAX_TIME, MIN_TIME } from '@millrace/sdk';
import { decodeBlob, encodeBlob } from './codec.js';
import type { TaskMeta } from './task-options.js';
import type { ValveState } from './valve.js';

/** A task of the old plan as its last commit left it. */
export interface OldTask {
  stage: string;
  index: number;
  finished: boolean;
  meta: Uint8Array;
}

export interface NewTask {
  stage: string;
  index: number;
  finished: boolean;
  meta: Uint8Array;
}

/**
 * Progress of the tasks of a new plan, made from that of the old plan's tasks after a drain (all exchanges empty). Matched by node id:
 * source positions by partition, watermarks the minimum of the old tasks, counts in the first task. Keyed state and timers are stored
 * by key group, so they need nothing. A node that is new starts from nothing.
 */
export function migrateTasks(oldPlan: Plan, oldTasks: readonly OldTask[], plan: Plan): NewTask[] {
  const positions: TaskMeta['inputs'] = {};
  const watermarks = new Map<string, number>();
  const counters = new Map<string, number[]>();
  const sent = new Map<string, number>();
  const finishedNodes = new Set<string>();
  let born = 0;
  for (const stage of oldPlan.stages) {
    const tasks = oldTasks.filter((task) => task.stage === stage.id);
    if (tasks.length === stage.parallelism && tasks.every((task) => task.finished))
      for (const node of stage.nodes) finishedNodes.add(node);
    for (const task of tasks) {
      const meta = decodeBlob(task.meta, `The progress of stage "${stage.id}"`) as TaskMeta;
      if (meta.born > born) born = meta.born;
      Object.assign(positions, sourcePositions(oldPlan, meta));
      for (const [id, node] of Object.entries(meta.nodes)) {
        watermarks.set(id, Math.min(watermarks.get(id) ?? MAX_TIME, node.watermark));
        counters.set(
          id,
          node.counters.map((value, i) => value + (counters.get(id)?.[i] ?? 0)),
        );
      }
      for (const [edge, count] of Object.entries(meta.sent)) sent.set(edge, (sent.get(edge) ?? 0) + count);
    }
  }

  const tasks: NewTask[] = [];
  for (const stage of plan.stages) {
    const finished = stage.nodes.every((id) => finishedNodes.has(id));
    for (let index = 0; index < stage.parallelism; index++) {
      const inputs: TaskMeta['inputs'] = { ...positions };
      for (const exchange of plan.exchanges) {
        if (exchange.to !== stage.id) continue;
        const source = plan.edges.find((edge) => edge.id === exchange.id)!.source;
        for (let sender = 0; sender < exchange.senders; sender++)
          inputs[`${exchange.id}/${sender}`] = { sequence: 0, skip: 0, ended: finishedNodes.has(source) };
      }
      const nodes: TaskMeta['nodes'] = {};
      for (const id of stage.nodes) {
        const watermark = watermarks.get(id) ?? MIN_TIME;
        nodes[id] = {
          watermark,
          firing: false,
          valve: valveOf(plan, id, watermark, finishedNodes),
          counters: (index === 0 && counters.get(id)) || [0, 0, 0, 0, 0, 0],
        };
      }
      const edges = plan.edges.filter((edge) => stage.nodes.includes(edge.source));
      const meta: TaskMeta = {
        inputs,
        nodes,
        spread: {},
        sent: Object.fromEntries(edges.map((edge) => [edge.id, index === 0 ? (sent.get(edge.id) ?? 0) : 0])),
        born,
      };
      tasks.push({ stage: stage.id, index, finished, meta: encodeBlob(meta) });
    }
  }
  return tasks;
}

/** Only sources keep their positions; those of exchanges start anew with the new plan's lanes. */
function sourcePositions(plan: Plan, meta: TaskMeta): TaskMeta['inputs'] {
  const exchanges = new Set(plan.exchanges.map((exchange) => exchange.id));
  return Object.fromEntries(
    Object.entries(meta.inputs).filter(([id]) => !exchanges.has(id.slice(0, id.lastIndexOf('/')))),
  );
}

/** All channels at the node's watermark; those of ended inputs at the end of time. A source's channels are its partitions, numbered at start. */
function valveOf(plan: Plan, id: string, watermark: number, finished: ReadonlySet<string>): ValveState {
  const channels: ValveState['channels'] = [];
  for (const edge of plan.edges) {
    if (edge.target !== id) continue;
    const exchange = plan.exchanges.find((x) => x.id === edge.exchange);
    const at = finished.has(edge.source) ? MAX_TIME : watermark;
    for (let i = 0; i < (exchange?.senders ?? 1); i++) channels.push([at, false, true]);
  }
  return { channels, watermark, idle: false };
}
