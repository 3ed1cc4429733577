import { Backoff, type FailureInfo, isFinal, lostTask, type RunStatus } from '@millrace/engine';
import type { Plan } from '@millrace/planner';
import type { Goal, KnownTask, RunControl, TaskEntry } from './run-state.js';
import { placeOf } from './run-state.js';

/** ms after which a lease that its worker has not taken is given to another. */
export const TAKE_TIMEOUT = 5_000;
/** Times in a row a task may lose its worker, without having got further, before it has to wait. */
const FREE_LOSSES = 3;
/** Codes of ends that are no fault of the task: the lease went, or Redis is another one than before. */
const BLAMELESS = new Set(['FENCED', 'STORE_RESTARTED']);

export interface RunView {
  plan: Plan;
  control: RunControl;
  tasks: readonly KnownTask[];
  /** Workers that are alive. */
  workers: ReadonlySet<string>;
  /** Records taken in so far, of tasks that have failed or lost their worker. */
  reached(field: string): number;
  now: number;
}

/** What the supervisor has to do for a run. */
export interface Decision {
  /** Entries to write. */
  changes: { task: KnownTask; entry: TaskEntry; lost?: boolean }[];
  /** Tasks that need a worker now, in the order of the plan. */
  place: KnownTask[];
  goal: Goal | undefined;
  error: FailureInfo | undefined;
  draining: string[];
  restarts: number;
  status: RunStatus;
  /** Nothing of the run is left to do. */
  over: boolean;
}

/** One look at one run. Pure: everything it knows is told. */
export function decide(view: RunView): Decision {
  const { plan, control, now } = view;
  const decision: Decision = {
    changes: [],
    place: [],
    goal: control.goal,
    error: control.error,
    draining: control.draining,
    restarts: 0,
    status: control.status,
    over: false,
  };
  const entries = new Map(view.tasks.map((task) => [task.field, task.entry]));
  for (const task of view.tasks) {
    const entry = moved(view, task, decision);
    if (entry === undefined) continue;
    entries.set(task.field, entry);
  }
  const stopping = decision.goal !== undefined && !(decision.goal === 'paused' && control.drain);
  for (const task of view.tasks) {
    const entry = entries.get(task.field)!;
    if (entry.state !== 'waiting') continue;
    if (stopping) {
      const rest: TaskEntry = { ...entry, state: 'ended', end: 'paused', since: now };
      entries.set(task.field, rest);
      const known = decision.changes.find((change) => change.task === task);
      if (known) known.entry = rest;
      else decision.changes.push({ task, entry: rest });
    } else if (entry.notBefore <= now && entry === task.entry) decision.place.push(task);
  }
  decision.place.sort((a, b) => orderOf(plan, a) - orderOf(plan, b));
  if (control.goal === 'paused' && control.drain) decision.draining = drainable(plan, entries);
  decision.over = [...entries.values()].every((entry) => entry.state === 'ended');
  decision.status = statusOf(decision, control, entries);
  return decision;
}

/** The entry a task's news lead to; undefined = nothing new. */
function moved(view: RunView, task: KnownTask, decision: Decision): TaskEntry | undefined {
  const { now } = view;
  const { entry } = task;
  const change = (next: Partial<TaskEntry>, lost = false): TaskEntry => {
    const changed = { ...entry, since: now, worker: null, ...next };
    decision.changes.push({ task, entry: changed, ...(lost && { lost }) });
    return changed;
  };
  const fail = (error: FailureInfo): TaskEntry => {
    if (decision.goal === undefined) {
      decision.goal = 'failed';
      decision.error = error;
    }
    return change({ state: 'ended', end: 'paused', error });
  };
  if (entry.state === 'failed') {
    const error = entry.error!;
    if (BLAMELESS.has(error.code)) return change({ state: 'waiting', notBefore: 0, error: null });
    if (isFinal(error)) return fail(error);
    const { backoff, reached } = progressOf(view, task);
    const delay = backoff.next(now);
    if (delay === undefined) return fail(error);
    decision.restarts++;
    return change({ state: 'waiting', notBefore: now + delay, backoff: backoff.state, losses: 0, reached });
  }
  if (entry.state === 'released') return change({ state: 'waiting', notBefore: 0 });
  if (entry.state === 'placed' || entry.state === 'running') {
    if (entry.worker !== null && view.workers.has(entry.worker)) {
      if (entry.state === 'running' || now - entry.since < TAKE_TIMEOUT) return undefined;
      return change({ state: 'waiting', notBefore: 0 });
    }
    const { backoff, reached, progressed } = progressOf(view, task);
    const losses = progressed ? 1 : entry.losses + 1;
    decision.restarts++;
    if (losses <= FREE_LOSSES) return change({ state: 'waiting', notBefore: 0, losses, reached }, true);
    const delay = backoff.next(now);
    const { stage, index } = placeOf(task.field);
    if (delay === undefined) return fail(lostTask(stage, index));
    return change({ state: 'waiting', notBefore: now + delay, backoff: backoff.state, losses, reached }, true);
  }
  return undefined;
}

function progressOf(view: RunView, { field, entry }: KnownTask) {
  const backoff = new Backoff(undefined, entry.backoff ?? undefined);
  const reached = Math.max(entry.reached, view.reached(field));
  const progressed = reached > entry.reached;
  if (progressed) backoff.progressed();
  return { backoff, reached, progressed };
}

function orderOf(plan: Plan, { field }: KnownTask): number {
  const { stage, index } = placeOf(field);
  return plan.stages.findIndex(({ id }) => id === stage) * 1000 + index;
}

/** Stages all of whose senders have ended. */
function drainable(plan: Plan, entries: ReadonlyMap<string, TaskEntry>): string[] {
  const open = new Set<string>();
  for (const [field, entry] of entries) if (entry.state !== 'ended') open.add(placeOf(field).stage);
  return plan.stages
    .filter(({ id }) => plan.exchanges.every((exchange) => exchange.to !== id || !open.has(exchange.from)))
    .map(({ id }) => id);
}

function statusOf(
  { over, goal }: Decision,
  { status }: RunControl,
  entries: ReadonlyMap<string, TaskEntry>,
): RunStatus {
  if (over) return goal ?? 'finished';
  if (goal !== undefined) return 'pausing';
  const away = [...entries.values()].some(({ state }) => state !== 'running' && state !== 'ended');
  if (!away) return 'running';
  return status === 'starting' ? 'starting' : 'restarting';
}
