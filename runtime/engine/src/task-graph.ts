import type { PlanEdge, PlanNode, PlanStage } from '@millrace/planner';
import {
  type Behaviour,
  type EventTimeConfig,
  fieldReader,
  isSource,
  keyGroupRange,
  MillraceError,
  type Problem,
  type Services,
  type SourceBehaviour,
  type StateSpec,
} from '@millrace/sdk';
import { ExchangeInput, type Input } from './inputs.js';
import { type NodeHost, NodeRunner } from './node-runner.js';
import { RekeyTarget } from './rekey.js';
import { SourceInput } from './source-input.js';
import { ListTable } from './state/list-table.js';
import { MapTable } from './state/map-table.js';
import type { Table, TableHost } from './state/table.js';
import { TimerQueue } from './state/timer-queue.js';
import { ValueTable } from './state/value-table.js';
import { ExchangeWriter, InnerTarget, keyFunction, type Target } from './targets.js';
import type { TaskMeta, TaskOptions } from './task-options.js';

/** Values a source may bring with one poll: few enough that their batch dies young in V8's heap. */
const POLL = 1024;

/** The nodes of one task with everything that hangs between them. */
export class TaskGraph {
  /** In topological order. */
  readonly nodes: NodeRunner[] = [];
  readonly inputs: Input[] = [];
  readonly writers: ExchangeWriter[] = [];
  readonly targets: Target[] = [];
  readonly tables: Table[] = [];
  readonly timers: TimerQueue[] = [];
  readonly sources = new Map<string, SourceBehaviour>();
  /** What operators say keeps them from going on; also of nodes that are still being opened. */
  readonly problems = new Map<string, Problem & { since: number }>();
  /** What the last commit of an earlier owner said. */
  resumed: TaskMeta | undefined;
  /** Keys of state in memory. */
  slots = 0;
  readonly #byId = new Map<string, NodeRunner>();
  readonly #partitions = new Map<string, readonly string[]>();
  readonly #channelBase = new Map<string, number>();
  /** Channels nobody writes to: the other senders of a task-to-task exchange. */
  readonly #silent: [NodeRunner, number][] = [];

  constructor(
    private readonly options: TaskOptions,
    private readonly stage: PlanStage,
    private readonly host: NodeHost,
  ) {}

  async build(meta: TaskMeta | undefined, wake: (source: string) => void): Promise<void> {
    const { plan } = this.options;
    this.resumed = meta;
    // A task that never committed starts fresh: only then may results of earlier runs stand in its way.
    const services = { ...this.options.services, fresh: meta === undefined };
    for (const id of this.stage.nodes) await this.#addNode(plan.nodes[id]!, services, wake);
    for (const edge of plan.edges) this.#wire(edge, meta);
    for (const [id, partitions] of this.#partitions) this.#addSourceInputs(id, partitions);
  }

  get sourceInputs(): SourceInput[] {
    return this.inputs.filter((input) => input instanceof SourceInput);
  }

  silence(): void {
    for (const [node, channel] of this.#silent) node.valve.setIdle(channel);
  }

  async #addNode(plan: PlanNode, services: Services, wake: (source: string) => void): Promise<void> {
    const { catalogue, clock, workflow, index } = this.options;
    const spec = catalogue.get(plan.operator);
    if (!spec) {
      throw new MillraceError(`This worker does not know the operator "${plan.operator}".`, {
        code: 'OPERATOR_UNKNOWN',
        nodeId: plan.id,
        params: { operator: plan.operator },
        hint: 'Start it with the same plugins as the server.',
      });
    }
    const compile = (expression: string) => this.options.compile(expression, this.options.plan.timeZone);
    const setup = {
      config: plan.config,
      nodeId: plan.id,
      workflow,
      taskIndex: index,
      parallelism: this.stage.parallelism,
      clock,
      timeZone: this.options.plan.timeZone,
      inputModes: plan.inputModes,
      compile,
      epoch: this.options.lease.epoch,
      problem: (problem: Problem | null) => {
        const known = this.problems.get(plan.id);
        if (problem === null) this.problems.delete(plan.id);
        else if (known?.code !== problem.code || known.message !== problem.message)
          this.problems.set(plan.id, { ...problem, since: clock.now() });
      },
      signal: this.host.stopping,
      services,
    };
    const state: { [name: string]: Table } = Object.create(null);
    let node: NodeRunner;
    if (isSource(spec)) {
      const source = spec.create({ ...setup, wake: () => wake(plan.id) });
      this.sources.set(plan.id, source);
      const partitions = (await source.partitions()).filter((_, i) => i % this.stage.parallelism === index);
      this.#partitions.set(plan.id, partitions);
      node = new NodeRunner(plan, {}, this.host, state, undefined, undefined, partitions.length, compile);
    } else {
      const behaviour: Behaviour = spec.create(setup);
      for (const [name, declared] of Object.entries(spec.state ?? {}))
        state[name] = this.#addTable(plan, name, declared);
      const [events, clocks] = behaviour.onTimer ? [this.#addTimers(plan.id, 0), this.#addTimers(plan.id, 1)] : [];
      node = new NodeRunner(plan, behaviour, this.host, state, events, clocks, this.#channelsOf(plan.id), compile);
    }
    this.nodes.push(node);
    this.#byId.set(plan.id, node);
  }

  get #groups(): [number, number] {
    return keyGroupRange(this.options.index, this.stage.parallelism);
  }

  #addTable(plan: PlanNode, name: string, spec: StateSpec): Table {
    const { store, clock } = this.options;
    const host: TableHost = {
      store,
      undo: this.host.undo,
      groups: this.#groups,
      now: () => clock.now(),
      grew: (slots) => {
        this.slots += slots;
      },
    };
    const ttl = spec.ttl?.(plan.config as never);
    const Kind = { value: ValueTable, map: MapTable, list: ListTable }[spec.kind];
    const table = new Kind(host, plan.id, name, spec, ttl);
    this.tables.push(table);
    return table;
  }

  #addTimers(node: string, kind: 0 | 1): TimerQueue {
    const timers = new TimerQueue(this.options.store, this.host.undo, node, kind, this.#groups);
    this.timers.push(timers);
    return timers;
  }

  /** Valve channels of a node: one for each inner edge, one for each sender of each exchange, in the order of the edges. */
  #channelsOf(id: string): number {
    let channels = 0;
    for (const edge of this.options.plan.edges) {
      if (edge.target !== id) continue;
      this.#channelBase.set(edge.id, channels);
      channels += edge.exchange === undefined ? 1 : this.#exchange(edge.exchange).senders;
    }
    return channels;
  }

