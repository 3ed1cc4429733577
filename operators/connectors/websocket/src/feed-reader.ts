import {
  BadInput,
  fieldReader,
  MillraceError,
  type SourceBatch,
  type SourceReader,
  type SourceSetup,
  toMillraceError,
  type Value,
} from '@millrace/sdk';
import type { RawData, WebSocket } from 'ws';
import { openSocket, socketAddress } from './connection.js';
import { readMessage, recordsIn } from './message.js';
import type { ReadConfig } from './read.js';

/** Records and bytes that may wait for the task; then the line is held, and TCP holds the sender. */
const MAX_WAITING = 1000;
const MAX_WAITING_BYTES = 1024 * 1024;
/** A line without any sign of life for two of these is cut, ms. */
const HEARTBEAT = 15_000;
const FIRST_WAIT = 100;
const LONGEST_WAIT = 10_000;

interface FeedPosition {
  /** Life of the server's channel, and the last number taken from it. */
  epoch: string | null;
  seq: number | null;
  /** When the last record came, ms. */
  at: number;
  /** Its event time as it stands in the record, where a field says it. */
  time: Value;
}

interface Item {
  value: Value;
  port: 'out' | 'gaps';
  position: FeedPosition;
  bytes: number;
  time: number | undefined;
}

/** Follows one feed in the background and hands over what has come. */
export class FeedReader implements SourceReader {
  readonly #setup: SourceSetup<ReadConfig>;
  readonly #closing = new AbortController();
  readonly #millrace: boolean;
  readonly #sequence: ((value: Value) => Value) | undefined;
  readonly #time: string | undefined;
  #items: Item[] = [];
  #bytes = 0;
  #position: FeedPosition;
  #socket: WebSocket | undefined;
  /** Since when nothing comes although something should; a gap is told once records come again. */
  #lostAt: number | undefined;
  #reason: 'restart' | 'reconnect' = 'reconnect';

  constructor(setup: SourceSetup<ReadConfig>, position: Value | null) {
    this.#setup = setup;
    this.#millrace = setup.config.protocol === 'millrace';
    this.#position = (position as FeedPosition | null) ?? { epoch: null, seq: null, at: setup.clock.now(), time: null };
    if (position !== null) {
      this.#lostAt = this.#position.at;
      this.#reason = 'restart';
    }
    this.#time = setup.config.time?.field;
    this.#sequence = setup.config.sequence ? fieldReader(setup.config.sequence) : undefined;
    void this.#follow();
  }

