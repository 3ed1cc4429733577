import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { RunManager } from '../runs/manager.js';

/** Metrics of the server and of the running nodes, in Prometheus' text format. */
export class Prometheus {
  readonly #registry = new Registry();
  readonly #requests: Histogram<'method' | 'route' | 'status'>;
  readonly #ingested: Counter<'workflow' | 'node'>;

  constructor(runs: () => RunManager | undefined) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry, prefix: 'millrace_' });
    this.#requests = new Histogram({
      name: 'millrace_http_request_seconds',
      help: 'Time to answer a request.',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
      registers,
    });
    this.#ingested = new Counter({
      name: 'millrace_ingest_records_total',
      help: 'Records taken by ingest nodes and on disk.',
      labelNames: ['workflow', 'node'],
      registers,
    });
    const labelNames = ['workflow', 'node'] as const;
    const gauge = (name: string, help: string) => new Gauge({ name, help, labelNames, registers });
    const gauges = {
      in: gauge('millrace_node_records_in', 'Records a node has taken in since its run began.'),
      out: gauge('millrace_node_records_out', 'Records a node has given out since its run began.'),
      deadLettered: gauge('millrace_node_dead_letters', 'Records a node could not process since its run began.'),
      late: gauge('millrace_node_late_records', 'Records that came too late since the run began.'),
      inRate: gauge('millrace_node_in_rate', 'Records in per second.'),
      aptUs: gauge('millrace_node_processing_microseconds', 'Average processing time of a record.'),
      busy: gauge('millrace_node_busy_ratio', 'Share of time a node works.'),
      backPressured: gauge('millrace_node_back_pressured_ratio', 'Share of time a node waits for room.'),
    };
    const latency = new Gauge({
      name: 'millrace_node_latency_ms',
      help: 'Time from entering the system to a node.',
      labelNames: ['workflow', 'node', 'quantile'],
      registers,
    });
    new Gauge({
      name: 'millrace_runs_live',
      help: 'Runs that are live.',
      registers,
      collect() {
        latency.reset();
        for (const one of Object.values(gauges)) one.reset();
        let live = 0;
        for (const { doc } of runs()?.liveRuns ?? []) {
          live++;
          for (const [node, metrics] of Object.entries(runs()?.history(doc.id)?.last?.nodes ?? {})) {
            const labels = { workflow: doc.workflowId, node };
            for (const [name, one] of Object.entries(gauges)) one.set(labels, metrics[name as keyof typeof gauges]);
            for (const [name, value] of Object.entries(metrics.latencyMs ?? {}))
              latency.set({ ...labels, quantile: `0.${name.slice(1)}` }, value);
          }
        }
        this.set(live);
      },
    });
  }

  request(method: string, route: string, status: number, seconds: number): void {
    this.#requests.observe({ method, route, status: String(status) }, seconds);
  }

  ingested(workflow: string, node: string, records: number): void {
    this.#ingested.inc({ workflow, node }, records);
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }
}
