import type { Commit, CommitReply, Entry, Lease, Restored, Row, TaskStore, TimerRow } from '@millrace/engine/ports';
import type { Plan } from '@millrace/planner';
import { keyGroupRange, MillraceError } from '@millrace/sdk';
import {
  laneKey,
  laneName,
  lettersKey,
  logKey,
  replayedKey,
  replaysKey,
  runKey,
  snapshotKey,
  taskKey,
  waitingKey,
} from '../keys.js';
import type { RedisTarget } from '../redis/connect.js';
import { Link } from '../redis/link.js';
import { callScript } from '../redis/script.js';
import { COMMIT, LOOK } from './commit-script.js';
import { LaneReader } from './lane-reader.js';
import { runGone } from './lease.js';
import { loadState } from './load-state.js';
import { Snapshots } from './snapshots.js';
import { StateWriter } from './state-codec.js';
import { StateCopy } from './state-copy.js';

export interface StoreOptions {
  redis: RedisTarget;
  run: string;
  plan: Plan;
  stage: string;
  index: number;
  lease: Lease;
  /** Bytes of keyed state and timers one task may hold in memory; more ends it with STATE_LIMIT. Default 256 MiB. */
  stateBytes?: number;
  log?(level: 'debug' | 'info' | 'warn' | 'error', message: string, fields?: { [name: string]: unknown }): void;
}

/** Dead letters kept for each node, the newest. */
const LETTERS = 100_000;
/** ms between looks at what waits in the task's outputs: while much waits, and while anything waits. */
const LOOK_SOON = 10;
const LOOK_LATER = 250;
/** Records waiting in a lane that make the store look often. */
const MUCH = 1_000;
/** Shares of the server's memory limit at which sources rest, and at which they go on. */
const FULL = 0.7;
const ROOM = 0.65;

/**
 * The store of one task on Redis, to be used inside the task's thread. It has connections of its own. When the server behind them
 * turns out to be another one than before (restart, failover), every call rejects with STORE_RESTARTED (retry: backoff): open the task
 * anew with a new lease, it resumes from what is stored.
 */
export async function openTaskStore(options: StoreOptions): Promise<TaskStore> {
  const { run, stage, index, redis, log } = options;
  const name = `millrace:${run}:${stage}:${index}`;
  const link = new Link(redis, 'commit', `${name}:commit`, log);
  try {
    const layout = await link.call((client) => client.hget(runKey(run), 'layout'));
    if (layout === null) throw runGone(run);
    return new BullTaskStore(options, link, Number(layout), name);
  } catch (error) {
    link.close();
    throw error;
  }
}

interface OutLane {
  name: string;
  key: string;
  /** Number of the last entry. */
  last: number;
}

class BullTaskStore implements TaskStore {
  readonly #taskKey: string;
  readonly #logKey: string;
  readonly #snapshotKey: string;
  readonly #waitingKey: string;
  readonly #groups: readonly [number, number];
  readonly #copy = new StateCopy();
  readonly #writer = new StateWriter();
  readonly #snapshots: Snapshots;
  readonly #reader: LaneReader | undefined;
  readonly #out = new Map<string, OutLane[]>();
  readonly #lanes: OutLane[] = [];
  readonly #waiting: number[] = [];
  /** Which server the task began with. */
  #server = '';
  #failure: unknown;
  /** performance.now() when the store last learnt what waits. */
  #lookedAt = 0;
  #events = 0;
  #seen = 0;
  #wakeWaiter: (() => void) | undefined;
  /** For a commit that is sent again: its number, and where the outputs stood before it. */
  #sent: { sequence: number; last: number[] } = { sequence: 0, last: [] };

