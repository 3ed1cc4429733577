import type { Plan } from '@millrace/planner';
import { compareKeys } from '@millrace/sdk';
import { decodeBlob } from '../codec.js';
import type {
  Commit,
  CommitReply,
  DeadLetter,
  Entry,
  Lease,
  Restored,
  Row,
  RowKey,
  TaskStore,
  TimerRow,
} from '../ports/index.js';

interface TaskRecord {
  lease: Lease;
  sequence: number;
  meta: Uint8Array;
  finished: boolean;
}

/** The ports in memory: the reference for the other backends, and what previews, oracles and unit tests run on. */
export class MemoryBackend {
  readonly tasks = new Map<string, TaskRecord>();
  readonly rows = new Map<string, Row>();
  readonly timers = new Map<string, TimerRow>();
  readonly lanes = new Map<string, { last: number; consumed: number; sent: number; entries: Entry[] }>();
  readonly deadLetters: DeadLetter[] = [];
  /** Numbers of dead letters to be processed again. */
  readonly replays = new Set<number>();
  /** Numbers of dead letters that were processed again. */
  readonly replayed = new Set<number>();
  readonly #waiting = new Set<() => void>();
  /** Commits accepted so far, for tests that crash at a chosen one. */
  commits = 0;
  /** Called before a commit is applied; throwing stands for a crash. */
  onCommit: ((commit: Commit) => void) | undefined;
  readonly #leases = new Map<string, Lease>();

  constructor(private readonly plan: Plan) {}

  open(stage: string, index: number, lease: Lease): TaskStore {
    const name = `${stage}/${index}`;
    const current = this.#leases.get(name);
    if (current === undefined || lease.epoch >= current.epoch) this.#leases.set(name, lease);
    return new MemoryTaskStore(this, this.plan, name, index, stage);
  }

  lane(exchange: string, sender: number, receiver: number) {
    const name = `${exchange}/${sender}/${receiver}`;
    let lane = this.lanes.get(name);
    if (!lane) {
      lane = { last: 0, consumed: 0, sent: 0, entries: [] };
      this.lanes.set(name, lane);
    }
    return lane;
  }

  apply(name: string, index: number, commit: Commit): CommitReply {
    const lease = this.#leases.get(name);
    if (!lease || lease.owner !== commit.lease.owner || lease.epoch !== commit.lease.epoch) return 'FENCED';
    const before = this.tasks.get(name);
    if (before && commit.sequence === before.sequence && before.lease.owner === commit.lease.owner) return 'DUPLICATE';
    if (commit.sequence !== (before?.sequence ?? 0) + 1) return 'FENCED';
    this.onCommit?.(commit);
    for (const { key, value } of commit.rows) {
      const id = rowId(key);
      if (value === undefined) this.rows.delete(id);
      else this.rows.set(id, { key, value });
    }
    for (const { timer, add } of commit.timers) {
      const id = JSON.stringify([timer.node, timer.kind, timer.time, timer.key, timer.name]);
      if (add) this.timers.set(id, timer);
      else this.timers.delete(id);
    }
    for (const { exchange, receiver, payload, records } of commit.outputs) {
      const lane = this.lane(exchange, index, receiver);
      lane.entries.push({ sequence: ++lane.last, payload, records });
      lane.sent += records;
    }
    for (const { exchange, sender, sequence, records } of commit.consumed) {
      const lane = this.lane(exchange, sender, index);
      lane.entries = lane.entries.filter((entry) => entry.sequence > sequence);
      lane.consumed += records;
    }
    this.deadLetters.push(...commit.deadLetters);
    for (const { number } of commit.replayed) {
      this.replays.delete(number);
      this.replayed.add(number);
    }
    this.tasks.set(name, {
      lease: commit.lease,
      sequence: commit.sequence,
      meta: commit.meta,
      finished: commit.finished,
    });
    this.commits++;
    this.notify();
    return 'OK';
  }

  letters(): { node: string; number: number; value: unknown; replayed: boolean }[] {
    return this.deadLetters.map(({ node, payload }, number) => {
      const { value } = decodeBlob(payload, 'A dead letter') as { value: unknown };
      return { node, number, value, replayed: this.replayed.has(number) };
    });
  }

