/** How far from an end of the ordered form a key may come or go before a Map is the better form. */
const NEAR = 64;
/** The lists of all that have become a Map, which does not touch them. */
const NONE: never[] = [];

/**
 * The cells of one map by key. Most maps hold times (panes of a window, waiting records): they come at the end and go at the beginning. As long
 * as that is so, keys and values lie in two lists in the order of the keys, where the first, the last and their neighbours are found
 * without a search through cold memory; with other keys it becomes a Map. Undefined may be a value. As in a Map, what goes while the cells
 * are gone through is not met any more.
 */
export class Cells {
  #map: Map<string | number, unknown> | undefined;
  /** Ascending from `#head` on. */
  #keys: number[] = [];
  #values: unknown[] = [];
  #head = 0;

  get size(): number {
    return this.#map === undefined ? this.#keys.length - this.#head : this.#map.size;
  }

  get(key: string | number): unknown {
    if (this.#map !== undefined) return this.#map.get(key);
    if (typeof key !== 'number') return undefined;
    const at = this.#placeOf(key);
    return this.#keys[at] === key ? this.#values[at] : undefined;
  }

  has(key: string | number): boolean {
    if (this.#map !== undefined) return this.#map.has(key);
    return typeof key === 'number' && this.#keys[this.#placeOf(key)] === key;
  }

  set(key: string | number, value: unknown): void {
    if (this.#map !== undefined) {
      this.#map.set(key, value);
      return;
    }
    if (typeof key !== 'number' || Number.isNaN(key)) {
      this.#toMap().set(key, value);
      return;
    }
    const keys = this.#keys;
    const at = this.#placeOf(key);
    if (at === keys.length) {
      // Not -0, which a Map does not know either.
      keys.push(key + 0);
      this.#values.push(value);
    } else if (keys[at] === key) this.#values[at] = value;
    else if (keys.length - at > NEAR) this.#toMap().set(key, value);
    else {
      keys.splice(at, 0, key + 0);
      this.#values.splice(at, 0, value);
    }
  }

  delete(key: string | number): void {
    if (this.#map !== undefined) {
      this.#map.delete(key);
      return;
    }
    if (typeof key !== 'number') return;
    const keys = this.#keys;
    const at = this.#placeOf(key);
    if (keys[at] !== key) return;
    if (at - this.#head <= NEAR) {
      for (let to = at; to > this.#head; to--) {
        keys[to] = keys[to - 1]!;
        this.#values[to] = this.#values[to - 1];
      }
      this.#shift();
    } else if (keys.length - at <= NEAR) {
      keys.splice(at, 1);
      this.#values.splice(at, 1);
    } else this.#toMap().delete(key);
  }

  keys(): (string | number)[] {
    return this.#map === undefined ? this.#keys.slice(this.#head) : [...this.#map.keys()];
  }

  *entries(): IterableIterator<[string | number, unknown]> {
    let last = Number.NEGATIVE_INFINITY;
    let met = false;
    for (let at = this.#head; this.#map === undefined; at++) {
      // Whoever goes through may change the lists.
      if (met && (at <= this.#head || this.#keys[at - 1] !== last)) {
        at = this.#placeOf(last);
        if (this.#keys[at] === last) at++;
      }
      if (at >= this.#keys.length) return;
      last = this.#keys[at]!;
      met = true;
      yield [last, this.#values[at]];
    }
    for (const entry of this.#map) if (!met || typeof entry[0] !== 'number' || !(entry[0] <= last)) yield entry;
  }

  /** Where a key is, or would come. Looked for from the ends. */
  #placeOf(key: number): number {
    const keys = this.#keys;
    const head = this.#head;
    let high = keys.length;
    if (high === head || key > keys[high - 1]!) return high;
    if (key <= keys[head]!) return head;
    // Steps that double, from the end; then halves. keys[low] < key <= keys[high].
    let low = high - 1;
    for (let step = 1; low > head && keys[low]! >= key; step *= 2) {
      high = low;
      low = Math.max(head, low - step);
    }
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (keys[middle]! < key) low = middle;
      else high = middle;
    }
    return high;
  }

  #shift(): void {
    this.#values[this.#head] = undefined;
    this.#head++;
    if (this.#head === this.#keys.length) {
      this.#keys = [];
      this.#values = [];
      this.#head = 0;
    } else if (this.#head > NEAR && this.#head * 2 > this.#keys.length) {
      this.#keys = this.#keys.slice(this.#head);
      this.#values = this.#values.slice(this.#head);
      this.#head = 0;
    }
  }

  #toMap(): Map<string | number, unknown> {
    const map = new Map<string | number, unknown>();
    for (let at = this.#head; at < this.#keys.length; at++) map.set(this.#keys[at]!, this.#values[at]);
    this.#map = map;
    this.#keys = NONE;
    this.#values = NONE;
    this.#head = 0;
    return map;
  }
}
