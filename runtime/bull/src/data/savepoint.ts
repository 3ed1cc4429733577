import { randomBytes } from 'node:crypto';
import { decodeBlob, encodeBlob, sameShape } from '@millrace/engine';
import {
  deadLetterKey,
  entryKey,
  partsOf,
  RUN_KEY,
  readSavepointRows,
  readTask,
  replayKey,
  rowKey,
  rowOfKey,
  type SavedRun,
  SavepointWriter,
  taskKey as savedTaskKey,
  seal,
  sequenceKey,
  type TaskRecord,
  timerKey,
  unseal,
  writeTask,
} from '@millrace/engine/savepoint';
import type { Plan } from '@millrace/planner';
import { MillraceError } from '@millrace/sdk';
import { laneKey, laneName, lettersKey, replayedKey, replaysKey, runKey, taskKey, waitingKey } from '../keys.js';
import type { RedisClient } from '../redis/connect.js';
import { layTask } from './lay-out.js';
import { runGone } from './lease.js';
import { loadState } from './load-state.js';
import { hasEntries, lanesOf, migrateRun } from './migrate-run.js';
import { createRun, dropRun, readRun, readTasks, type StoredRun } from './runs.js';
import { StateCopy } from './state-copy.js';

/** Letters and entries in one reply. */
const AT_ONCE = 100;

/** Copies a run at rest (nobody works in it) into one portable file, which every backend reads. */
export async function exportSavepoint(redis: RedisClient, run: string, file: string): Promise<void> {
  const stored = await readRun(redis, run);
  if (stored === undefined) throw runGone(run);
  const writer = new SavepointWriter(file);
  const put = (key: Buffer, value: Uint8Array) => writer.row(key, seal(key, value));
  const tasks = await readTasks(redis, run, stored);
  const { graph, plan, workflow, startedAt, numbering, layout } = stored;
  const epoch = Math.max(0, ...tasks.map((task) => task.epoch));
  const record: SavedRun = { graph, plan, workflow, startedAt, numbering, status: 'paused', epoch };
  put(RUN_KEY, encodeBlob(record));
  for (const { stage, index, sequence, finished } of tasks) {
    const meta = await redis.hgetBuffer(taskKey(run, layout, stage, index), 'meta');
    if (meta) put(savedTaskKey(stage, index), writeTask({ owner: 'savepoint', epoch, sequence, finished, meta }));
    const copy = new StateCopy();
    await loadState((send) => send(redis), { run, layout, stage, index }, copy);
    copy.visit(
      ({ key, value }) => put(rowKey(key), value),
      (timer) => put(timerKey(timer), Buffer.from([timer.group])),
    );
  }
  await exportLanes(redis, run, stored, put);
  await exportLetters(redis, run, put);
  writer.end();
}

type Put = (key: Buffer, value: Uint8Array) => void;

async function exportLanes(redis: RedisClient, run: string, { plan, layout }: StoredRun, put: Put): Promise<void> {
  for (const { exchange, sender, receiver, name } of lanesOf(plan)) {
    const key = laneKey(run, layout, name);
    if ((await redis.exists(key)) === 0) continue;
    const info = (await redis.xinfo('STREAM', key)) as unknown[];
    const last = Buffer.alloc(8);
    last.writeDoubleLE(Number.parseInt(String(info[info.indexOf('last-generated-id') + 1]), 10));
    put(sequenceKey(exchange, receiver, sender), last);
    await eachEntry(redis, key, (sequence, [records, payload]) => {
      const count = Buffer.alloc(4);
      count.writeUInt32LE(Number(records!.toString('latin1')));
      put(entryKey(exchange, receiver, sender, sequence), Buffer.concat([count, payload!]));
    });
  }
}

async function exportLetters(redis: RedisClient, run: string, put: Put): Promise<void> {
  const fields = await redis.hkeys(runKey(run));
  for (const field of fields) {
    if (!field.startsWith('letters/')) continue;
    const node = field.slice('letters/'.length);
    const replayed = new Set(await redis.smembers(replayedKey(run, node)));
    await eachEntry(redis, lettersKey(run, node), (number, [, blob]) => {
      const letter = decodeBlob(blob!, 'A dead letter') as object;
      put(
        deadLetterKey(node, number),
        replayed.has(String(number)) ? encodeBlob({ ...letter, status: 'replayed' }) : blob!,
      );
    });
    for (const number of await redis.smembers(replaysKey(run, node)))
      put(replayKey(node, Number(number)), Buffer.alloc(1));
  }
}

async function eachEntry(
  redis: RedisClient,
  key: string,
  visit: (number: number, fields: Buffer[]) => void,
): Promise<void> {
  for (let from = '-'; ; ) {
    const entries = await redis.xrangeBuffer(key, from, '+', 'COUNT', AT_ONCE);
    for (const [id, fields] of entries) {
      visit(Number.parseInt(id.toString('latin1'), 10), fields);
      from = `(${id.toString('latin1')}`;
    }
    if (entries.length < AT_ONCE) return;
  }
}

interface Saved {
  run: SavedRun | undefined;
  tasks: Map<string, TaskRecord>;
  states: Map<string, StateCopy>;
  /** What must be written as it is: lanes' last numbers, entries, letters, replays. */
  writes: ((redis: RedisClient, run: string) => Promise<unknown>)[];
}

