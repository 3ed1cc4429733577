// Worker processes of one installation, to be killed, frozen and asked to leave.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** A `millrace worker` process. */
export class WorkerProcess {
  /** @param {{ url: string, instance: string, slots: number, env?: NodeJS.ProcessEnv }} options */
  constructor({ url, instance, slots, env = {} }) {
    this.stderr = '';
    this.process = spawn(process.execPath, [join(root, 'bin/millrace.mjs'), 'worker', '--slots', String(slots)], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, REDIS_URL: url, MILLRACE_INSTANCE: instance, ...env },
    });
    this.process.stderr.setEncoding('utf8').on('data', (text) => {
      this.stderr = (this.stderr + text).slice(-8000);
    });
    /** @type {{ code: number | null, signal: NodeJS.Signals | null } | undefined} */
    this.result = undefined;
    this.ended = new Promise((resolve) =>
      this.process.once('close', (code, signal) => {
        this.result = { code, signal };
        resolve(this.result);
      }),
    );
    /** Its name in Redis, once it has announced itself; another one after it was given up. */
    this.id = '';
  }

  get pid() {
    return this.process.pid;
  }

  get alive() {
    return this.result === undefined;
  }

  signal(signal) {
    this.process.kill(signal);
  }

  async kill() {
    this.signal('SIGKILL');
    await this.ended;
  }

  /** Asks it to hand over and leave. Answers ms until it had ended. */
  async leave() {
    const started = performance.now();
    this.signal('SIGTERM');
    const late = setTimeout(() => this.signal('SIGKILL'), 20_000);
    await this.ended;
    clearTimeout(late);
    return performance.now() - started;
  }
}

export class Fleet {
  /** @param {{ url: string, instance?: string, slots?: number, env?: NodeJS.ProcessEnv }} options */
  constructor({ url, instance = `test-${process.pid}-${Math.random().toString(36).slice(2, 8)}`, slots = 16, env }) {
    this.options = { url, instance, slots, env };
    this.url = url;
    this.instance = instance;
    /** @type {WorkerProcess[]} */
    this.workers = [];
    this.redis = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 100 });
    this.redis.on('error', () => {});
  }

  get alive() {
    return this.workers.filter((worker) => worker.alive);
  }

  /** Starts workers and waits until they have announced themselves. @param {number} [count] @param {NodeJS.ProcessEnv} [env] */
  async add(count = 1, env) {
    const fresh = Array.from(
      { length: count },
      () => new WorkerProcess({ ...this.options, env: { ...this.options.env, ...env } }),
    );
    this.workers.push(...fresh);
    const until = Date.now() + 60_000;
    for (;;) {
      await this.name();
      if (fresh.every(({ id }) => id !== '')) return fresh;
      const ended = fresh.find(({ alive }) => !alive);
      if (ended) throw new Error(`a worker ended with ${ended.result.code ?? ended.result.signal}: ${ended.stderr}`);
      if (Date.now() > until)
        throw new Error(`workers did not announce themselves: ${fresh.map(({ stderr }) => stderr).join('\n')}`);
      await pause(50);
    }
  }

  /** Learns what the workers are called in Redis. */
  async name() {
    const infos = Object.values(await this.redis.hgetall(`{${this.instance}}:workers`)).map((text) => JSON.parse(text));
    for (const worker of this.workers) {
      const info = infos.filter(({ pid }) => pid === worker.pid).sort((a, b) => b.startedAt - a.startedAt)[0];
      if (info) worker.id = info.id;
    }
  }

  /** Tasks of a run by the name of the worker that has them. */
  async placement(run) {
    const tasks = await this.redis.hgetall(`{${run}}:tasks`);
    const placed = new Map();
    for (const [task, text] of Object.entries(tasks)) {
      const { worker, state } = JSON.parse(text);
      if (worker && (state === 'running' || state === 'placed'))
        placed.set(worker, [...(placed.get(worker) ?? []), task]);
    }
    return placed;
  }

  async stop() {
    for (const worker of this.alive) worker.signal('SIGKILL');
    await Promise.all(this.workers.map(({ ended }) => ended));
    this.redis.disconnect();
  }
}
