import { closeSync, type FSWatcher, fstatSync, readSync, statSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Clock, Services } from '@millrace/sdk';
import { type ByteSource, END, RESTART, WAIT } from './byte-source.js';
import { beginsAsBefore, type FileIdentity, fingerprintOf, isComplete } from './fingerprint.js';
import { type OpenFile, openIfThere, rotatedSince } from './rotation.js';

/** ms between two looks at a quiet file. Most changes are seen at once, by watching the folder; network drives need the looks. */
const LOOK_EVERY = 200;
/** ms that a rotated file must stay quiet before it counts as finished: its writer may not have moved on yet. */
const ROTATION_GRACE = 1000;

export interface FollowOptions {
  /** Absolute path. */
  path: string;
  /** Name in messages. */
  name: string;
  clock: Clock;
  log: Services['log'];
  wake(): void;
}

/**
 * A growing file, as `tail -F` reads it. Rotated away (another file has the name): the rest of the old one, then those between, then
 * the new one from its start. Emptied or written anew: from its start. What was written and removed between two looks is lost.
 */
export class FollowSource implements ByteSource {
  readonly ready = true;
  /** The file being read, then the rotated ones after it. */
  #file: OpenFile | undefined;
  #queue: OpenFile[] = [];
  #at = 0;
  #size = 0;
  #changed = 0n;
  #identity: FileIdentity['fingerprint'] = { bytes: 0, hash: '' };
  /** When the name was first seen to belong to another file. */
  #rotatedAt: number | undefined;
  #waiting = false;
  readonly #stop = new AbortController();
  readonly #watcher: FSWatcher | undefined;

  constructor(private readonly options: FollowOptions) {
    this.#watcher = this.#watch();
    void this.#look();
  }

  /** Opens the file at its start. It need not exist yet. */
  openFirst(): void {
    this.#use(openIfThere(this.options.path));
  }

  /** Opens the file of an earlier position. True: reading goes on at its offset; false: a file from its start. */
  openAgain(identity: FileIdentity, offset: number): boolean {
    const { path, name, log } = this.options;
    const current = openIfThere(path);
    const goesOn = (file: OpenFile | undefined): boolean =>
      file !== undefined && fstatSync(file.fd).size >= offset && beginsAsBefore(file.fd, identity.fingerprint);
    if (current?.inode !== identity.inode) {
      const chain = rotatedSince(path, identity.inode, current?.inode, identity);
      if (chain !== undefined) {
        if (current !== undefined) closeSync(current.fd);
        this.#use(chain.shift());
        this.#queue = chain;
        this.#rotatedAt = this.options.clock.now();
        return true;
      }
    }
    this.#use(current);
    // Another inode with the same beginning is a copy, as after a restore from a backup.
    if (goesOn(current)) return true;
    const unread = Math.max(0, identity.size - offset);
    log('warn', `"${name}" is not the file that was read before; reading the present one from its start.`, {
      code: 'FILE_REPLACED',
      file: name,
      readTo: offset,
      unreadBytes: unread,
    });
    return false;
  }

  #use(file: OpenFile | undefined): void {
    if (this.#file !== undefined) closeSync(this.#file.fd);
    this.#file = file;
    this.#at = 0;
    this.#rotatedAt = undefined;
    if (file !== undefined) this.#remember();
    else this.#identity = { bytes: 0, hash: '' };
  }