  constructor(
    private readonly options: StoreOptions,
    private readonly link: Link,
    private readonly layout: number,
    name: string,
  ) {
    const { plan, run, stage, index, redis, log } = options;
    this.#taskKey = taskKey(run, layout, stage, index);
    this.#logKey = logKey(run, layout, stage, index);
    this.#snapshotKey = snapshotKey(run, layout, stage, index);
    this.#waitingKey = waitingKey(run, layout);
    this.#groups = keyGroupRange(index, plan.stages.find(({ id }) => id === stage)?.parallelism ?? 1);
    this.#snapshots = new Snapshots(this.#snapshotKey, this.#copy, this.#writer, this.#groups);
    let inputs = 0;
    for (const x of plan.exchanges) {
      if (x.to === stage) inputs += x.distribution === 'forward' ? 1 : x.senders;
      if (x.from !== stage) continue;
      const lanes = Array.from({ length: x.receivers }, (_, receiver): OutLane => {
        const lane = laneName(x.id, index, receiver);
        return { name: lane, key: laneKey(run, layout, lane), last: 0 };
      });
      this.#out.set(x.id, lanes);
      this.#lanes.push(...lanes);
    }
    this.#waiting = this.#lanes.map(() => 0);
    if (inputs > 0) {
      this.#reader = new LaneReader(
        new Link(redis, 'block', `${name}:read`, log),
        inputs,
        () => this.#event(),
        async () => {
          await this.#look(false);
        },
        (error) => this.#fail(error),
      );
    }
  }

  async restore(): Promise<Restored | null> {
    const { link, layout } = this;
    const { run, stage, index } = this.options;
    // First of all: whatever is read from here on belongs to this server's life.
    await this.#look(false);
    const [sequence, meta, finished] = await link.call((client) =>
      client.hmgetBuffer(this.#taskKey, 'sequence', 'meta', 'finished'),
    );
    if (!sequence) throw this.#fail(runGone(run));
    const { parts, logBytes } = await loadState((send) => link.call(send), { run, layout, stage, index }, this.#copy);
    this.#snapshots.restored(parts, logBytes);
    const numbers = await Promise.all(this.#lanes.map(({ key }) => this.#lastEntry(key)));
    this.#lanes.forEach((lane, i) => {
      lane.last = numbers[i]!;
    });
    if (!meta) return null;
    return { sequence: Number(sequence.toString()), meta, finished: finished?.toString() === '1' };
  }

  /** A lane keeps the number of its last entry also when all are gone. */
  async #lastEntry(key: string): Promise<number> {
    return this.link.call(async (client) => {
      try {
        const info = (await client.xinfo('STREAM', key)) as unknown[];
        return Number.parseInt(String(info[info.indexOf('last-generated-id') + 1]), 10);
      } catch (error) {
        if (/no such key/i.test((error as Error).message)) return 0;
        throw error;
      }
    });
  }

  loadRows(
    node: string,
    table: string,
    groups: readonly [number, number],
    limit: number,
    visit: (row: Row) => void,
  ): { complete: boolean } {
    return this.#copy.visitRows(node, table, groups, limit, visit);
  }

  scanRows(
    node: string,
    table: string,
    groups: readonly [number, number],
    from: unknown,
    limit: number,
  ): { rows: Row[]; next: unknown } {
    return this.#copy.scanRows(node, table, groups, from, limit);
  }

  readKey(node: string, group: number, table: string, key: string): Row[] {
    return this.#copy.readKey(node, group, table, key);
  }

  loadTimers(
    node: string,
    kind: 0 | 1,
    groups: readonly [number, number],
    after: { time: number; key: string; name: string } | null,
    limit: number,
  ): TimerRow[] {
    return this.#copy.timers(node, kind, groups, after, limit);
  }

  readEntries(exchange: string, sender: number, after: number, limit: number): Entry[] | undefined {
    this.#check();
    const { run, index } = this.options;
    return this.#reader!.take(laneKey(run, this.layout, laneName(exchange, sender, index)), after, limit);
  }

  async catchUp(): Promise<boolean> {
    this.#check();
    return this.#reader !== undefined && (await this.#reader.catchUp(this.link));
  }

  async readReplays(node: string): Promise<{ number: number; payload: Uint8Array }[]> {
    const { run } = this.options;
    const numbers = await this.link.call((client) => client.smembers(replaysKey(run, node)));
    const letters: { number: number; payload: Uint8Array }[] = [];
    for (const number of numbers.map(Number).sort((a, b) => a - b)) {
      const id = `${number}-0`;
      const [entry] = await this.link.call((client) => client.xrangeBuffer(lettersKey(run, node), id, id));
      if (entry) letters.push({ number, payload: entry[1][1]! });
    }
    return letters;
  }

  backlog(exchange: string): number {
    let most = 0;
    const lanes = this.#out.get(exchange);
    if (lanes === undefined) return 0;
    for (let i = 0; i < this.#lanes.length; i++) {
      if (this.#waiting[i]! > most && lanes.includes(this.#lanes[i]!)) most = this.#waiting[i]!;
    }
    return most;
  }

  #full = false;
  #memoryAt = 0;

  full(): boolean {
    const now = performance.now();
    if (now - this.#memoryAt > LOOK_LATER) {
      this.#memoryAt = now;
      void this.#glance(true);
    }
    return this.#full;
  }

  async commit(commit: Commit): Promise<CommitReply> {
    this.#check();
    const { keys, args } = this.#message(commit);
    const [reply, ...waiting] = (await this.link.call((client) => callScript(client, COMMIT, keys, args))) as [
      Buffer,
      ...number[],
    ];
    const answer = reply.toString('latin1');
    if (answer === 'RESTARTED') throw this.#fail(restarted());
    if (answer === 'GONE') throw this.#fail(runGone(this.options.run));
    if (answer !== 'FENCED') this.#setWaiting(waiting);
    return answer as CommitReply;
  }

  #message(commit: Commit): { keys: string[]; args: (string | number | Uint8Array)[] } {
    const { run, index } = this.options;
    const { sequence, lease } = commit;
    this.#rewind(sequence);
    const delta = this.#applyState(commit);
    const { fields, keepFrom } =
      delta === '' ? { fields: [], keepFrom: 0 } : this.#snapshots.advance(sequence, delta.length);
    const keys = [this.#taskKey, this.#logKey, this.#snapshotKey, this.#waitingKey, runKey(run)];
    const args: (string | number | Uint8Array)[] = [
      this.#server,
      lease.owner,
      lease.epoch,
      sequence,
      commit.meta,
      commit.finished ? 1 : 0,
      delta,
      keepFrom,
      LETTERS,
    ];
    args.push(fields.length);
    for (const { field, blob } of fields) args.push(field, blob ?? '');
    args.push(commit.outputs.length);
    for (const { exchange, receiver, payload, records } of commit.outputs) {
      const lane = this.#out.get(exchange)![receiver]!;
      keys.push(lane.key);
      args.push(lane.name, records, ++lane.last, payload);
    }
    args.push(commit.consumed.length);
    for (const { exchange, sender, sequence: upTo, records } of commit.consumed) {
      const lane = laneName(exchange, sender, index);
      keys.push(laneKey(run, this.layout, lane));
      args.push(lane, records, upTo + 1);
    }
    args.push(commit.deadLetters.length);
    for (const { node, payload } of commit.deadLetters) {
      keys.push(lettersKey(run, node));
      args.push(node, payload);
    }
    args.push(commit.replayed.length);
    for (const { node, number } of commit.replayed) {
      keys.push(replayedKey(run, node), replaysKey(run, node));
      args.push(number);
    }
    args.push(this.#lanes.length);
    for (const lane of this.#lanes) args.push(lane.name);
    return { keys, args };
  }

  /** A commit that is made again gives its outputs the numbers they had. */
  #rewind(sequence: number): void {
    if (this.#sent.sequence === sequence) {
      this.#lanes.forEach((lane, i) => {
        lane.last = this.#sent.last[i]!;
      });
    } else this.#sent = { sequence, last: this.#lanes.map(({ last }) => last) };
  }

  /** Takes the changes into the copy; answers them as a blob. */
  #applyState({ sequence, rows, timers }: Commit): Buffer | '' {
    if (rows.length === 0 && timers.length === 0) return '';
    const writer = this.#writer;
    const copy = this.#copy;
    writer.begin(sequence);
    for (const { key, value } of rows) {
      writer.row(key.node, key.table, key.group, key.key, key.sub, value);
      // A value of its own: the engine's blobs share slabs, and one small survivor would keep a whole slab.
      copy.row(key, value === undefined ? undefined : Uint8Array.prototype.slice.call(value));
    }
    for (const { timer, add } of timers) {
      writer.timer(timer, add);
      copy.timer(timer, add);
    }
    const limit = this.options.stateBytes ?? 256 * 1024 * 1024;
    if (copy.bytes > limit) throw this.#fail(tooMuchState(this.options, copy.bytes, limit));
    return writer.end(`${this.#logKey}/${sequence}`);
  }

  async #look(memory: boolean): Promise<void> {
    const [server, used, most, ...waiting] = (await this.link.call((client) =>
      callScript(client, LOOK, [this.#waitingKey], [memory ? 1 : 0, ...this.#lanes.map(({ name }) => name)]),
    )) as [Buffer, number, number, ...number[]];
    const id = server.toString('latin1');
    if (this.#server === '') this.#server = id;
    else if (this.#server !== id) throw this.#fail(restarted());
    this.#setWaiting(waiting);
    if (!memory) return;
    const full = most > 0 && used >= most * (this.#full ? ROOM : FULL);
    if (full !== this.#full) {
      this.#full = full;
      this.options.log?.(
        full ? 'warn' : 'info',
        full ? 'Redis is nearly full: sources rest' : 'Redis has room again: sources go on',
        { used, limit: most },
      );
      this.#event();
    }
  }

  #glancing: Promise<void> | undefined;

  /** A look that nobody depends on; one at a time, so that they do not pile up while Redis is away. */
  #glance(memory: boolean): Promise<void> {
    this.#glancing ??= this.#look(memory)
      .catch((error: unknown) => {
        this.#fail(error);
      })
      .finally(() => {
        this.#glancing = undefined;
      });
    return this.#glancing;
  }

  #setWaiting(waiting: readonly number[]): void {
    this.#lookedAt = performance.now();
    let room = false;
    for (let i = 0; i < waiting.length; i++) {
      if (waiting[i]! < this.#waiting[i]!) room = true;
      this.#waiting[i] = waiting[i]!;
    }
    if (room) this.#event();
  }

  async wait(ms: number): Promise<void> {
    this.#check();
    if (this.#events === this.#seen) {
      await new Promise<void>((resolve) => {
        const looking = this.#lookWhileWaiting();
        const done = () => {
          clearTimeout(timer);
          looking();
          this.#wakeWaiter = undefined;
          resolve();
        };
        const timer = setTimeout(done, ms);
        this.#wakeWaiter = done;
      });
    }
    this.#seen = this.#events;
    this.#check();
  }

  /** Nobody tells a sender that its receivers have caught up: it looks, often while much waits. Answers how to end that. */
  #lookWhileWaiting(): () => void {
    let timer: NodeJS.Timeout | undefined;
    let ended = false;
    const plan = () => {
      if (ended) return;
      let most = 0;
      for (const records of this.#waiting) if (records > most) most = records;
      if (most === 0) return;
      const next = this.#lookedAt + (most > MUCH ? LOOK_SOON : LOOK_LATER) - performance.now();
      timer = setTimeout(
        () => {
          void this.#glance(this.#memoryAt > 0).then(plan);
        },
        Math.max(1, next),
      );
    };
    plan();
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }

  wake(): void {
    this.#event();
  }

  #event(): void {
    this.#events++;
    this.#wakeWaiter?.();
  }

  #check(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** The store can do nothing more; answers the reason. */
  #fail(error: unknown): unknown {
    this.#failure ??= error;
    this.#event();
    return this.#failure;
  }

  close(): void {
    this.#reader?.close();
    this.link.close();
  }
}

function restarted(): MillraceError {
  return new MillraceError(
    'Redis was restarted or another server has taken its place; the task begins again from what it holds.',
    {
      code: 'STORE_RESTARTED',
      domain: 'external',
      retry: 'backoff',
      hint: 'Nothing to do: the task resumes by itself.',
    },
  );
}

function tooMuchState({ stage, index }: StoreOptions, bytes: number, limit: number): MillraceError {
  const mb = (n: number) => Math.round(n / (1024 * 1024));
  return new MillraceError(
    `Task ${stage}/${index} holds ${mb(bytes)} MB of state; at most ${mb(limit)} MB are allowed.`,
    {
      code: 'STATE_LIMIT',
      domain: 'user',
      retry: 'never',
      params: { stage, index, bytes, limit },
      hint: 'Raise the parallelism of its nodes, so that each task holds less; or shorten windows and times to live; or raise the limit if the workers have the memory.',
    },
  );
}
