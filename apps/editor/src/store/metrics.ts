import type { EdgeSample, MetricsSample, NodeSample } from '../api/types.js';

/** Seconds of a sparkline. */
const HISTORY = 60;
/** Samples kept for the charts of this tab: 15 min at 1 s. */
const KEPT = 900;
/** A node that passed nothing for this long is idle. */
const IDLE_MS = 30_000;
/** Numbers older than this are not live any more. */
export const STALE_MS = 5000;

export type NodeLive = 'running' | 'waiting' | 'idle' | 'busy' | 'held' | 'failing' | 'stopped';
type Listener = () => void;

class Topic {
  #listeners = new Map<string, Set<Listener>>();
  on(id: string, listener: Listener): () => void {
    let set = this.#listeners.get(id);
    if (!set) {
      set = new Set();
      this.#listeners.set(id, set);
    }
    set.add(listener);
    return () => set.delete(listener);
  }
  emit(id: string): void {
    const set = this.#listeners.get(id);
    if (set) for (const listener of set) listener();
  }
  emitAll(): void {
    for (const set of this.#listeners.values()) for (const listener of set) listener();
  }
}

/** Rate steps of the water, records/s: 1.5, 2, 3, 4, 5, 6 px. */
const STEPS = [10, 100, 300, 1000, 10_000];

/** Width step of a rate. Once on a step, the rate must pass its bound by 10 % to leave it, so widths do not flicker. */
export function rateStep(value: number, before: number | undefined): number {
  let step = 0;
  while (step < STEPS.length && value >= STEPS[step]!) step++;
  if (before === undefined || step === before) return step;
  if (step > before) return value >= STEPS[step - 1]! * 1.1 ? step : Math.max(before, step - 1);
  return value <= STEPS[step]! * 0.9 ? step : Math.min(before, step + 1);
}

/** NiFi's thresholds. */
export const fillLevel = (fill: number | null): 'ok' | 'warn' | 'bad' =>
  fill === null || fill <= 0.6 ? 'ok' : fill <= 0.85 ? 'warn' : 'bad';

/**
 * All live numbers, outside React: each card and edge subscribes to its own id and writes its own text nodes, so a sample of
 * 500 nodes re-renders nothing. `status` and `edgeLook` are strings that change rarely; those alone cause renders.
 */
export class MetricsStore {
  latest: MetricsSample | undefined;
  samples: MetricsSample[] = [];
  #receivedAt = 0;
  #nodes = new Topic();
  #edges = new Topic();
  #all = new Topic();
  #rates = new Map<string, number[]>();
  #moved = new Map<string, number>();
  #steps = new Map<string, number>();
  #restarts = new Map<string, { count: number; at: number }>();

  onNode = (id: string, listener: Listener) => this.#nodes.on(id, listener);
  onEdge = (id: string, listener: Listener) => this.#edges.on(id, listener);
  onSample = (listener: Listener) => this.#all.on('', listener);

  reset(): void {
    this.latest = undefined;
    this.samples = [];
    this.#rates.clear();
    this.#moved.clear();
    this.#steps.clear();
    this.#restarts.clear();
    this.#receivedAt = 0;
    this.#nodes.emitAll();
    this.#edges.emitAll();
    this.#all.emit('');
  }

  /** History of before this tab looked; older than what is here already. */
  prime(samples: readonly MetricsSample[]): void {
    const last = samples.at(-1);
    if (!last || (this.latest && this.latest.at >= last.at)) return;
    for (const sample of samples) this.#take(sample);
    this.#notify(last, Date.now());
  }

  push(sample: MetricsSample, now: number): void {
    this.#take(sample);
    this.#notify(sample, now);
  }

  #take(sample: MetricsSample): void {
    this.samples.push(sample);
    if (this.samples.length > KEPT + 60) this.samples.splice(0, 60);
    for (const id in sample.nodes) {
      const node = sample.nodes[id]!;
      let rates = this.#rates.get(id);
      if (!rates) {
        rates = [];
        this.#rates.set(id, rates);
      }
      const value = Math.max(node.inRate, node.outRate);
      rates.push(value);
      if (rates.length > HISTORY) rates.shift();
      if (value > 0 || !this.#moved.has(id)) this.#moved.set(id, sample.at);
      const restarts = node.restarts ?? 0;
      const known = this.#restarts.get(id);
      if (known && restarts > known.count) this.#restarts.set(id, { count: restarts, at: sample.at });
      else if (!known) this.#restarts.set(id, { count: restarts, at: 0 });
    }
    for (const id in sample.edges) this.#steps.set(id, rateStep(sample.edges[id]!.rate, this.#steps.get(id)));
  }

  #notify(sample: MetricsSample, now: number): void {
    this.latest = sample;
    this.#receivedAt = now;
    for (const id in sample.nodes) this.#nodes.emit(id);
    for (const id in sample.edges) this.#edges.emit(id);
    this.#all.emit('');
  }

  /** Everything on the canvas is written anew, e.g. because more of it is shown now. */
  touch(): void {
    this.#nodes.emitAll();
    this.#edges.emitAll();
  }

  node(id: string): NodeSample | undefined {
    return this.latest?.nodes[id];
  }
  edge(id: string): EdgeSample | undefined {
    return this.latest?.edges[id];
  }
  rates(id: string): readonly number[] {
    return this.#rates.get(id) ?? [];
  }
  stale(now: number): boolean {
    return this.latest !== undefined && now - this.#receivedAt > STALE_MS;
  }
  get receivedAt(): number {
    return this.#receivedAt;
  }

  /** The one state of a node: failing > stopped > waiting for an outside system > held back > busy > stopped > idle > running. */
  status(id: string): NodeLive | undefined {
    const sample = this.latest;
    const node = sample?.nodes[id];
    if (!sample || !node) return undefined;
    const restart = this.#restarts.get(id);
    if (sample.status === 'restarting' || (restart && restart.at > 0 && sample.at - restart.at < 10_000))
      return 'failing';
    if (sample.status !== 'running' && sample.status !== 'starting' && sample.status !== 'pausing') return 'stopped';
    if (node.problem) return 'waiting';
    if (node.backPressured > 0.3) return 'held';
    if (node.busy > 0.85) return 'busy';
    if (sample.at - (this.#moved.get(id) ?? sample.at) > IDLE_MS) return 'idle';
    return 'running';
  }

  /** Everything of an edge that changes its drawing: `step|level`; undefined when nothing is known. */
  edgeLook(id: string): string | undefined {
    const edge = this.latest?.edges[id];
    return edge ? `${this.#steps.get(id) ?? 0}|${fillLevel(edge.fill)}` : undefined;
  }
}

export const metrics = new MetricsStore();
