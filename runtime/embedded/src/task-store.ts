import type { MessagePort } from 'node:worker_threads';
import { decodeBlob, encodeBlob } from '@millrace/engine';
import type { Commit, CommitReply, Entry, Lease, Restored, Row, TaskStore, TimerRow } from '@millrace/engine/ports';
import {
  deadLetterKey,
  entryKey,
  keyOf,
  partsOf,
  readTask,
  replayKey,
  rowKey,
  rowOfKey,
  sequenceKey,
  taskKey,
  timerKey,
  unseal,
} from '@millrace/engine/savepoint';
import type { Plan } from '@millrace/planner';
import { MillraceError } from '@millrace/sdk';
import type { Environment } from './environment.js';
import { type CommitAnswer, type CommitMessage, packOps } from './messages.js';
import type { Signals } from './signals.js';

interface Lane {
  lane: number;
  exchange: string;
  /** Task at the other end. */
  peer: number;
  peerCell: number;
}

/** One task's side of the store: reads the environment itself, sends commits to the store thread. */
export class EmbeddedTaskStore implements TaskStore {
  readonly #cell: number;
  #seen: number;
  readonly #out = new Map<string, Lane[]>();
  readonly #in = new Map<string, Lane>();
  readonly #sequences = new Map<string, number>();
  readonly #entriesRead = new Map<string, number>();
  readonly #pending = new Map<number, { resolve(reply: CommitReply): void; reject(error: Error): void }>();
  readonly #attached: Promise<void>;
  #nextId = 1;

