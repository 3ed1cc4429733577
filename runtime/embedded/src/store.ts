import type { MessagePort } from 'node:worker_threads';
import type { Lease } from '@millrace/engine/ports';
import {
  deadLetterKey,
  entryKey,
  keyOf,
  partsOf,
  readTask,
  replayKey,
  seal,
  type TaskRecord,
  taskKey,
  unseal,
  writeTask,
} from '@millrace/engine/savepoint';
import type { Plan } from '@millrace/planner';
import { openEnvironment } from './environment.js';
import { type CommitAnswer, type CommitMessage, eachOp, type StoreRequest } from './messages.js';
import { readRun, writeRun } from './run-record.js';
import { writeSavepoint } from './savepoint.js';
import type { Signals } from './signals.js';

interface Attached {
  stage: string;
  index: number;
  lease: Lease;
  port: MessagePort;
  record: TaskRecord | undefined;
}

export interface StoreOptions {
  dataDir: string;
  plan: Plan;
  signals: Signals;
  durable: boolean;
}

/**
 * The one writer of a run's environment. A task thread may die at any moment; were it inside a write transaction, the environment's
 * write lock would die with it. So tasks send their commits here, and whatever has come in meanwhile becomes one transaction with one
 * flush. Answers the handler of the coordinator's requests; `answer` is called with each one's number when it is done.
 */
export function serveStore(
  { dataDir, plan, signals, durable }: StoreOptions,
  answer: (id: number) => void,
): (request: StoreRequest) => void {
  const environment = openEnvironment(dataDir, { durable });
  const tasks = new Map<string, Attached>();
  let queue: { task: Attached; commit: CommitMessage }[] = [];
  let scheduled = false;

  const letterNumbers = new Map<string, number>();

  function nextLetter(node: string): number {
    let number = letterNumbers.get(node);
    if (number === undefined) {
      const last = [
        ...environment.getKeys({
          start: keyOf('d', node, Number.MAX_SAFE_INTEGER),
          end: keyOf('d', node, -1),
          reverse: true,
          limit: 1,
        }),
      ][0];
      number = last ? (partsOf(last)[2] as number) : 0;
    }
    letterNumbers.set(node, ++number);
    return number;
  }

  function put(key: Buffer, value: Uint8Array): void {
    environment.putSync(key, seal(key, value));
  }

  /** Checks owner and sequence against what is stored; only an accepted commit is written. */
  function judge({ task, commit }: { task: Attached; commit: CommitMessage }, sequence: number): CommitAnswer['reply'] {
    const { lease } = commit;
    if (
      tasks.get(`${task.stage}/${task.index}`) !== task ||
      lease.owner !== task.lease.owner ||
      lease.epoch !== task.lease.epoch
    )
      return 'FENCED';
    if (commit.sequence === sequence + 1) return 'OK';
    return commit.sequence === sequence && task.record?.owner === lease.owner ? 'DUPLICATE' : 'FENCED';
  }

  function drain(): void {
    scheduled = false;
    const batch = queue;
    queue = [];
    const replies: CommitAnswer['reply'][] = [];
    const sequences = new Map<Attached, number>();
    try {
      environment.transactionSync(() => {
        for (const item of batch) {
          const { task, commit } = item;
          const reply = judge(item, sequences.get(task) ?? task.record?.sequence ?? 0);
          replies.push(reply);
          if (reply !== 'OK') continue;
          eachOp(
            commit.ops,
            (key, value) => put(key, value),
            (key) => environment.removeSync(key),
          );
          for (const { node, payload } of commit.deadLetters) put(deadLetterKey(node, nextLetter(node)), payload);
          const record = {
            owner: commit.lease.owner,
            epoch: commit.lease.epoch,
            sequence: commit.sequence,
            finished: commit.finished,
            meta: commit.meta,
          };
          put(taskKey(task.stage, task.index), writeTask(record));
          sequences.set(task, commit.sequence);
        }
      });
    } catch (error) {
      letterNumbers.clear();
      for (const { task, commit } of batch) {
        const answer: CommitAnswer = {
          id: commit.id,
          error: { message: (error as Error).message, code: (error as { code?: string }).code ?? 'STORE_WRITE' },
        };
        task.port.postMessage(answer);
      }
      return;
    }
    batch.forEach(({ task, commit }, i) => {
      const reply = replies[i]!;
      if (reply === 'OK') {
        task.record = {
          owner: commit.lease.owner,
          epoch: commit.lease.epoch,
          sequence: commit.sequence,
          finished: commit.finished,
          meta: commit.meta,
        };
        for (let at = 0; at < commit.sent.length; at += 3)
          signals.sent(commit.sent[at]!, commit.sent[at + 1]!, commit.sent[at + 2]!);
        for (let at = 0; at < commit.consumed.length; at += 2)
          signals.consumed(commit.consumed[at]!, commit.consumed[at + 1]!);
        for (const cell of commit.wake) signals.wake(cell);
      }
      task.port.postMessage({ id: commit.id, reply } satisfies CommitAnswer);
    });
  }

  function attach(request: StoreRequest & { type: 'attach' }): void {
    const { stage, index, lease, port } = request;
    // Commits that arrived before the hand-over still count; later ones of the old owner are refused.
    if (queue.length > 0) drain();
    const name = `${stage}/${index}`;
    const key = taskKey(stage, index);
    const stored = environment.get(key);
    const record = tasks.get(name)?.record ?? (stored ? readTask(unseal(key, stored)) : undefined);
    const task: Attached = { stage, index, lease, port, record };
    tasks.get(name)?.port.close();
    tasks.set(name, task);
    port.on('message', (commit: CommitMessage) => {
      queue.push({ task, commit });
      if (!scheduled) {
        scheduled = true;
        // Whatever other tasks have sent by then shares the flush.
        setImmediate(drain);
      }
    });
    // Only now may the task read what its predecessor left: nothing older can be written any more.
    port.postMessage({ id: 0, reply: 'OK' } satisfies CommitAnswer);
  }

  /** After a restart of the process: what lies in the exchanges counts as sent and not consumed. */
  for (const x of plan.exchanges) {
    for (let receiver = 0; receiver < x.receivers; receiver++) {
      for (let sender = 0; sender < x.senders; sender++) {
        const lane = signals.lane(x.id, sender, receiver);
        const range = {
          start: entryKey(x.id, receiver, sender, 0),
          end: entryKey(x.id, receiver, sender, Number.MAX_SAFE_INTEGER),
        };
        for (const { key, value } of environment.getRange(range))
          signals.sent(lane, 1, unseal(key, value).readUInt32LE(0));
      }
    }
  }

  return (request) => {
    if (request.type === 'attach') attach(request);
    else if (request.type === 'status') {
      const run = readRun(environment);
      if (run) writeRun(environment, { ...run, status: request.status as typeof run.status });
      answer(request.id);
    } else if (request.type === 'replay') {
      environment.transactionSync(() => {
        for (const { node, number } of request.letters) put(replayKey(node, number), Buffer.alloc(1));
      });
      answer(request.id);
    } else if (request.type === 'export') {
      writeSavepoint(environment, request.file);
      answer(request.id);
    } else {
      if (queue.length > 0) drain();
      void environment.close().then(() => {
        answer(request.id);
      });
    }
  };
}
