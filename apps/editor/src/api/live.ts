import { api } from './client.js';
import type { MetricsSample, RunSummary } from './types.js';

export type LiveMessage =
  | ({ type: 'metrics' } & MetricsSample)
  | { type: 'run'; run: RunSummary }
  | { type: 'workflow'; id: string; revision: number }
  | { type: 'view'; name: string }
  | { type: 'ping' };

/** No message, not even a heartbeat, for this long: the link is taken for dead. The server pings every 5 s. */
const SILENCE = 12_000;

type Listener = (message: LiveMessage) => void;

/**
 * The one WebSocket of this tab. It reconnects by itself with a new single-use ticket (0.5 s, doubling to 8 s) and subscribes
 * again; listeners get every message. `onLink` tells up and down.
 */
export class LiveLink {
  #socket: WebSocket | undefined;
  #listeners = new Set<Listener>();
  #runs = new Map<string, number>();
  #workflows = 0;
  #wait = 500;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #opening = false;
  onLink: ((up: boolean) => void) | undefined;

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    void this.#open();
    return () => this.#listeners.delete(listener);
  }

  /** Metrics and status of a run, until the returned function is called. */
  watchRun(run: string): () => void {
    const count = this.#runs.get(run) ?? 0;
    this.#runs.set(run, count + 1);
    if (count === 0) this.#send({ subscribe: { run } });
    void this.#open();
    return () => {
      const left = (this.#runs.get(run) ?? 1) - 1;
      if (left > 0) this.#runs.set(run, left);
      else {
        this.#runs.delete(run);
        this.#send({ unsubscribe: { run } });
      }
    };
  }

  watchWorkflows(): () => void {
    this.#workflows++;
    if (this.#workflows === 1) this.#send({ subscribe: { workflows: true } });
    void this.#open();
    return () => {
      this.#workflows--;
      if (this.#workflows === 0) this.#send({ unsubscribe: { workflows: true } });
    };
  }

  #send(message: unknown): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  async #open(): Promise<void> {
    if (this.#opening || this.#socket || this.#timer) return;
    this.#opening = true;
    try {
      const { ticket } = await api.liveTicket();
      const url = new URL(`/api/live?ticket=${encodeURIComponent(ticket)}`, location.href);
      url.protocol = url.protocol.replace('http', 'ws');
      const socket = new WebSocket(url);
      this.#socket = socket;
      socket.onopen = () => {
        this.#wait = 500;
        this.#heard();
        for (const run of this.#runs.keys()) this.#send({ subscribe: { run } });
        if (this.#workflows > 0) this.#send({ subscribe: { workflows: true } });
        this.onLink?.(true);
      };
      socket.onmessage = (event) => {
        this.#heard();
        const message = JSON.parse(String(event.data)) as LiveMessage;
        for (const listener of this.#listeners) listener(message);
      };
      socket.onclose = () => this.#lost(socket);
    } catch {
      this.#lost(undefined);
    } finally {
      this.#opening = false;
    }
  }

  #heard(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#socket?.close(), SILENCE);
  }

  #lost(socket: WebSocket | undefined): void {
    if (socket && socket !== this.#socket) return;
    clearTimeout(this.#silence);
    this.#socket = undefined;
    this.onLink?.(false);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#open();
    }, this.#wait);
    this.#wait = Math.min(this.#wait * 2, 8000);
  }
}

export const live = new LiveLink();
