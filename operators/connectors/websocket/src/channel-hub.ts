import { randomBytes } from 'node:crypto';
import type { Clock, Op, Value } from '@millrace/sdk';
import type { WebSocket } from 'ws';

export interface ChannelRecord {
  value: Value;
  time: number;
  op: Op;
}

/** Records that a channel keeps for those who come back, by count and by age. */
export const KEPT_RECORDS = 1000;
export const KEPT_MS = 60_000;
/** Bytes under way to one subscriber; beyond that it gets no more until some arrived, and a gap where it fell behind. */
const MAX_UNDER_WAY = 1024 * 1024;
const PUBLISHED = 'ack';

interface Kept {
  seq: number;
  at: number;
  frame: string;
}

/**
 * Live channels of one server: what sinks publish goes to every subscriber, numbered from 1. The last records are kept for a while, so a
 * subscriber that comes back with the number it has seen misses nothing; one that was away longer, or is too slow, is told the gap.
 */
export class ChannelHub {
  readonly #clock: Clock;
  readonly #keep: number;
  /** Names this life of the hub: numbers of another one mean nothing here. */
  readonly epoch = randomBytes(6).toString('hex');
  readonly #channels = new Map<string, Channel>();

  constructor(clock: Clock, keep = KEPT_RECORDS) {
    this.#clock = clock;
    this.#keep = keep;
  }

  #channel(name: string): Channel {
    const channel = this.#channels.get(name) ?? new Channel(this.#clock, this.#keep);
    this.#channels.set(name, channel);
    return channel;
  }

  publish(name: string, records: readonly ChannelRecord[]): void {
    this.#channel(name).publish(records);
  }

  /** Lets a socket follow a channel from behind number `since` of the life `epoch`; without both: from now on. */
  subscribe(name: string, socket: WebSocket, since: { epoch: string; seq: number } | undefined): void {
    const channel = this.#channel(name);
    const known = since?.epoch === this.epoch;
    socket.send(
      JSON.stringify({ hello: { channel: name, epoch: this.epoch, first: channel.first, last: channel.last } }),
    );
    // How many an earlier life had sent after that is not known here.
    if (since !== undefined && !known) socket.send(JSON.stringify({ gap: { from: null, to: null, count: null } }));
    const follower = new Follower(channel, socket, known ? since.seq + 1 : since ? channel.first : channel.last + 1);
    channel.followers.add(follower);
    socket.on('close', () => {
      channel.followers.delete(follower);
      if (channel.followers.size === 0 && channel.last === 0) this.#channels.delete(name);
    });
    follower.pump();
  }

  /** Serves a sink: each `{ seq, records }` is answered with `{ ack: seq }` once subscribers can have it. */
  servePublisher(name: string, socket: WebSocket): void {
    socket.on('message', (data, isBinary) => {
      try {
        if (isBinary) throw new TypeError('binary');
        const { seq, records } = JSON.parse(data.toString()) as { seq: number; records: ChannelRecord[] };
        this.publish(name, records);
        socket.send(JSON.stringify({ [PUBLISHED]: seq }));
      } catch {
        socket.close(1007);
      }
    });
  }
}

class Channel {
  readonly followers = new Set<Follower>();
  readonly #clock: Clock;
  readonly #keep: number;
  #kept: Kept[] = [];
  last = 0;

  constructor(clock: Clock, keep: number) {
    this.#clock = clock;
    this.#keep = keep;
  }

  /** Number of the oldest record that is kept. */
  get first(): number {
    return this.last - this.#kept.length + 1;
  }

  publish(records: readonly ChannelRecord[]): void {
    const at = this.#clock.now();
    for (const { value, time, op } of records) {
      const seq = ++this.last;
      this.#kept.push({ seq, at, frame: JSON.stringify({ seq, time, op, value }) });
    }
    let gone = Math.max(0, this.#kept.length - this.#keep);
    while (gone < this.#kept.length && this.#kept[gone]!.at < at - KEPT_MS) gone++;
    // Those who keep up get what is new before it can go.
    for (const follower of this.followers) follower.pump();
    if (gone > 0) this.#kept.splice(0, gone);
  }

  at(seq: number): Kept | undefined {
    return this.#kept[seq - this.first];
  }
}

/** One subscriber and how far it is. */
class Follower {
  #underWay = 0;

  constructor(
    private readonly channel: Channel,
    private readonly socket: WebSocket,
    private next: number,
  ) {}

  pump(): void {
    const { channel, socket } = this;
    while (this.next <= channel.last && this.#underWay < MAX_UNDER_WAY && socket.readyState === socket.OPEN) {
      const { first } = channel;
      if (this.next < first) {
        this.#send(JSON.stringify({ gap: { from: this.next, to: first - 1, count: first - this.next } }));
        this.next = first;
        continue;
      }
      this.#send(channel.at(this.next)!.frame);
      this.next++;
    }
  }

  #send(frame: string): void {
    this.#underWay += frame.length;
    this.socket.send(frame, () => {
      this.#underWay -= frame.length;
      if (this.#underWay < MAX_UNDER_WAY / 2) this.pump();
    });
  }
}
