import type { RedisTarget } from '../redis/connect.js';

/** How the processes of one installation find each other. */
export interface ControlTarget extends RedisTarget {
  /** Installations that share a Redis have different names. Default `millrace`. */
  instance?: string;
}

/**
 * Names of what the control plane keeps in Redis, beside the data of runs. The keys of an installation share one hash tag; those of a run
 * have the run's.
 *
 *   {instance}:workers      hash: worker → what it announced (JSON)
 *   {instance}:beats        sorted set: worker → time of its latest heartbeat by Redis' clock, ms
 *   {instance}:supervisor   string, expires: the process that supervises
 *   {instance}:runs         set: runs that are not at rest
 *   {instance}:tasks-<worker>:…   BullMQ queue of a worker's leases
 *   {run}:setup             string: what every task is started with (JSON, its digest is part of each job)
 *   {run}:control           hash: goal, status and counts of the run, see run-state.ts
 *   {run}:tasks             hash: <stage>/<index> → where the task is (JSON)
 *   {run}:reports           hash: <stage>/<index> → the task's own numbers
 *   {run}:lines             stream: printed lines and log entries of the tasks
 *   {run}:events            stream: leases lost, taken and at work again
 *   {run}:env               string: secrets of the run's tasks, sealed
 */
export function instanceKeys({ instance = 'millrace' }: ControlTarget) {
  const prefix = `{${instance}}`;
  return {
    prefix,
    workers: `${prefix}:workers`,
    beats: `${prefix}:beats`,
    supervisor: `${prefix}:supervisor`,
    runs: `${prefix}:runs`,
    /** Channel: something changed, look at once. */
    poke: `${prefix}:poke`,
    /** Channel that only this candidate hears. */
    supervises: (candidate: string) => `${prefix}:supervises:${candidate}`,
    /** Channel: messages for the tasks of a run, to all workers. */
    asks: `${prefix}:asks`,
    /** Channel: answers to samples. */
    answers: (id: string) => `${prefix}:answers:${id}`,
    queue: (worker: string) => `tasks-${worker}`,
  };
}

export type InstanceKeys = ReturnType<typeof instanceKeys>;

export const setupKey = (run: string) => `{${run}}:setup`;
export const controlKey = (run: string) => `{${run}}:control`;
export const tasksKey = (run: string) => `{${run}}:tasks`;
export const reportsKey = (run: string) => `{${run}}:reports`;
export const linesKey = (run: string) => `{${run}}:lines`;
export const eventsKey = (run: string) => `{${run}}:events`;
export const envKey = (run: string) => `{${run}}:env`;

/** What `dropRun` of the data plane does not know. */
export const controlKeysOf = (run: string) =>
  [setupKey, controlKey, tasksKey, reportsKey, linesKey, eventsKey, envKey].map((key) => key(run));
