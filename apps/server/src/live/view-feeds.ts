import type { Clock } from '@millrace/sdk';
import { describeError } from '../http/errors.js';
import type { PageOptions, View, ViewPage, ViewService } from '../runs/views.js';

/** Shortest time between two looks at a view, ms, and how many times the look's own cost must pass before the next. */
const EVERY = 10;
const REST = 10;
/** How long a view's place is remembered without looking it up again, ms. */
const FIND_EVERY = 2000;

/** What a feed reads of views. */
export type ViewSource = Pick<ViewService, 'find' | 'read'>;

/**
 * Sends the rows of a view to those who look at it whenever they have changed: `{ type: 'rows', name, columns, rows, total, updatedAt }`. Views are
 * looked at only while somebody follows them, all followers of the same page share a look, and a large view is looked at less often.
 */
export class ViewFeeds {
  readonly #source: ViewSource;
  readonly #clock: Clock;
  readonly #feeds = new Map<string, Feed>();

  constructor(source: ViewSource, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
  }

  /** Calls `send` with each new page, as JSON. Returns the way to stop. */
  follow(name: string, options: PageOptions, send: (text: string) => void): () => void {
    const key = JSON.stringify([name, options]);
    const feed =
      this.#feeds.get(key) ?? new Feed(this.#source, this.#clock, name, options, () => this.#feeds.delete(key));
    this.#feeds.set(key, feed);
    return feed.add(send);
  }
}

class Feed {
  readonly #followers = new Set<(text: string) => void>();
  #last: string | undefined;
  #view: View | undefined;
  #findAt = 0;
  #looking = false;

  constructor(
    private readonly source: ViewSource,
    private readonly clock: Clock,
    private readonly name: string,
    private readonly options: PageOptions,
    private readonly ended: () => void,
  ) {}

  add(send: (text: string) => void): () => void {
    this.#followers.add(send);
    if (this.#last !== undefined) send(this.#last);
    if (!this.#looking) void this.#look();
    return () => {
      this.#followers.delete(send);
      if (this.#followers.size === 0) this.ended();
    };
  }

  async #look(): Promise<void> {
    this.#looking = true;
    let shown = '';
    while (this.#followers.size > 0) {
      const started = performance.now();
      const { text, content } = await this.#read();
      if (content !== shown) {
        shown = content;
        this.#last = text;
        for (const send of this.#followers) send(text);
      }
      await this.clock.sleep(Math.max(EVERY, (performance.now() - started) * REST));
    }
    this.#looking = false;
  }

  async #read(): Promise<{ text: string; content: string }> {
    try {
      const page = await this.#page();
      return { text: JSON.stringify({ type: 'rows', ...page }), content: JSON.stringify(page.rows) };
    } catch (thrown) {
      this.#view = undefined;
      const text = JSON.stringify({ type: 'error', name: this.name, ...describeError(thrown).body });
      await this.clock.sleep(FIND_EVERY);
      return { text, content: text };
    }
  }

  async #page(): Promise<ViewPage> {
    const now = this.clock.now();
    if (this.#view === undefined || now >= this.#findAt) {
      this.#view = await this.source.find(this.name);
      this.#findAt = now + FIND_EVERY;
    }
    return this.source.read(this.#view, this.options);
  }
}
