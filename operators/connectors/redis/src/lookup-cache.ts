import type { Clock } from '@millrace/sdk';

/** The last answers, each for a time at most, the least recently used leaving first. */
export class LookupCache<T> {
  readonly #entries = new Map<string, { value: T; until: number }>();

  constructor(
    private readonly size: number,
    private readonly ttl: number,
    private readonly clock: Clock,
  ) {}

  get(key: string): T | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    if (entry.until <= this.clock.now()) return undefined;
    this.#entries.set(key, entry);
    return entry.value;
  }

  set(key: string, value: T): void {
    if (this.size === 0 || this.ttl === 0) return;
    this.#entries.delete(key);
    this.#entries.set(key, { value, until: this.clock.now() + this.ttl });
    if (this.#entries.size > this.size) this.#entries.delete(this.#entries.keys().next().value!);
  }

  get length(): number {
    return this.#entries.size;
  }
}
