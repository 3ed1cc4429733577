import { keyGroupOf, MillraceError, type StateSpec } from '@millrace/sdk';
import { decodeBlob, encodeBlob } from '../codec.js';
import type { Row, RowChange, TaskStore } from '../ports/index.js';
import { KeyFilter } from './key-filter.js';
import { StoreSweep } from './store-sweep.js';
import type { Undoable, UndoLog } from './undo.js';

/** Longest encoded key of keyed state, in UTF-8 bytes: what every backend can index. */
export const MAX_KEY_BYTES = 1024;

/** Rows of the store gone through at each commit, after a restart, to know its keys. */
const LEARNT = 4000;

/** State of one key in one table: a value, a Map of cells, or a list of cells, by the table's kind. */
export interface Slot {
  readonly key: string;
  group: number;
  value: unknown;
  /** Wall clock of the last write; kept only where the state has a TTL. */
  touched: number;
  dirty: boolean;
  /** Rows of a map or list that must be written: sub keys, some more than once. Undefined for single values. */
  changed: (string | number)[] | undefined;
  /** List: rows the store holds; rows from here on are new. */
  stored: number;
  /** Seen since the last sweep of the memory limit. */
  used: boolean;
}

/** What the tables of a task share. */
export interface TableHost {
  readonly store: TaskStore;
  readonly undo: UndoLog;
  readonly groups: readonly [number, number];
  now(): number;
  /** A slot was added; the host keeps the task within its memory limit. */
  grew(slots: number): void;
}

enum Change {
  Insert = 0,
  Value = 1,
}

/** All keys of one declared state of one node, in memory up to a limit and in the store beyond it. */
export abstract class Table implements Undoable {
  protected readonly slots = new Map<string, Slot>();
  protected dirtySlots: Slot[] = [];
  /** False once slots were dropped from memory: a miss must ask the store. */
  #complete = true;
  /** Keys that were dropped; undefined when it is not known which the store holds. */
  #dropped: KeyFilter | undefined;
  /** After a restart that could not read all keys back: the keys of the store, as far as they have been gone through. */
  #learning: { filter: KeyFilter; from: unknown } | undefined;
  #lastKey: string | undefined;
  #lastSlot: Slot | undefined;
  #key = '';
  protected readonly version: number;

  constructor(
    protected readonly host: TableHost,
    readonly node: string,
    readonly name: string,
    protected readonly spec: StateSpec,
    /** ms of processing time after the last write, or undefined. */
    readonly ttl: number | undefined,
  ) {
    this.version = spec.version ?? 1;
  }

  /** Points the handle at a key; task-scoped tables ignore it. */
  setKey(key: string): void {
    this.#key = this.spec.scope === 'task' ? '' : key;
  }

  /** Keys in memory. */
  get slotCount(): number {
    return this.slots.size;
  }

  protected find(): Slot | undefined {
    const key = this.#key;
    let slot = this.#lastSlot;
    if (slot === undefined || this.#lastKey !== key) {
      slot = this.slots.get(key);
      if (slot === undefined) {
        if (this.#complete || this.#dropped?.mayHold(key) === false) return undefined;
        slot = this.#fetch(key);
        if (slot === undefined) return undefined;
      }
      this.#lastKey = key;
      this.#lastSlot = slot;
    }
    if (this.ttl !== undefined && slot.touched + this.ttl <= this.host.now()) {
      this.expire(slot);
      return undefined;
    }
    slot.used = true;
    return slot;
  }

  protected findOrAdd(empty: () => unknown): Slot {
    const found = this.find();
    if (found !== undefined) return found;
    const key = this.#key;
    if (key.length > MAX_KEY_BYTES / 3 && Buffer.byteLength(key) > MAX_KEY_BYTES) {
      throw new MillraceError(
        `The key is ${Buffer.byteLength(key)} bytes long; at most ${MAX_KEY_BYTES} are allowed.`,
        {
          code: 'KEY_TOO_LONG',
          params: { bytes: Buffer.byteLength(key), max: MAX_KEY_BYTES },
          hint: 'Group by a shorter field, or by hash(field).',
        },
      );
    }
    // A slot that expired a moment ago still has rows to remove; reuse it.
    let slot = this.slots.get(key);
    if (slot === undefined) {
      slot = this.newSlot(key);
      this.slots.set(key, slot);
      this.host.grew(1);
    }
    slot.value = empty();
    this.host.undo.push(this, Change.Insert, slot, undefined);
    this.#lastKey = key;
    this.#lastSlot = slot;
    return slot;
  }

  protected newSlot(key: string): Slot {
    const group = this.spec.scope === 'task' ? this.host.groups[0] : keyGroupOf(key);
    return { key, group, value: undefined, touched: 0, dirty: false, changed: undefined, stored: 0, used: true };
  }

  protected markDirty(slot: Slot): void {
    if (this.ttl !== undefined) slot.touched = this.host.now();
    if (!slot.dirty) {
      slot.dirty = true;
      this.dirtySlots.push(slot);
    }
  }

  /** Remembers the value before a change, for this record's undo. */
  protected remember(slot: Slot, before: unknown, at?: string | number): void {
    this.host.undo.push(this, Change.Value, slot, before, at);
  }

  undo(what: number, slot: unknown, before: unknown, at: unknown): void {
    const s = slot as Slot;
    this.restoreSlot(s, what === Change.Insert ? undefined : before, at as string | number | undefined);
    this.#lastSlot = undefined;
  }

  protected abstract restoreSlot(slot: Slot, before: unknown, at: string | number | undefined): void;
  /** Removes everything of a key whose time to live is over. */
  protected abstract expire(slot: Slot): void;
  /** Rebuilds a slot from its rows. */
  protected abstract assemble(slot: Slot, rows: readonly Row[]): void;
  protected abstract changesOf(slot: Slot, out: RowChange[]): void;

  /** Appends the rows that changed since the last call. */
  collect(out: RowChange[]): void {
    const dirty = this.dirtySlots;
    if (dirty.length === 0) return;
    this.dirtySlots = [];
    for (const slot of dirty) {
      slot.dirty = false;
      this.changesOf(slot, out);
      if (slot.value === undefined) {
        this.slots.delete(slot.key);
        this.host.grew(-1);
        if (this.#lastSlot === slot) this.#lastSlot = undefined;
      }
    }
  }

  /** Reads up to `limit` keys back after a restart. */
  async load(limit: number): Promise<void> {
    const rows = new Map<string, Row[]>();
    const { complete } = await this.host.store.loadRows(this.node, this.name, this.host.groups, limit, (row) => {
      const list = rows.get(row.key.key);
      if (list) list.push(row);
      else rows.set(row.key.key, [row]);
    });
    this.#complete = complete;
    if (!complete) this.#learning = { filter: new KeyFilter(), from: null };
    for (const [key, list] of rows) this.#install(key, list);
  }

  #install(key: string, rows: readonly Row[]): Slot {
    const slot = this.newSlot(key);
    slot.group = rows[0]!.key.group;
    this.assemble(slot, rows);
    // Written before the state had a time to live, which begins now.
    if (slot.touched === 0 && this.ttl !== undefined) slot.touched = this.host.now();
    this.slots.set(key, slot);
    this.host.grew(1);
    return slot;
  }

  #fetch(key: string): Slot | undefined {
    const group = this.spec.scope === 'task' ? this.host.groups[0] : keyGroupOf(key);
    const rows = this.host.store.readKey(this.node, group, this.name, key, this.spec.kind !== 'value');
    return rows.length > 0 ? this.#install(key, rows) : undefined;
  }

