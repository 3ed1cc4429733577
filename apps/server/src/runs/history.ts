import type { MetricsSample, NodeMetrics } from './engine.js';

const SECONDS = 15 * 60;
/** How many minutes are kept. */
export const MINUTES = 24 * 60;

/** The metrics of one run: 15 minutes by the second, 24 hours by the minute. */
export class MetricsHistory {
  readonly #seconds: MetricsSample[] = [];
  readonly #minutes: MetricsSample[];
  #minute: MetricsSample[] = [];

  constructor(minutes: readonly MetricsSample[] = []) {
    this.#minutes = [...minutes];
  }

  /** Takes the sample of a second; answers the finished minute when one is over. */
  add(sample: MetricsSample): MetricsSample | undefined {
    push(this.#seconds, sample, SECONDS);
    const first = this.#minute[0];
    const over = first !== undefined && Math.floor(first.at / 60_000) !== Math.floor(sample.at / 60_000);
    const minute = over ? summarise(this.#minute) : undefined;
    if (minute !== undefined) {
      push(this.#minutes, minute, MINUTES);
      this.#minute = [];
    }
    this.#minute.push(sample);
    return minute;
  }

  /** Samples at or after `since`, oldest first. */
  read(since: number, step: 1 | 60): MetricsSample[] {
    return (step === 1 ? this.#seconds : this.#minutes).filter((sample) => sample.at >= since);
  }

  get last(): MetricsSample | undefined {
    return this.#seconds.at(-1);
  }
}

function push(list: MetricsSample[], sample: MetricsSample, limit: number): void {
  list.push(sample);
  if (list.length > limit) list.splice(0, list.length - limit);
}

const MEANS = ['inRate', 'outRate', 'aptUs', 'busy', 'idle', 'backPressured'] as const;

/** One sample for several: totals of the last, means of the rates and shares, the worst latency. */
export function summarise(samples: readonly MetricsSample[]): MetricsSample {
  const last = samples.at(-1)!;
  const nodes: MetricsSample['nodes'] = {};
  for (const [id, node] of Object.entries(last.nodes)) {
    const all = samples.flatMap((sample) => sample.nodes[id] ?? []);
    const summary: NodeMetrics = { ...node, latencyMs: worst(all) };
    for (const name of MEANS) summary[name] = all.reduce((sum, one) => sum + one[name], 0) / all.length;
    nodes[id] = summary;
  }
  const edges: MetricsSample['edges'] = {};
  for (const [id, edge] of Object.entries(last.edges)) {
    const rates = samples.map((sample) => sample.edges[id]?.rate ?? 0);
    edges[id] = { ...edge, rate: rates.reduce((sum, rate) => sum + rate, 0) / rates.length };
  }
  return { ...last, nodes, edges };
}

function worst(nodes: readonly NodeMetrics[]): NodeMetrics['latencyMs'] {
  const known = nodes.flatMap((node) => node.latencyMs ?? []);
  if (known.length === 0) return null;
  const max = (name: 'p50' | 'p95' | 'p99') => Math.max(...known.map((latency) => latency[name]));
  return { p50: max('p50'), p95: max('p95'), p99: max('p99') };
}