  notify(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#waiting.add(done);
    });
  }
}

function rowId({ node, group, table, key, sub }: RowKey): string {
  return JSON.stringify([node, table, group, key, sub ?? null, typeof sub]);
}

class MemoryTaskStore implements TaskStore {
  constructor(
    private readonly backend: MemoryBackend,
    private readonly plan: Plan,
    private readonly name: string,
    private readonly index: number,
    private readonly stage: string,
  ) {}

  restore(): Restored | null {
    const record = this.backend.tasks.get(this.name);
    return record ? { sequence: record.sequence, meta: record.meta, finished: record.finished } : null;
  }

  loadRows(
    node: string,
    table: string,
    groups: readonly [number, number],
    limit: number,
    visit: (row: Row) => void,
  ): { complete: boolean } {
    const seen = new Set<string>();
    for (const row of this.backend.rows.values()) {
      const { key } = row;
      if (key.node !== node || key.table !== table || key.group < groups[0] || key.group > groups[1]) continue;
      if (!seen.has(key.key) && seen.size >= limit) return { complete: false };
      seen.add(key.key);
      visit(row);
    }
    return { complete: true };
  }

  scanRows(
    node: string,
    table: string,
    groups: readonly [number, number],
    from: unknown,
    limit: number,
  ): { rows: Row[]; next: unknown } {
    const all = [...this.backend.rows]
      .filter(([, { key }]) => key.node === node && key.table === table)
      .filter(([, { key }]) => key.group >= groups[0] && key.group <= groups[1])
      .filter(([id]) => from === null || id > (from as string))
      .sort(([a], [b]) => (a < b ? -1 : 1));
    const some = all.slice(0, limit);
    return { rows: some.map(([, row]) => row), next: some.length < all.length ? some.at(-1)![0] : null };
  }

  readKey(node: string, group: number, table: string, key: string): Row[] {
    return [...this.backend.rows.values()].filter(
      ({ key: at }) => at.node === node && at.table === table && at.group === group && at.key === key,
    );
  }

  loadTimers(
    node: string,
    kind: 0 | 1,
    groups: readonly [number, number],
    after: { time: number; key: string; name: string } | null,
    limit: number,
  ): TimerRow[] {
    const order = (a: { time: number; key: string; name: string }, b: { time: number; key: string; name: string }) =>
      a.time - b.time || compareKeys(a.key, b.key) || compareKeys(a.name, b.name);
    return [...this.backend.timers.values()]
      .filter(
        (t) =>
          t.node === node &&
          t.kind === kind &&
          t.group >= groups[0] &&
          t.group <= groups[1] &&
          (after === null || order(t, after) > 0),
      )
      .sort(order)
      .slice(0, limit);
  }

  readEntries(exchange: string, sender: number, after: number, limit: number): Entry[] | undefined {
    const entries = this.backend.lane(exchange, sender, this.index).entries.filter((entry) => entry.sequence > after);
    return entries.length > 0 ? entries.slice(0, limit) : undefined;
  }

  readReplays(node: string): { number: number; payload: Uint8Array }[] {
    return [...this.backend.replays]
      .sort((a, b) => a - b)
      .filter((n) => this.backend.deadLetters[n]?.node === node)
      .map((number) => ({ number, payload: this.backend.deadLetters[number]!.payload }));
  }

  backlog(exchange: string): number {
    const receivers = this.plan.exchanges.find((x) => x.id === exchange && x.from === this.stage)?.receivers ?? 0;
    let most = 0;
    for (let r = 0; r < receivers; r++) {
      const lane = this.backend.lane(exchange, this.index, r);
      most = Math.max(most, lane.sent - lane.consumed);
    }
    return most;
  }

  commit(commit: Commit): CommitReply {
    return this.backend.apply(this.name, this.index, commit);
  }

  wait(ms: number): Promise<void> {
    return this.backend.wait(ms);
  }

  wake(): void {
    this.backend.notify();
  }

  close(): void {}
}