  constructor(
    plan: Plan,
    private readonly stage: string,
    private readonly index: number,
    readonly lease: Lease,
    private readonly environment: Environment,
    private readonly signals: Signals,
    private readonly port: MessagePort,
  ) {
    this.#cell = signals.wakeCell(stage, index);
    this.#seen = signals.seen(this.#cell);
    for (const x of plan.exchanges) {
      if (x.from === stage) {
        const lanes: Lane[] = [];
        for (let r = 0; r < x.receivers; r++)
          lanes.push({
            lane: signals.lane(x.id, index, r),
            exchange: x.id,
            peer: r,
            peerCell: signals.wakeCell(x.to, r),
          });
        this.#out.set(x.id, lanes);
      }
      if (x.to === stage) {
        for (let s = 0; s < x.senders; s++) {
          this.#in.set(`${x.id}/${s}`, {
            lane: signals.lane(x.id, s, index),
            exchange: x.id,
            peer: s,
            peerCell: signals.wakeCell(x.from, s),
          });
        }
      }
    }
    this.#attached = new Promise((resolve) => {
      port.on('message', (answer: CommitAnswer) => {
        if (answer.id === 0) return resolve();
        const waiting = this.#pending.get(answer.id);
        this.#pending.delete(answer.id);
        if (answer.reply) waiting?.resolve(answer.reply);
        else waiting?.reject(writeFailed(answer.error!));
      });
    });
  }

  async restore(): Promise<Restored | null> {
    await this.#attached;
    this.environment.resetReadTxn();
    for (const [exchange, lanes] of this.#out) {
      for (const { peer } of lanes) {
        const key = sequenceKey(exchange, peer, this.index);
        const stored = this.environment.get(key);
        this.#sequences.set(`${exchange}/${peer}`, stored ? unseal(key, stored).readDoubleLE(0) : 0);
      }
    }
    const key = taskKey(this.stage, this.index);
    const stored = this.environment.get(key);
    if (!stored) return null;
    const { sequence, meta, finished } = readTask(unseal(key, stored));
    return { sequence, meta, finished };
  }

  loadRows(
    node: string,
    table: string,
    groups: readonly [number, number],
    limit: number,
    visit: (row: Row) => void,
  ): { complete: boolean } {
    this.environment.resetReadTxn();
    let count = 0;
    let last: string | undefined;
    for (const { key, value } of this.environment.getRange({
      start: keyOf('s', node, table, groups[0]),
      end: keyOf('s', node, table, groups[1] + 1),
    })) {
      const row = { key: rowOfKey(partsOf(key)), value: unseal(key, value) };
      if (row.key.key !== last && ++count > limit) return { complete: false };
      last = row.key.key;
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
    this.environment.resetReadTxn();
    const after = from as Buffer | null;
    const start = after ?? keyOf('s', node, table, groups[0]);
    const rows: Row[] = [];
    let last: Buffer | undefined;
    for (const { key, value } of this.environment.getRange({
      start,
      end: keyOf('s', node, table, groups[1] + 1),
      limit: limit + 1,
    })) {
      if (after?.equals(key)) continue;
      rows.push({ key: rowOfKey(partsOf(key)), value: unseal(key, value) });
      last = key;
      if (rows.length === limit) break;
    }
    return { rows, next: rows.length < limit ? null : Buffer.from(last!) };
  }

  readKey(node: string, group: number, table: string, key: string, cells: boolean): Row[] {
    this.environment.resetReadTxn();
    const exact = keyOf('s', node, table, group, key);
    if (!cells) {
      const value = this.environment.get(exact);
      return value ? [{ key: { node, group, table, key }, value: unseal(exact, value) }] : [];
    }
    const rows: Row[] = [];
    for (const { key: k, value } of this.environment.getRange({ start: exact })) {
      const at = partsOf(k);
      if (at[0] !== 's' || at[1] !== node || at[2] !== table || at[3] !== group || at[4] !== key) break;
      rows.push({ key: rowOfKey(at), value: unseal(k, value) });
    }
    return rows;
  }

  loadTimers(
    node: string,
    kind: 0 | 1,
    groups: readonly [number, number],
    after: { time: number; key: string; name: string } | null,
    limit: number,
  ): TimerRow[] {
    this.environment.resetReadTxn();
    const start = after ? keyOf('t', node, kind, after.time, after.key, after.name) : keyOf('t', node, kind);
    const timers: TimerRow[] = [];
    for (const { key, value } of this.environment.getRange({ start, end: keyOf('t', node, kind + 1) })) {
      if (after && key.equals(start)) continue;
      const group = unseal(key, value)[0]!;
      if (group < groups[0] || group > groups[1]) continue;
      const [, , , time, k, name] = partsOf(key) as [string, string, number, number, string, string];
      timers.push({ node, kind, group, time, key: k, name });
      if (timers.length >= limit) break;
    }
    return timers;
  }

  readEntries(exchange: string, sender: number, after: number, limit: number): Entry[] | undefined {
    const name = `${exchange}/${sender}`;
    const lane = this.#in.get(name)!;
    const committed = this.signals.entries(lane.lane);
    if (this.#entriesRead.get(name) === committed) return undefined;
    this.environment.resetReadTxn();
    const entries: Entry[] = [];
    const range = this.environment.getRange({
      start: entryKey(exchange, this.index, sender, after + 1),
      end: entryKey(exchange, this.index, sender, Number.MAX_SAFE_INTEGER),
      limit,
    });
    for (const { key, value } of range) {
      const row = unseal(key, value);
      entries.push({ sequence: partsOf(key)[4] as number, records: row.readUInt32LE(0), payload: row.subarray(4) });
    }
    if (entries.length < limit) this.#entriesRead.set(name, committed);
    return entries;
  }

  readReplays(node: string): { number: number; payload: Uint8Array }[] {
    this.environment.resetReadTxn();
    const letters: { number: number; payload: Uint8Array }[] = [];
    for (const key of this.environment.getKeys({
      start: keyOf('p', node, 0),
      end: keyOf('p', node, Number.MAX_SAFE_INTEGER),
    })) {
      const number = partsOf(key)[2] as number;
      const letter = deadLetterKey(node, number);
      const stored = this.environment.get(letter);
      if (stored) letters.push({ number, payload: unseal(letter, stored) });
    }
    return letters;
  }

  backlog(exchange: string): number {
    let most = 0;
    for (const { lane } of this.#out.get(exchange) ?? []) {
      const waiting = this.signals.waiting(lane);
      if (waiting > most) most = waiting;
    }
    return most;
  }

  /** For a commit that is made again: its number, and where the lanes stood before it. */
  #sent: { sequence: number; before: Map<string, number> } | undefined;

  commit(commit: Commit): Promise<CommitReply> {
    if (this.#sent?.sequence === commit.sequence) {
      for (const [name, sequence] of this.#sent.before) this.#sequences.set(name, sequence);
    } else this.#sent = { sequence: commit.sequence, before: new Map(this.#sequences) };
    const ops: { key: Uint8Array; value: Uint8Array | undefined }[] = [];
    const sent: number[] = [];
    const consumed: number[] = [];
    const wake = new Set<number>();
    for (const { key, value } of commit.rows) ops.push({ key: rowKey(key), value });
    for (const { timer, add } of commit.timers)
      ops.push({ key: timerKey(timer), value: add ? Buffer.from([timer.group]) : undefined });
    const touched = new Map<string, { exchange: string; receiver: number }>();
    for (const { exchange, receiver, payload, records } of commit.outputs) {
      const name = `${exchange}/${receiver}`;
      const sequence = (this.#sequences.get(name) ?? 0) + 1;
      this.#sequences.set(name, sequence);
      touched.set(name, { exchange, receiver });
      const value = Buffer.allocUnsafe(payload.length + 4);
      value.writeUInt32LE(records, 0);
      value.set(payload, 4);
      ops.push({ key: entryKey(exchange, receiver, this.index, sequence), value });
      const { lane, peerCell } = this.#out.get(exchange)![receiver]!;
      sent.push(lane, 1, records);
      wake.add(peerCell);
    }
    for (const [name, { exchange, receiver }] of touched) {
      const value = Buffer.alloc(8);
      value.writeDoubleLE(this.#sequences.get(name)!, 0);
      ops.push({ key: sequenceKey(exchange, receiver, this.index), value });
    }
    for (const { exchange, sender, from, sequence, records } of commit.consumed) {
      const { lane, peerCell } = this.#in.get(`${exchange}/${sender}`)!;
      consumed.push(lane, records);
      wake.add(peerCell);
      for (let done = from + 1; done <= sequence; done++)
        ops.push({ key: entryKey(exchange, this.index, sender, done), value: undefined });
    }
    for (const { node, number } of commit.replayed) {
      ops.push({ key: replayKey(node, number), value: undefined });
      const key = deadLetterKey(node, number);
      const stored = this.environment.get(key);
      if (stored)
        ops.push({
          key,
          value: encodeBlob({ ...(decodeBlob(unseal(key, stored), 'A dead letter') as object), status: 'replayed' }),
        });
    }
    const message: CommitMessage = {
      type: 'commit',
      id: this.#nextId++,
      lease: commit.lease,
      sequence: commit.sequence,
      finished: commit.finished,
      meta: commit.meta,
      ops: packOps(ops),
      sent,
      consumed,
      deadLetters: commit.deadLetters,
      wake: [...wake],
    };
    return new Promise((resolve, reject) => {
      this.#pending.set(message.id, { resolve, reject });
      this.port.postMessage(message, [message.ops.buffer as ArrayBuffer]);
    });
  }

  async wait(ms: number): Promise<void> {
    await this.signals.wait(this.#cell, this.#seen, ms);
    this.#seen = this.signals.seen(this.#cell);
  }

  wake(): void {
    this.signals.wake(this.#cell);
  }

  async close(): Promise<void> {
    this.port.close();
    await this.environment.close();
  }
}

function writeFailed(error: { message: string; code: string }): MillraceError {
  const full = error.code === 'ENOSPC' || /no space/i.test(error.message);
  return new MillraceError(`The commit could not be written: ${error.message}`, {
    code: full ? 'DISK_FULL' : 'STORE_WRITE',
    domain: 'external',
    retry: 'backoff',
    hint: full
      ? 'Free some space on the disk that holds the data directory; the run goes on by itself.'
      : 'Check the disk that holds the data directory.',
  });
}
