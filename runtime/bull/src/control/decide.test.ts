import type { FailureInfo } from '@millrace/engine';
import type { Plan } from '@millrace/planner';
import { describe, expect, it } from 'vitest';
import { decide, TAKE_TIMEOUT } from './decide.js';
import { type KnownTask, newTask, type RunControl, type TaskEntry } from './run-state.js';

const NOW = 1_000_000;
const plan = {
  stages: [
    { id: 'source', nodes: ['source'], parallelism: 1 },
    { id: 'sum', nodes: ['sum'], parallelism: 2 },
    { id: 'sink', nodes: ['sink'], parallelism: 1 },
  ],
  exchanges: [
    { id: 'e1', from: 'source', to: 'sum' },
    { id: 'e2', from: 'sum', to: 'sink' },
  ],
} as unknown as Plan;

const control = (change: Partial<RunControl> = {}): RunControl => ({
  goal: undefined,
  drain: false,
  draining: [],
  finishing: false,
  replays: 0,
  status: 'running',
  error: undefined,
  restarts: 0,
  fenced: 0,
  startedAt: 0,
  endedAt: undefined,
  lacking: 0,
  ...change,
});

const running = { state: 'running', worker: 'w1', generation: 3 } as const;

/** The run's four tasks, all at work on w1 unless told otherwise. */
function tasks(
  changes: { [field: string]: Partial<TaskEntry> } = {},
  others: Partial<TaskEntry> = running,
): KnownTask[] {
  return ['source/0', 'sum/0', 'sum/1', 'sink/0'].map((field) => {
    const entry = { ...newTask(NOW), ...others, ...changes[field] };
    return { field, entry, raw: JSON.stringify(entry) };
  });
}

const look = (known: KnownTask[], change: Partial<Parameters<typeof decide>[0]> = {}) =>
  decide({
    plan,
    control: control(),
    tasks: known,
    workers: new Set(['w1', 'w2']),
    reached: () => 0,
    now: NOW,
    ...change,
  });

const failure = (change: Partial<FailureInfo> = {}): FailureInfo => ({
  code: 'SINK_DOWN',
  message: 'down',
  domain: 'external',
  retry: 'backoff',
  hint: undefined,
  nodeId: 'sink',
  params: {},
  stack: undefined,
  ...change,
});