  async #follow(): Promise<void> {
    const { clock, problem } = this.#setup;
    const { signal } = this.#closing;
    let wait = FIRST_WAIT;
    while (!signal.aborted) {
      try {
        const socket = await openSocket(this.#address(), {
          signal,
          prepare: (opening) => opening.on('message', (data: RawData) => this.#take(opening, data as Buffer)),
        });
        problem(null);
        wait = FIRST_WAIT;
        await this.#listen(socket);
        this.#lostAt ??= clock.now();
      } catch (thrown) {
        if (signal.aborted) return;
        const { code, message, hint, domain } = toMillraceError(thrown, 'SOCKET_FAILED');
        problem({ code, message, ...(hint !== undefined && { hint }) });
        if (domain === 'user') wait = Math.max(wait, 5000);
      }
      await clock.sleep(wait * (0.8 + 0.2 * Math.random()), signal).catch(() => undefined);
      wait = Math.min(wait * 2, LONGEST_WAIT);
    }
  }

  #address() {
    const { connection, path } = this.#setup.config;
    const { epoch, seq } = this.#position;
    const query = this.#millrace && epoch !== null && seq !== null ? { epoch, since: String(seq) } : {};
    return socketAddress(connection, path, query);
  }

  /** Takes messages until the line is cut. */
  #listen(socket: WebSocket): Promise<void> {
    for (const message of this.#millrace ? [] : (this.#setup.config.subscribe ?? [])) socket.send(message);
    let alive = true;
    const beat = setInterval(() => {
      if (!alive && !socket.isPaused) return socket.terminate();
      alive = false;
      socket.ping();
    }, HEARTBEAT);
    const sign = () => {
      alive = true;
    };
    socket.on('pong', sign);
    socket.on('message', sign);
    const abort = () => socket.terminate();
    this.#closing.signal.addEventListener('abort', abort, { once: true });
    if (this.#closing.signal.aborted) abort();
    return new Promise((resolve) => {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        clearInterval(beat);
        this.#closing.signal.removeEventListener('abort', abort);
        this.#socket = undefined;
        resolve();
      });
    });
  }

  #take(socket: WebSocket, data: Buffer): void {
    if (this.#socket !== socket) {
      this.#socket = socket;
      if (!this.#millrace) this.#tellGap();
    }
    let message: Value;
    try {
      message = readMessage(data);
    } catch (error) {
      this.#add(new BadInput(data.toString('utf8').slice(0, 4096), toMillraceError(error)), data.length);
      return;
    }
    if (this.#millrace) this.#takeFrame(message, data.length);
    else this.#takePlain(message, data.length);
    if (this.#items.length >= MAX_WAITING || this.#bytes >= MAX_WAITING_BYTES) socket.pause();
  }

  #takePlain(message: Value, bytes: number): void {
    const records = recordsIn(message, this.#setup.config.records);
    for (const record of records ?? []) {
      const seq: Value = this.#sequence?.(record);
      if (typeof seq === 'number') {
        const { seq: last } = this.#position;
        if (last !== null && seq > last + 1) this.#gap(seq - last - 1);
        this.#position = { ...this.#position, seq };
      }
      this.#add(isRecord(record) ? record : notARecord(record), bytes / records!.length);
    }
  }

  /** A frame of a live channel: a greeting, a gap, or a numbered record. */
  #takeFrame(frame: Value, bytes: number): void {
    if (frame?.hello !== undefined) {
      const { epoch, last } = frame.hello as { epoch: string; last: number };
      const fresh = this.#position.epoch === null;
      // The first time nothing was missed; from then on the channel says what was.
      if (fresh) this.#position = { ...this.#position, epoch, seq: last };
      else if (epoch !== this.#position.epoch) this.#position = { ...this.#position, epoch };
      else this.#lostAt = undefined;
      return;
    }
    if (frame?.gap !== undefined) {
      const { to, count } = frame.gap as { to: number | null; count: number | null };
      if (to !== null) this.#position = { ...this.#position, seq: to };
      this.#gap(count);
      return;
    }
    if (typeof frame?.seq !== 'number' || !isRecord(frame.value)) {
      this.#add(notARecord(frame), bytes);
      return;
    }
    this.#position = { ...this.#position, seq: frame.seq };
    const value = frame.op === 'delete' ? { ...frame.value, deleted: true } : frame.value;
    this.#add(value, bytes, typeof frame.time === 'number' ? frame.time : undefined);
  }

  /** The first message of another line: something may have passed in between. */
  #tellGap(): void {
    // Feeds that number their records say how much, as soon as one has come.
    if (this.#lostAt === undefined || this.#sequence !== undefined) return;
    this.#gap(null);
  }

  #gap(missed: number | null): void {
    const now = this.#setup.clock.now();
    const { time } = this.#position;
    const value = {
      // Gaps stand in event time where the records before them stood: the clock may be far from it.
      ...(this.#time !== undefined && atPath(this.#time, time ?? new Date(now).toISOString())),
      from: new Date(this.#lostAt ?? this.#position.at).toISOString(),
      to: new Date(now).toISOString(),
      reason: this.#reason,
      missed,
    };
    this.#lostAt = undefined;
    this.#reason = 'reconnect';
    this.#push({ value, port: 'gaps', position: this.#position, bytes: 100, time: undefined });
  }

  #add(value: Value, bytes: number, time?: number): void {
    const at = this.#setup.clock.now();
    const stands = this.#time === undefined || value instanceof BadInput ? null : fieldReader(this.#time)(value);
    this.#position = { ...this.#position, at, time: stands ?? this.#position.time };
    this.#push({ value, port: 'out', position: this.#position, bytes, time });
  }

  #push(item: Item): void {
    this.#items.push(item);
    this.#bytes += item.bytes;
    if (this.#items.length === 1) this.#setup.wake();
  }

  poll(max: number): SourceBatch | null {
    if (this.#items.length === 0) return null;
    const items = this.#items.splice(0, max);
    for (const { bytes } of items) this.#bytes -= bytes;
    if (this.#socket?.isPaused && this.#items.length < MAX_WAITING / 2) this.#socket.resume();
    return {
      values: items.map(({ value }) => value),
      ports: items.map(({ port }) => port),
      position: items.at(-1)!.position as unknown as Value,
      // What came cannot be asked for again from a plain feed: the commit keeps as much as was handed on.
      after: (n) => items[n - 1]!.position as unknown as Value,
      ...(this.#millrace && { times: items.map(({ time }) => time ?? Number.NaN) }),
    };
  }

  close(): void {
    this.#closing.abort();
    this.#socket?.terminate();
  }
}

/** An object with one value at a dotted path. */
function atPath(path: string, value: Value): Value {
  return path.split('.').reduceRight((inner: Value, name) => ({ [name]: inner }), value);
}

function isRecord(value: Value): boolean {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function notARecord(value: Value): BadInput {
  return new BadInput(
    JSON.stringify(value).slice(0, 4096),
    new MillraceError('A record of the feed is not an object.', { code: 'NOT_A_RECORD' }),
  );
}
