import { randomUUID } from 'node:crypto';
import { Queue } from 'bullmq';
import { fenceTask } from '../data/lease.js';
import { readRun, readTasks, setRunStatus } from '../data/runs.js';
import { callScript, plainError, type Script } from '../redis/script.js';
import { type ControlClient, Nap } from './client.js';
import { type Decision, decide } from './decide.js';
import { digestOf, type RunSetup, signJob } from './job.js';
import { controlKey, setupKey, tasksKey } from './keys.js';
import { addLoad, chooseMove, chooseWorker, emptyLoad, type Load } from './placement.js';
import { forget, type WorkerInfo } from './registry.js';
import { readReports, takenIn } from './reports.js';
import { changeTask, controlOf, entriesOf, type KnownTask, noteEvent, placeOf, type RunControl } from './run-state.js';
import { WorkerWatch } from './watch.js';

/** ms a supervisor stays one without renewing. */
const TERM = 600;
/** ms between two tries to become one. */
const TRY_EVERY = 100;
/** ms between two looks while runs are alive, and while none is. */
const LOOK_EVERY = 100;
const IDLE_LOOK_EVERY = 300;

/** ms between two moves of tasks of a run to emptier workers, and that a task must have been at work before it moves. */
const MOVE_EVERY = 3_000;

const HOLD: Script = {
  name: 'millraceHoldSupervision',
  lua: `#!lua flags=allow-oom
-- KEYS  1 supervisor
-- ARGV  1 candidate   2 term in ms   3 holder that is known to be gone, or ''
-- returns  '': the candidate supervises | who does
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] and holder ~= ARGV[3] then return holder end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return ''
`,
};

interface KnownRun {
  plan: import('@millrace/planner').Plan;
  setup: RunSetup;
  digest: string;
  /** Text of the setup: when it changes, so may have the plan. */
  raw: string;
}

/**
 * Leads all runs to where they are wanted: gives their tasks to workers, takes them from workers that are gone or frozen, starts failed
 * ones again. Every process of an installation has one; the one that holds the lease in Redis works, the others wait to take over.
 */
export class Supervisor {
  readonly #id: string;
  readonly #client: ControlClient;
  readonly #watch: WorkerWatch;
  readonly #nap = new Nap();
  readonly #runs = new Map<string, KnownRun>();
  readonly #queues = new Map<string, Queue>();
  /** When a task of a run was last moved to another worker, ms. */
  readonly #moved = new Map<string, number>();
  #stopped = false;
  #loop: Promise<void> | undefined;
  #holds = false;
  /** Who was not there to hear when this process last looked. */
  #absent = '';
  readonly #mutes: (() => void)[] = [];