  /** Drops clean slots that were not used since the last call, until `excess` are gone. Second chance, oldest first. */
  evict(excess: number): number {
    if (this.#complete) this.#dropped ??= new KeyFilter();
    let dropped = 0;
    let looked = 0;
    const rounds = this.slots.size * 2;
    for (const [key, slot] of this.slots) {
      if (dropped >= excess || ++looked > rounds) break;
      if (slot.used || slot.dirty) {
        slot.used = false;
        // To the end: the next candidates come first.
        this.slots.delete(key);
        this.slots.set(key, slot);
        continue;
      }
      this.slots.delete(key);
      if (this.#dropped?.add(key) === false) this.#dropped = undefined;
      if (this.#learning?.filter.add(key) === false) this.#learning = undefined;
      dropped++;
    }
    if (dropped > 0) {
      this.#complete = false;
      this.#lastSlot = undefined;
      this.host.grew(-dropped);
    }
    return dropped;
  }

  #sweep: IterableIterator<Slot> | undefined;

  /** Removes expired slots, looking at no more than `budget` of them a call. */
  sweepExpired(budget: number): void {
    if (this.ttl === undefined) return;
    const now = this.host.now();
    this.#sweep ??= this.slots.values();
    for (let i = 0; i < budget; i++) {
      const next = this.#sweep.next();
      if (next.done) {
        this.#sweep = undefined;
        return;
      }
      if (next.value.value !== undefined && next.value.touched + this.ttl <= now) this.expire(next.value);
    }
  }

  #storeSweep: StoreSweep | undefined;

  /** Looks at some rows of keys that are no longer in memory, and appends the removal of those that have expired. After `collect`. */
  sweepStore(out: RowChange[]): void {
    this.#learnKeys();
    if (this.ttl === undefined || this.#complete) return;
    this.#storeSweep ??= new StoreSweep(this.host, this.node, this.name, this.ttl, (key) => this.slots.has(key));
    this.#storeSweep.collect(out);
  }

  /** Goes through some keys of the store a call. What is written meanwhile is in memory, and counted when it is dropped. */
  #learnKeys(): void {
    const learning = this.#learning;
    if (learning === undefined) return;
    const { rows, next } = this.host.store.scanRows(this.node, this.name, this.host.groups, learning.from, LEARNT);
    for (const { key } of rows) {
      if (learning.filter.add(key.key)) continue;
      this.#learning = undefined;
      return;
    }
    learning.from = next;
    if (next !== null) return;
    this.#dropped = learning.filter;
    this.#learning = undefined;
  }

  protected pack(value: unknown, touched: number): Uint8Array {
    return encodeBlob(this.ttl === undefined ? [this.version, value] : [this.version, value, touched]);
  }

  protected unpack(row: Row, slot: Slot): unknown {
    let [version, value, touched] = decodeBlob(row.value, `State "${this.name}" of node "${this.node}"`) as [
      number,
      unknown,
      number?,
    ];
    if (version > this.version) {
      throw new MillraceError(
        `State "${this.name}" of node "${this.node}" has version ${version}; the operator knows up to ${this.version}.`,
        {
          code: 'STATE_VERSION',
          domain: 'user',
          retry: 'never',
          nodeId: this.node,
          hint: 'Use the operator version that wrote it.',
        },
      );
    }
    for (; version < this.version; version++) value = this.spec.upgrade?.[version]?.(value) ?? value;
    if (touched !== undefined && touched > slot.touched) slot.touched = touched;
    return value;
  }
}