describe('what the supervisor decides about a run', () => {
  it('is nothing while all tasks are at work', () => {
    expect(look(tasks())).toMatchObject({ changes: [], place: [], status: 'running', over: false, restarts: 0 });
  });

  it('places tasks that wait, senders before receivers, once their time has come', () => {
    const known = tasks({ 'sink/0': { notBefore: NOW + 1 } }, { state: 'waiting' });
    const { place, status } = look(known, { control: control({ status: 'starting' }) });
    expect(place.map(({ field }) => field)).toEqual(['source/0', 'sum/0', 'sum/1']);
    expect(status).toBe('starting');
  });

  it('takes tasks from a worker that is gone, at once, and counts them as restarts', () => {
    const decision = look(tasks({ 'sum/1': { worker: 'gone' } }));
    expect(decision.changes).toMatchObject([
      { task: { field: 'sum/1' }, lost: true, entry: { state: 'waiting', worker: null, notBefore: 0, losses: 1 } },
    ]);
    expect(decision).toMatchObject({ restarts: 1, status: 'restarting' });
  });

  it('makes a task that kills its workers again and again wait longer, and fails the run in the end, for all to see', () => {
    let entry: TaskEntry = { ...newTask(NOW), ...running, worker: 'gone' };
    const delays: number[] = [];
    for (let i = 0; i < 30; i++) {
      const decision = look(tasks({ 'sum/0': entry }));
      if (decision.goal === 'failed') {
        expect(decision.error).toMatchObject({ code: 'TASK_LOST' });
        expect(delays.slice(0, 5)).toEqual([0, 0, 0, 100, 200]);
        return;
      }
      const [change] = decision.changes;
      delays.push(Math.max(0, change!.entry.notBefore - NOW));
      entry = { ...change!.entry, state: 'running', worker: 'gone' };
    }
    throw new Error('the run goes on for ever');
  });

  it('forgives losses of a task that has got further in between', () => {
    const lost = { worker: 'gone', losses: 3, reached: 10 };
    expect(look(tasks({ 'sum/0': lost })).changes[0]!.entry.notBefore).toBeGreaterThan(NOW);
    const progressed = look(tasks({ 'sum/0': lost }), { reached: () => 11 }).changes[0]!.entry;
    expect(progressed).toMatchObject({ notBefore: 0, losses: 1, reached: 11 });
  });

  it('starts a failed task again after a while, and one without guilt at once and uncounted', () => {
    const failed = (error: FailureInfo) => look(tasks({ 'sink/0': { state: 'failed', worker: null, error } }));
    expect(failed(failure())).toMatchObject({
      restarts: 1,
      changes: [{ entry: { state: 'waiting', notBefore: NOW + 100 } }],
    });
    expect(failed(failure({ code: 'FENCED', retry: 'never', domain: 'internal' }))).toMatchObject({
      restarts: 0,
      changes: [{ entry: { state: 'waiting', notBefore: 0 } }],
    });
  });

  it('ends the run with the error of a task that no other start can heal', () => {
    const error = failure({ code: 'FILE_MISSING', retry: 'never', domain: 'user' });
    const first = look(tasks({ 'source/0': { state: 'failed', worker: null, error } }));
    expect(first).toMatchObject({ goal: 'failed', error, status: 'pausing', over: false });
    const last = look(tasks({}, { state: 'ended', worker: null, end: 'paused' }), {
      control: control({ goal: 'failed', error }),
    });
    expect(last).toMatchObject({ over: true, status: 'failed' });
  });

  it('gives a lease to another when its worker does not take it', () => {
    const placed = { state: 'placed', since: NOW - TAKE_TIMEOUT } as const;
    expect(look(tasks({ 'sum/0': placed })).changes).toMatchObject([{ entry: { state: 'waiting' } }]);
    expect(look(tasks({ 'sum/0': { ...placed, since: NOW - 100 } })).changes).toEqual([]);
  });

  it('counts a task that its worker hands over as no restart', () => {
    const decision = look(tasks({ 'sum/0': { state: 'released', worker: null } }));
    expect(decision).toMatchObject({ restarts: 0, changes: [{ entry: { state: 'waiting', notBefore: 0 } }] });
  });

  it('pauses at once, also tasks that nobody has', () => {
    const { changes, place } = look(tasks({ 'sum/0': { state: 'waiting', worker: null } }), {
      control: control({ goal: 'paused' }),
    });
    expect(place).toEqual([]);
    expect(changes).toMatchObject([{ task: { field: 'sum/0' }, entry: { state: 'ended', end: 'paused' } }]);
  });

  it('drains stage by stage, and still replaces workers meanwhile', () => {
    const draining = control({ goal: 'paused', drain: true });
    expect(look(tasks(), { control: draining }).draining).toEqual(['source']);
    const ended = { state: 'ended', worker: null, end: 'paused' } as const;
    const waiting = { state: 'waiting', worker: null } as const;
    const later = look(tasks({ 'source/0': ended, 'sum/0': ended, 'sum/1': waiting }), { control: draining });
    expect(later.draining).toEqual(['source', 'sum']);
    expect(later.place.map(({ field }) => field)).toEqual(['sum/1']);
    expect(look(tasks({ 'source/0': ended, 'sum/0': ended, 'sum/1': ended }), { control: draining }).draining).toEqual([
      'source',
      'sum',
      'sink',
    ]);
  });

  it('is finished when all tasks are', () => {
    expect(look(tasks({}, { state: 'ended', worker: null, end: 'finished' }))).toMatchObject({
      over: true,
      status: 'finished',
    });
  });
});