  /** `name` tells people which process supervises. */
  constructor(client: ControlClient, name: string) {
    this.#id = `${name}:${randomUUID()}`;
    this.#client = client;
    this.#watch = new WorkerWatch(client.redis, client.keys, client.target.cluster ?? false);
    client.redis.on('close', () => this.#watch.interrupted());
  }

  /** True while this process is the one that supervises. */
  get holds(): boolean {
    return this.#holds;
  }

  async start(): Promise<void> {
    const { keys } = this.#client;
    // Nothing is said there: as long as somebody hears it, this process is connected.
    this.#mutes.push(await this.#client.listen(keys.supervises(this.#id), () => undefined));
    this.#mutes.push(await this.#client.listen(keys.poke, () => this.#holds && this.#nap.wake()));
    this.#loop = this.#work();
  }

  /** Lets go, so that another takes over at once. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#nap.wake();
    await this.#loop;
    for (const mute of this.#mutes) mute();
    if (this.#holds && this.#client.redis.status === 'ready') {
      const { redis, keys } = this.#client;
      if ((await redis.get(keys.supervisor)) === this.#id) await redis.del(keys.supervisor);
    }
    await Promise.allSettled([...this.#queues.values()].map((queue) => queue.close()));
  }

  async #work(): Promise<void> {
    while (!this.#stopped) {
      let pause = TRY_EVERY;
      try {
        const held = await this.#tryToHold();
        if (held && !this.#holds) this.#watch.reset();
        this.#holds = held;
        if (held) pause = (await this.#look()) ? LOOK_EVERY : IDLE_LOOK_EVERY;
      } catch (error) {
        if (!this.#stopped)
          this.#client.log('warn', 'the supervisor could not look', { reason: plainError(error).message });
      }
      if (!this.#stopped) await this.#nap.wait(pause);
    }
  }

  /** Renews the lease, or takes it when nobody has it: it has run out, or its holder was not connected in two looks. */
  async #tryToHold(): Promise<boolean> {
    const { redis, keys, target } = this.#client;
    const hold = (gone: string) => callScript(redis, HOLD, [keys.supervisor], [this.#id, TERM, gone]);
    const holder = String(await hold(''));
    if (holder === '' || target.cluster) return holder === '';
    // Whom the server does not let ask waits until the lease has run out.
    const answer = await redis.pubsub('NUMSUB', keys.supervises(holder)).catch(() => [holder, 1]);
    const before = this.#absent;
    this.#absent = Number(answer[1]) === 0 ? holder : '';
    return this.#absent !== '' && this.#absent === before && (await hold(holder)) === '';
  }

  /** Looks at everything once. True: there are runs to look after. */
  async #look(): Promise<boolean> {
    const { redis, keys } = this.#client;
    const [names, watched] = await Promise.all([redis.smembers(keys.runs), this.#watch.look()]);
    for (const { id, why } of watched.lost) await this.#bury(id, why);
    if (names.length === 0) {
      this.#runs.clear();
      return watched.kept.size > 0;
    }
    const runs: { run: string; known: KnownRun; control: RunControl; tasks: KnownTask[] }[] = [];
    const load = emptyLoad();
    for (const run of names) {
      const [known, control, tasks] = await Promise.all([
        this.#known(run),
        redis.hgetall(controlKey(run)),
        redis.hgetall(tasksKey(run)),
      ]);
      if (known === undefined || control.status === undefined) {
        this.#runs.delete(run);
        this.#moved.delete(run);
        await redis.srem(keys.runs, run);
        continue;
      }
      const entries = entriesOf(tasks);
      for (const { field, entry } of entries) {
        if (entry.worker !== null && watched.kept.has(entry.worker))
          addLoad(load, run, placeOf(field).stage, entry.worker);
      }
      runs.push({ run, known, control: controlOf(control), tasks: entries });
    }
    for (const one of runs) {
      try {
        await this.#lead(one.run, one.known, one.control, one.tasks, watched.kept, watched.fit, load, watched.lost);
      } catch (error) {
        this.#client.log('warn', 'a run could not be led', { run: one.run, reason: plainError(error).message });
      }
    }
    return true;
  }

  async #known(run: string): Promise<KnownRun | undefined> {
    const { redis } = this.#client;
    const raw = await redis.get(setupKey(run));
    if (raw === null) return undefined;
    const known = this.#runs.get(run);
    if (known?.raw === raw) return known;
    const stored = await readRun(redis, run);
    if (stored === undefined) return undefined;
    const setup = JSON.parse(raw) as RunSetup;
    const fresh = { plan: stored.plan, setup, digest: digestOf(stored.plan, setup), raw };
    this.#runs.set(run, fresh);
    return fresh;
  }

  async #lead(
    run: string,
    known: KnownRun,
    control: RunControl,
    tasks: KnownTask[],
    kept: ReadonlySet<string>,
    fit: readonly WorkerInfo[],
    load: Load,
    lost: readonly { id: string; why: string }[],
  ): Promise<void> {
    const { redis, keys } = this.#client;
    const reached = await this.#reached(run, tasks, kept);
    const decision = decide({
      plan: known.plan,
      control,
      tasks,
      workers: kept,
      reached: (field) => reached.get(field) ?? 0,
      now: Date.now(),
    });
    await Promise.all(
      decision.changes.map(async ({ task, entry, lost: gone }) => {
        if (!(await changeTask(redis, run, task, entry))) return;
        this.#nap.wake();
        if (gone) await this.#noteLost(run, task, lost);
        if (task.entry.state === 'failed') this.#noteFailed(run, task);
      }),
    );
    const lacking = await this.#place(run, known, control, decision, fit, load);
    if (decision.over && decision.changes.length === 0) {
      // Who sees the end in the control hash may start the run again at once: by then nothing of its former life may be left to do.
      await redis.srem(keys.runs, run);
      await setRunStatus(redis, run, decision.status === 'killed' ? 'running' : decision.status);
    }
    await this.#writeControl(run, control, decision, lacking);
    if (decision.status === 'running' && decision.changes.length === 0)
      await this.#level(run, known.setup, tasks, fit, load);
  }

  /** Moves a task from a full worker to an emptier one, now and then. */
  async #level(
    run: string,
    setup: RunSetup,
    tasks: readonly KnownTask[],
    fit: readonly WorkerInfo[],
    load: Load,
  ): Promise<void> {
    const now = Date.now();
    if (now - (this.#moved.get(run) ?? 0) < MOVE_EVERY) return;
    const settled = tasks.filter(({ entry }) => entry.state === 'running' && now - entry.since > MOVE_EVERY);
    const movable = settled.map(({ field, entry }) => ({
      field,
      stage: placeOf(field).stage,
      worker: entry.worker!,
    }));
    const field = chooseMove(movable, fit, load, run, setup);
    if (field === undefined) return;
    this.#moved.set(run, now);
    const { generation } = settled.find((task) => task.field === field)!.entry;
    this.#client.log('info', 'a task moves to an emptier worker', { run, task: field });
    await this.#client.ask({ type: 'release', run, field, generation });
  }

  /** What tasks that failed or lost their worker had reached. Read only then: reports are large. */
  async #reached(run: string, tasks: readonly KnownTask[], kept: ReadonlySet<string>): Promise<Map<string, number>> {
    const asked = tasks.filter(
      ({ entry }) => entry.state === 'failed' || (entry.worker !== null && !kept.has(entry.worker)),
    );
    const reports = asked.length > 0 ? await readReports(this.#client.redis, run) : new Map();
    return new Map([...reports].map(([field, report]) => [field, takenIn(report)]));
  }

  #noteFailed(run: string, { field, entry: { error } }: KnownTask): void {
    this.#client.log('warn', 'a task has failed', { run, task: field, code: error?.code, reason: error?.message });
  }

  async #noteLost(
    run: string,
    { field, entry }: KnownTask,
    lost: readonly { id: string; why: string }[],
  ): Promise<void> {
    const worker = entry.worker ?? '';
    const why = lost.find(({ id }) => id === worker)?.why ?? 'its worker is gone';
    this.#client.log('warn', 'a task is taken from its worker', { run, task: field, worker, reason: why });
    await noteEvent(this.#client.redis, run, { at: Date.now(), type: 'lost', task: field, worker, why });
  }

  /** Gives tasks to workers. Answers how many found no slot. A run begins with all its tasks or waits for slots. */
  async #place(
    run: string,
    { setup, digest }: KnownRun,
    control: RunControl,
    decision: Decision,
    fit: readonly WorkerInfo[],
    load: Load,
  ): Promise<number> {
    const chosen: { task: KnownTask; worker: WorkerInfo }[] = [];
    for (const task of decision.place) {
      const { stage } = placeOf(task.field);
      const worker = chooseWorker(fit, load, run, stage, setup);
      if (worker === undefined) continue;
      chosen.push({ task, worker });
      addLoad(load, run, stage, worker.id);
    }
    const lacking = decision.place.length - chosen.length;
    if (lacking > 0 && control.status === 'starting') return lacking;
    await Promise.all(chosen.map(({ task, worker }) => this.#give(run, digest, task, worker.id)));
    return lacking;
  }

  /** Gives a task to a worker: whoever had it is fenced, and a new lease lies in the worker's queue. */
  async #give(run: string, digest: string, task: KnownTask, worker: string): Promise<void> {
    const { redis, key } = this.#client;
    const { stage, index } = placeOf(task.field);
    const generation = await fenceTask(redis, run, stage, index, task.entry.generation);
    if (generation === 'obsolete') {
      // Another supervisor was first, or had begun and went: the next look goes on from what counts now.
      const stored = await readRun(redis, run);
      const tasks = stored ? await readTasks(redis, run, stored) : [];
      const now = tasks.find((one) => one.stage === stage && one.index === index);
      if (now) await changeTask(redis, run, task, { ...task.entry, generation: now.generation });
      return;
    }
    const entry = { ...task.entry, state: 'placed', generation, worker, since: Date.now() } as const;
    if (!(await changeTask(redis, run, task, entry))) return;
    await this.#queueOf(worker).add('task', signJob({ run, stage, index, generation, digest }, key), {
      jobId: `${run}/${task.field}/g${generation}`,
      lifo: true,
      attempts: 1,
      removeOnComplete: { count: 20 },
      removeOnFail: { count: 20 },
    });
  }

  async #writeControl(run: string, control: RunControl, decision: Decision, lacking: number): Promise<void> {
    const fields: { [name: string]: string | number } = {};
    if (decision.goal !== control.goal) fields.goal = decision.goal ?? '';
    if (decision.error !== control.error) fields.error = JSON.stringify(decision.error ?? '');
    const draining = JSON.stringify(decision.draining);
    if (draining !== JSON.stringify(control.draining)) fields.draining = draining;
    if (decision.status !== control.status) fields.status = decision.status;
    if (lacking !== control.lacking) fields.lacking = lacking;
    if (decision.over) fields.endedAt = Date.now();
    // The end is told once, and only when all that led to it is written.
    if (decision.over && decision.changes.length > 0) delete fields.status;
    const { redis } = this.#client;
    if (decision.restarts > 0) await redis.hincrby(controlKey(run), 'restarts', decision.restarts);
    if (Object.keys(fields).length === 0) return;
    await redis.hset(controlKey(run), fields);
    if (fields.goal !== undefined || fields.draining !== undefined) await this.#client.ask({ type: 'look', run });
    if (fields.status !== undefined) await this.#client.poke(run);
  }

  #queueOf(worker: string): Queue {
    let queue = this.#queues.get(worker);
    if (queue === undefined) {
      const { redis, keys } = this.#client;
      queue = new Queue(keys.queue(worker), { connection: redis, prefix: keys.prefix });
      queue.on('error', () => undefined);
      this.#queues.set(worker, queue);
    }
    return queue;
  }

  /** A worker is gone for good: when it comes back it has another name. */
  async #bury(worker: string, why: string): Promise<void> {
    const { redis, keys } = this.#client;
    this.#client.log('warn', 'a worker is gone', { worker, reason: why });
    await forget(redis, keys, worker);
    const queue = this.#queueOf(worker);
    this.#queues.delete(worker);
    // What is left of its queue is in nobody's way.
    void queue
      .obliterate({ force: true })
      .catch(() => undefined)
      .finally(() => queue.close().catch(() => undefined));
  }
}
