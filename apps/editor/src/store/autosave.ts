import type { GraphDocument, Workflow } from '../api/types.js';

export type SaveState = 'saved' | 'waiting' | 'saving' | 'offline' | 'conflict' | 'refused';

/** What is kept in the browser until the server has it. */
export interface LocalDraft {
  graph: GraphDocument;
  /** Revision the draft was made from. */
  revision: number;
  at: number;
}

export interface AutosaveDeps {
  save(revision: number, graph: GraphDocument): Promise<{ revision: number }>;
  keep(draft: LocalDraft): void;
  forget(): void;
  onState(state: SaveState, detail?: { theirs?: Workflow; code?: string }): void;
  now(): number;
  later(run: () => void, ms: number): () => void;
}

/** What a failed save means. `again`: the link is down, or the server is; `refused`: it will never take this draft. */
export type SaveFailure =
  | { kind: 'again' }
  | { kind: 'conflict'; theirs: Workflow }
  | { kind: 'refused'; code: string };

const DELAY = 500;
const RETRY = [1000, 2000, 4000, 8000];

/**
 * Keeps a draft on the server. Every change is first kept in the browser, then sent after a short quiet; while the link is
 * down it is tried again and again. One save at a time, the newest document wins, a revision of someone else's stops it.
 */
export class Autosave {
  #dirty: GraphDocument | undefined;
  #saving = false;
  #stopped = false;
  #conflict = false;
  #tries = 0;
  #cancel: (() => void) | undefined;

  constructor(
    private readonly deps: AutosaveDeps,
    private readonly explain: (thrown: unknown) => SaveFailure,
    public revision: number,
    /** What the server has under that revision; undefined when that is not known. */
    public base?: GraphDocument,
  ) {}

  get pending(): boolean {
    return this.#dirty !== undefined || this.#saving;
  }

  changed(graph: GraphDocument): void {
    this.#dirty = graph;
    this.deps.keep({ graph, revision: this.revision, at: this.deps.now() });
    if (this.#conflict || this.#stopped) return;
    if (!this.#saving) {
      if (this.#tries === 0) this.deps.onState('waiting');
      this.#schedule(this.#tries === 0 ? DELAY : RETRY[Math.min(this.#tries, RETRY.length) - 1]!);
    }
  }

  /** Sends what is waiting now (Ctrl+S, the link is back, before publishing). Resolves when the server has it or said no. */
  async flush(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#saving) {
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
      if (this.#dirty && this.#tries === 0) await this.flush();
      return;
    }
    if (!this.#dirty || this.#conflict || this.#stopped) return;
    const graph = this.#dirty;
    this.#dirty = undefined;
    this.#saving = true;
    this.deps.onState('saving');
    try {
      const { revision } = await this.deps.save(this.revision, graph);
      this.revision = revision;
      this.base = graph;
      this.#tries = 0;
      this.#saving = false;
      // What was typed meanwhile is kept under the new revision, so that a reload does not take it for a conflict.
      if (this.#dirty) this.changed(this.#dirty);
      else {
        this.deps.forget();
        this.deps.onState('saved');
      }
    } catch (thrown) {
      this.#saving = false;
      this.#dirty ??= graph;
      this.#failed(this.explain(thrown), graph);
    }
    for (const waiter of this.#waiters.splice(0)) waiter();
  }
  #waiters: Array<() => void> = [];

  #failed(failure: SaveFailure, graph: GraphDocument): void {
    if (failure.kind === 'conflict') {
      // Another tab, or an answer that got lost on the way: the server already has exactly this.
      if (JSON.stringify(failure.theirs.graph) === JSON.stringify(graph)) {
        this.revision = failure.theirs.revision;
        this.base = failure.theirs.graph;
        if (this.#dirty === graph) {
          this.#dirty = undefined;
          this.deps.forget();
          this.deps.onState('saved');
        } else this.changed(this.#dirty!);
        return;
      }
      this.#conflict = true;
      this.deps.onState('conflict', { theirs: failure.theirs });
      return;
    }
    if (failure.kind === 'refused') {
      this.deps.onState('refused', { code: failure.code });
      return;
    }
    this.#tries++;
    this.deps.onState('offline');
    this.#schedule(RETRY[Math.min(this.#tries, RETRY.length) - 1]!);
  }

  /** Ends a conflict. `mine` saves this draft over theirs; `theirs` forgets it (the caller shows the other document). */
  resolve(choice: 'mine' | 'theirs', { revision, graph }: Pick<Workflow, 'revision' | 'graph'>): void {
    this.#conflict = false;
    this.revision = revision;
    this.base = graph;
    if (choice === 'theirs') {
      this.#dirty = undefined;
      this.deps.forget();
      this.deps.onState('saved');
    } else if (this.#dirty) this.changed(this.#dirty);
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }

  #schedule(ms: number): void {
    this.#cancel?.();
    this.#cancel = this.deps.later(() => void this.flush(), ms);
  }
}
