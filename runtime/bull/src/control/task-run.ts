import type { Worker } from 'node:worker_threads';
import { crashOf, type FailureInfo, type TaskEnd, type TaskReport } from '@millrace/engine';
import type { LogFields, LogLevel, TaskMessage, TaskRequest, TaskStart } from './messages.js';
import type { RunControl } from './run-state.js';

export interface TaskHooks {
  print(line: string): void;
  log(level: LogLevel, message: string, fields: LogFields | undefined): void;
  claimed(): void;
  sample(id: string, records: unknown[]): void;
}

export type TaskOutcome = { end: TaskEnd } | { error: FailureInfo };

/** A task at work in one thread: from its start to its end. */
export class TaskRun {
  readonly outcome: Promise<TaskOutcome>;
  report: TaskReport | undefined;
  /** The report has not been sent on yet. */
  fresh = false;
  #asked: { pause: boolean; drain: boolean; finish: boolean; replays: number };

  constructor(
    private readonly thread: Worker,
    start: TaskStart,
    hooks: TaskHooks,
    replays: number,
  ) {
    this.#asked = { pause: false, drain: false, finish: false, replays };
    thread.removeAllListeners('exit');
    thread.removeAllListeners('error');
    this.outcome = new Promise((resolve) => {
      let outcome: TaskOutcome | undefined;
      thread.on('message', (message: TaskMessage) => {
        if (message.type === 'report') {
          this.report = message.report;
          this.fresh = true;
        } else if (message.type === 'print') hooks.print(message.line);
        else if (message.type === 'log') hooks.log(message.level, message.message, message.fields);
        else if (message.type === 'claimed') hooks.claimed();
        else if (message.type === 'sample') hooks.sample(message.id, message.records);
        else if (message.type === 'ended') outcome = { end: message.end };
        else if (message.type === 'failed') outcome = { error: message.error };
      });
      thread.on('error', (error) => {
        outcome ??= { error: crashOf(error) };
      });
      thread.on('exit', () => resolve(outcome ?? { error: crashOf(new Error('The thread of the task ended.')) }));
    });
    thread.postMessage({ type: 'start', task: start } satisfies TaskRequest);
  }

  /** Follows what the run's control hash says about tasks of this stage. */
  follow(control: RunControl, stage: string): void {
    if (control.goal === 'killed') {
      void this.terminate();
      return;
    }
    if (control.finishing && !this.#asked.finish) {
      this.#asked.finish = true;
      this.#post({ type: 'finish' });
    }
    if (control.replays > this.#asked.replays) {
      this.#asked.replays = control.replays;
      this.#post({ type: 'replay' });
    }
    if (control.goal === 'paused' && control.drain) {
      if (!this.#asked.drain && control.draining.includes(stage)) {
        this.#asked.drain = true;
        this.#post({ type: 'drain' });
      }
    } else if (control.goal !== undefined) this.pause();
  }

  pause(): void {
    if (this.#asked.pause) return;
    this.#asked.pause = true;
    this.#post({ type: 'pause' });
  }

  sample(id: string, edge: string, limit: number): void {
    this.#post({ type: 'sample', id, edge, limit });
  }

  async terminate(): Promise<void> {
    await this.thread.terminate();
  }

  #post(request: TaskRequest): void {
    this.thread.postMessage(request);
  }
}