  #exchange(id: string) {
    return this.options.plan.exchanges.find((exchange) => exchange.id === id)!;
  }

  #wire(edge: PlanEdge, meta: TaskMeta | undefined): void {
    const { plan, index, store } = this.options;
    const from = this.#byId.get(edge.source);
    const to = this.#byId.get(edge.target);
    const base = this.#channelBase.get(edge.id)!;
    if (edge.exchange === undefined) {
      if (from && to) this.#addTarget(from, edge, new InnerTarget(edge.id, to, edge.targetPort, base));
      return;
    }
    const exchange = this.#exchange(edge.exchange);
    if (from) {
      const keys = plan.nodes[edge.target]!.keys?.[edge.targetPort];
      const keyOf =
        keys && exchange.receivers > 1
          ? keyFunction(keys.map((key) => this.options.compile(key, plan.timeZone)))
          : undefined;
      const writer = new ExchangeWriter(exchange, index, keyOf, meta?.spread[exchange.id] ?? 0);
      this.writers.push(writer);
      this.#addTarget(from, edge, writer);
    }
    if (!to) return;
    const keyed = exchange.distribution === 'key';
    for (let sender = 0; sender < exchange.senders; sender++) {
      if (exchange.distribution === 'forward' && sender !== index) this.#silent.push([to, base + sender]);
      else
        this.inputs.push(
          new ExchangeInput(
            `${exchange.id}/${sender}`,
            to,
            edge.targetPort,
            base + sender,
            exchange,
            sender,
            keyed,
            store,
          ),
        );
    }
  }

  #addSourceInputs(id: string, partitions: readonly string[]): void {
    const { plan, clock } = this.options;
    const node = this.#byId.get(id)!;
    const { time } = plan.nodes[id]!.config as { time?: EventTimeConfig };
    partitions.forEach((partition, channel) => {
      const input = new SourceInput(`${id}/${partition}`, node, channel, partition, this.sources.get(id)!, {
        time,
        interval: this.stage.watermarks ? plan.watermarkInterval : 0,
        clock,
        pollSize: POLL,
        failed: (record, error) => {
          node.counters.in++;
          this.host.failed(node, record, 'out', error);
        },
      });
      this.inputs.push(input);
    });
  }

  #addTarget(from: NodeRunner, edge: PlanEdge, to: Target): void {
    let target = to;
    if (edge.rekey) {
      const { row, group } = edge.rekey;
      const compile = (part: string) => this.options.compile(part, this.options.plan.timeZone);
      const rows = this.#addTable(from.plan, `~rekey/${edge.id}`, { kind: 'value' }) as ValueTable;
      target = new RekeyTarget(
        to,
        rows,
        keyFunction(row.map(fieldReader)),
        keyFunction(group.map(compile)),
        this.host.undo,
      );
    }
    from.port(edge.sourcePort)?.targets.push(target);
    this.targets.push(target);
  }
}