/**
 * Creates a run from a savepoint file, as `createRun` does from nothing, under a new numbering of the outboxes: the run it was taken
 * from may have gone on. When the file was written after a drain, the run is cut to `record.plan` at once; else it keeps the file's
 * plan, which has to work off its exchanges first (`readRun` tells which plan it has).
 */
export async function importSavepoint(
  redis: RedisClient,
  run: string,
  file: string,
  record: { plan: Plan; graph: string; workflow: string },
): Promise<void> {
  const saved = readSaved(file);
  if (saved.run === undefined) {
    throw new MillraceError(`The savepoint ${file} holds no run.`, {
      code: 'SAVEPOINT_DAMAGED',
      params: { file },
      hint: 'Use another savepoint, or start without one.',
    });
  }
  const { plan, epoch, startedAt } = saved.run;
  const fits = sameShape(plan, record.plan);
  await createRun(redis, run, {
    graph: fits ? record.graph : saved.run.graph,
    plan: fits ? record.plan : plan,
    workflow: record.workflow,
    startedAt,
    numbering: randomBytes(6).toString('hex'),
  });
  try {
    for (const stage of plan.stages) {
      for (let index = 0; index < stage.parallelism; index++) {
        const task = saved.tasks.get(`${stage.id}/${index}`);
        const place = { stage: stage.id, index, epoch, generation: 1 };
        const state = saved.states.get(stage.id) ?? new StateCopy();
        await layTask(
          redis,
          run,
          1,
          plan,
          { ...place, ...(task && { meta: task.meta, finished: task.finished }) },
          state,
        );
      }
    }
    for (const write of saved.writes) await write(redis, run);
    if (!fits && !(await hasEntries(redis, run))) await migrateRun(redis, run, record.plan, record.graph);
  } catch (error) {
    await dropRun(redis, run);
    throw error;
  }
}

function readSaved(file: string): Saved {
  const saved: Saved = { run: undefined, tasks: new Map(), states: new Map(), writes: [] };
  const stageOf = (node: string) => saved.run!.plan.nodes[node]?.stage;
  const later: [Buffer, Buffer][] = [];
  readSavepointRows(file, (key, sealed) => {
    if (key.equals(RUN_KEY)) saved.run = decodeBlob(unseal(key, sealed), 'The run record') as SavedRun;
    else later.push([key, sealed]);
  });
  if (saved.run === undefined) return saved;
  const stateOf = (node: string) => {
    const stage = stageOf(node);
    if (stage === undefined) return undefined;
    let state = saved.states.get(stage);
    if (state === undefined) {
      state = new StateCopy();
      saved.states.set(stage, state);
    }
    return state;
  };
  const lastNumbers: Saved['writes'] = [];
  for (const [key, sealed] of later) {
    const value = unseal(key, sealed);
    const parts = partsOf(key);
    const [letter] = parts;
    if (letter === 'm') saved.tasks.set(`${parts[1]}/${parts[2]}`, readTask(value));
    else if (letter === 's') stateOf(parts[1] as string)?.row(rowOfKey(parts), value);
    else if (letter === 't') {
      const [, node, kind, time, at, name] = parts as [string, string, 0 | 1, number, string, string];
      stateOf(node)?.timer({ node, kind, time, key: at, name, group: value[0]! }, true);
    } else (letter === 'q' ? lastNumbers : saved.writes).push(writeOf(parts, value));
  }
  // A lane's last number is set after its entries, which have lower ones.
  saved.writes.push(...lastNumbers);
  return saved;
}

/** How a row that is no state comes into Redis. */
function writeOf(parts: (string | number)[], value: Buffer): Saved['writes'][number] {
  const [letter] = parts;
  if (letter === 'q' || letter === 'x') {
    const [, exchange, receiver, sender, sequence] = parts as [string, string, number, number, number?];
    const lane = laneName(exchange, sender, receiver);
    if (sequence === undefined) {
      // Only the number of the last entry counts; a run at rest may have consumed them all.
      const last = value.readDoubleLE(0);
      return async (redis, run) => {
        const key = laneKey(run, 1, lane);
        if ((await redis.exists(key)) === 0) {
          await redis.xadd(key, `${last}-0`, '0', '');
          await redis.xtrim(key, 'MAXLEN', 0);
        }
      };
    }
    const records = value.readUInt32LE(0);
    return async (redis, run) => {
      await redis.xadd(laneKey(run, 1, lane), `${sequence}-0`, String(records), value.subarray(4));
      await redis.hincrby(waitingKey(run, 1), lane, records);
    };
  }
  const [, node, number] = parts as [string, string, number];
  if (letter === 'p') return (redis, run) => redis.sadd(replaysKey(run, node), number);
  if (letter !== 'd') return async () => undefined;
  return async (redis, run) => {
    const letterValue = decodeBlob(value, 'A dead letter') as { status?: string };
    await redis.xadd(lettersKey(run, node), `${number}-0`, 'p', value);
    await redis.hset(runKey(run), `letters/${node}`, number);
    if (letterValue.status === 'replayed') await redis.sadd(replayedKey(run, node), number);
  };
}
