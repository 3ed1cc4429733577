/** What watchers are told. */
export type LiveMessage =
  | { type: 'metrics'; runId: string; [name: string]: unknown }
  | { type: 'run'; run: { id: string; workflowId: string; [name: string]: unknown } }
  | { type: 'workflow'; id: string; revision: number }
  | { type: 'view'; name: string; workflowId: string };

export interface Watcher {
  wants(message: LiveMessage): boolean;
  /** `text` is the message as JSON, made once for all. `key` names what a newer message of the same key replaces. */
  send(text: string, key: string | undefined): void;
}

/** Hands messages to all who watch. */
export class Hub {
  readonly #watchers = new Set<Watcher>();

  get size(): number {
    return this.#watchers.size;
  }

  add(watcher: Watcher): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  publish(message: LiveMessage): void {
    let text: string | undefined;
    for (const watcher of this.#watchers) {
      if (!watcher.wants(message)) continue;
      text ??= JSON.stringify(message);
      watcher.send(text, keyOf(message));
    }
  }
}

/** Metrics and view hints are states: a slow watcher needs only the newest. */
function keyOf(message: LiveMessage): string | undefined {
  if (message.type === 'metrics') return `metrics ${message.runId}`;
  return message.type === 'view' ? `view ${message.name}` : undefined;
}