  #remember(): void {
    const { fd } = this.#file!;
    const { size, mtimeNs } = fstatSync(fd, { bigint: true });
    this.#size = Number(size);
    this.#changed = mtimeNs;
    this.#identity = fingerprintOf(fd, this.#size);
  }

  read(into: Buffer, at: number): number {
    if (this.#file === undefined) {
      this.openFirst();
      if (this.#file === undefined) return this.#wait();
    }
    const { fd } = this.#file as OpenFile;
    if (this.#waiting && this.#wasRewritten(fd)) return RESTART;
    this.#waiting = false;
    const bytes = readSync(fd, into, at, into.length - at, this.#at);
    if (bytes > 0) {
      this.#at += bytes;
      if (this.#rotatedAt !== undefined) this.#rotatedAt = this.options.clock.now();
      return bytes;
    }
    if (this.#wasRewritten(fd)) return RESTART;
    return this.#hasSuccessor() ? END : this.#wait();
  }

  #wait(): number {
    this.#waiting = true;
    return WAIT;
  }

  /** True when the file is shorter than what was read, or begins differently: it was emptied and is read from its start. */
  #wasRewritten(fd: number): boolean {
    const { size, mtimeNs } = fstatSync(fd, { bigint: true });
    if (Number(size) === this.#size && mtimeNs === this.#changed) return false;
    const { name, log } = this.options;
    const rewritten = Number(size) < this.#at || !beginsAsBefore(fd, this.#identity);
    if (rewritten) {
      log('warn', `"${name}" was emptied; reading it from its start.`, {
        code: 'FILE_EMPTIED',
        file: name,
        readTo: this.#at,
      });
      this.#at = 0;
      this.#remember();
    } else {
      this.#size = Number(size);
      this.#changed = mtimeNs;
    }
    return rewritten;
  }

  /** True when the file was rotated away, is read to its end and has been quiet for a while. */
  #hasSuccessor(): boolean {
    if (this.#queue.length === 0 && this.#currentInode() === this.#file!.inode) {
      this.#rotatedAt = undefined;
      return false;
    }
    const now = this.options.clock.now();
    this.#rotatedAt ??= now;
    return now - this.#rotatedAt >= ROTATION_GRACE;
  }

  /** Inode of the file that has the name now. A name without a file is one that is about to be given again. */
  #currentInode(): string {
    try {
      return String(statSync(this.options.path, { bigint: true }).ino);
    } catch {
      return this.#file!.inode;
    }
  }

  next(): boolean {
    const { path, name, log } = this.options;
    if (this.#queue.length === 0) this.#queue = rotatedSince(path, this.#file!.inode, this.#currentInode()) ?? [];
    const file = this.#queue.shift() ?? openIfThere(path);
    log('info', `"${name}" was rotated; reading the file that follows.`, { code: 'FILE_ROTATED', file: name });
    this.#use(file);
    return true;
  }

  seek(offset: number): boolean {
    this.#at = offset;
    return true;
  }

  identity(offset: number): FileIdentity {
    if (this.#file !== undefined && !isComplete(this.#identity) && offset > this.#identity.bytes) {
      this.#identity = fingerprintOf(this.#file.fd, Math.max(this.#at, this.#identity.bytes));
    }
    return {
      fingerprint: this.#identity,
      size: Math.max(this.#size, this.#at),
      inode: this.#file?.inode ?? '',
    };
  }

  /** Wakes the task when it waits and something may have changed. */
  #stir(): void {
    if (this.#waiting) this.options.wake();
  }

  async #look(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await this.options.clock.sleep(LOOK_EVERY, signal);
      if (!signal.aborted && this.#waiting && this.#mayHaveChanged()) this.#stir();
    }
  }

  #mayHaveChanged(): boolean {
    const file = this.#file;
    if (file === undefined || this.#rotatedAt !== undefined) return true;
    const { size, mtimeNs } = fstatSync(file.fd, { bigint: true });
    return Number(size) !== this.#at || mtimeNs !== this.#changed || this.#currentInode() !== file.inode;
  }

  #watch(): FSWatcher | undefined {
    const base = basename(this.options.path);
    try {
      const watcher = watch(dirname(this.options.path), { persistent: false }, (_event, changed) => {
        if (changed === null || changed === base) this.#stir();
      });
      // Some drives cannot be watched; looking at them goes on.
      watcher.on('error', () => watcher.close());
      return watcher;
    } catch {
      return undefined;
    }
  }

  close(): void {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort();
    this.#watcher?.close();
    if (this.#file !== undefined) closeSync(this.#file.fd);
    for (const { fd } of this.#queue) closeSync(fd);
    this.#file = undefined;
    this.#queue = [];
  }
}
