import { readdirSync, readFileSync, unlinkSync } from 'node:fs';
import { appendFile, open } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { hex8 } from './format.js';

/** What was answered to an idempotency key. */
export interface KeptKey {
  /** Hash of the body that came with it. */
  hash: string;
  position: number;
  n: number;
  at: number;
}

const HOUR = 3_600_000;
/** How long a key is remembered, and how many at most (the oldest go first). */
export const KEY_TTL = 24 * HOUR;
export const KEY_LIMIT = 1_000_000;

const fileOf = (at: number) => `keys-${String(Math.floor(at / HOUR)).padStart(10, '0')}.log`;

/**
 * The idempotency keys of a log. The entry in the log itself carries its key, so a crash cannot part them; the hourly files hold
 * the keys of segments that have been trimmed.
 */
export class KeyBook {
  readonly #dir: string;
  readonly #keys = new Map<string, KeptKey>();
  #waiting: string[] = [];
  #file = '';

  private constructor(dir: string) {
    this.#dir = dir;
  }

  static load(dir: string, now: number): KeyBook {
    const book = new KeyBook(dir);
    for (const name of readdirSync(dir)
      .filter((file) => /^keys-\d{10}\.log$/.test(file))
      .sort()) {
      if ((Number(name.slice(5, 15)) + 1) * HOUR + KEY_TTL <= now) unlinkSync(join(dir, name));
      else book.#read(readFileSync(join(dir, name), 'utf8'));
    }
    return book;
  }

  #read(text: string): void {
    for (const line of text.split('\n')) {
      const json = line.slice(9);
      // A torn last line fails its checksum: its entry is still in the log.
      if (json === '' || hex8(crc32(json)) !== line.slice(0, 8)) continue;
      const [key, hash, position, n, at] = JSON.parse(json) as [string, string, number, number, number];
      this.#keys.set(key, { hash, position, n, at });
    }
  }

  get(key: string, now: number): KeptKey | undefined {
    const kept = this.#keys.get(key);
    if (kept === undefined || now - kept.at < KEY_TTL) return kept;
    this.#keys.delete(key);
    return undefined;
  }

  /** Takes a key that is in the log. Keys found again while the log is scanned at start are taken without writing. */
  add(key: string, kept: KeptKey, write = true): void {
    if (!write && this.#keys.has(key)) return;
    this.#keys.set(key, kept);
    const json = JSON.stringify([key, kept.hash, kept.position, kept.n, kept.at]);
    this.#waiting.push(`${hex8(crc32(json))} ${json}\n`);
    if (this.#keys.size <= KEY_LIMIT) return;
    for (const oldest of this.#keys.keys()) {
      this.#keys.delete(oldest);
      break;
    }
  }

  /** Makes all keys so far durable: before a segment that holds them goes. */
  async flush(now: number): Promise<void> {
    if (this.#waiting.length > 0) {
      const lines = this.#waiting;
      this.#file = join(this.#dir, fileOf(now));
      await appendFile(this.#file, lines.join(''), { mode: 0o600 });
      this.#waiting = this.#waiting.slice(lines.length);
      const file = await open(this.#file, 'r+');
      await file.datasync();
      await file.close();
    }
    this.#expire(now);
  }

  #expire(now: number): void {
    for (const [key, kept] of this.#keys) {
      if (now - kept.at < KEY_TTL) break;
      this.#keys.delete(key);
    }
    for (const name of readdirSync(this.#dir)) {
      if (/^keys-\d{10}\.log$/.test(name) && (Number(name.slice(5, 15)) + 1) * HOUR + KEY_TTL <= now)
        unlinkSync(join(this.#dir, name));
    }
  }
}
