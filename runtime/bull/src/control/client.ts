import { setTimeout as sleep } from 'node:timers/promises';
import { hidePassword, MillraceError } from '@millrace/sdk';
import { connect, type RedisClient } from '../redis/connect.js';
import { plainError } from '../redis/script.js';
import type { InstanceKey } from './instance-key.js';
import { type ControlTarget, type InstanceKeys, instanceKeys } from './keys.js';
import type { Ask, LogFields, LogLevel } from './messages.js';

export interface ClientOptions {
  target: ControlTarget;
  /** What the process is, for CLIENT LIST. */
  name: string;
  key: InstanceKey | undefined;
  log?(level: LogLevel, message: string, fields?: LogFields): void;
}

type Listener = (message: string) => void;

/** A process's door to the control plane: one connection for commands, one that listens. */
export class ControlClient {
  readonly target: ControlTarget;
  readonly keys: InstanceKeys;
  readonly key: InstanceKey | undefined;
  readonly redis: RedisClient;
  readonly #subscriber: RedisClient;
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #log: NonNullable<ClientOptions['log']>;

  constructor({ target, name, key, log = () => undefined }: ClientOptions) {
    this.target = target;
    this.keys = instanceKeys(target);
    this.key = key;
    this.#log = log;
    this.redis = connect(target, 'control', name);
    this.#subscriber = connect(target, 'control', `${name}-listens`);
    this.#subscriber.on('message', (channel: string, message: string) => {
      for (const listener of [...(this.#listeners.get(channel) ?? [])]) listener(message);
    });
  }

  /** Throws REDIS_UNREACHABLE when there is no answer within `ms`. */
  async reach(ms = 5_000): Promise<void> {
    const answer = await Promise.race([
      this.redis.ping().catch((error: Error) => error),
      sleep(ms, undefined, { ref: false }).then(() => new Error(`no answer within ${ms / 1000} s`)),
    ]);
    if (answer === 'PONG') return;
    const reason = plainError(answer).message;
    throw new MillraceError(`Redis at ${hidePassword(this.target.url)} cannot be used: ${reason}.`, {
      code: 'REDIS_UNREACHABLE',
      domain: 'external',
      params: { exitCode: 2, reason },
      hint: 'Is it running, and is REDIS_URL its address?',
    });
  }

  log(level: LogLevel, message: string, fields?: LogFields): void {
    this.#log(level, message, fields);
  }

  /** Hears a channel until the answer is called. After a connection that was lost ioredis subscribes again by itself. */
  async listen(channel: string, listener: Listener): Promise<() => void> {
    let listeners = this.#listeners.get(channel);
    if (listeners === undefined) {
      listeners = new Set();
      this.#listeners.set(channel, listeners);
    }
    listeners.add(listener);
    if (listeners.size === 1) await this.#subscriber.subscribe(channel);
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0) return;
      this.#listeners.delete(channel);
      this.#subscriber.unsubscribe(channel).catch(() => undefined);
    };
  }

  /** Gives the command connection another name in CLIENT LIST, also after it was lost. */
  async rename(name: string): Promise<void> {
    if ('connectionName' in this.redis.options) this.redis.options.connectionName = name;
    await this.redis.client('SETNAME', name);
  }

  /** Tells supervisors and handles to look at once. */
  async poke(run: string): Promise<void> {
    await this.redis.publish(this.keys.poke, run);
  }

  async ask(ask: Ask): Promise<void> {
    await this.redis.publish(this.keys.asks, JSON.stringify(ask));
  }

  close(): void {
    this.redis.disconnect();
    this.#subscriber.disconnect();
  }
}

/** Ends early when it is woken. */
export class Nap {
  #wake: (() => void) | undefined;
  #woken = false;

  wake(): void {
    this.#woken = true;
    this.#wake?.();
  }

  /** Waits for `ms`, or until `wake` was called since the last wait. */
  async wait(ms: number): Promise<void> {
    if (!this.#woken) {
      const abort = new AbortController();
      await Promise.race([
        sleep(ms, undefined, { signal: abort.signal }).catch(() => undefined),
        new Promise<void>((resolve) => {
          this.#wake = resolve;
        }),
      ]);
      abort.abort();
      this.#wake = undefined;
    }
    this.#woken = false;
  }
}
