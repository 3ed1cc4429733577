import { describe, expect, it } from 'vitest';
import type { RedisClient } from '../redis/connect.js';
import type { Link } from '../redis/link.js';
import { LaneReader } from './lane-reader.js';

type Reply = [Buffer, [Buffer, Buffer[]][]][] | null;

/** A connection whose reads are answered by the test. */
class Wire {
  closed = false;
  cuts = 0;
  asked: { keys: string[]; from: string[]; answer(reply: Reply): void }[] = [];
  #waiting: (() => void)[] = [];

  async call<T>(send: (client: RedisClient) => Promise<T>): Promise<T> {
    return send({
      xreadBuffer: (...args: unknown[]) =>
        new Promise((answer) => {
          const rest = args.slice(args.indexOf('STREAMS') + 1) as string[];
          const half = rest.length / 2;
          this.asked.push({ keys: rest.slice(0, half), from: rest.slice(half), answer });
          for (const go of this.#waiting.splice(0)) go();
        }),
    } as unknown as RedisClient);
  }

  /** The next read that comes over it. */
  async next() {
    while (this.asked.length === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.asked.shift()!;
  }

  close(): void {
    this.closed = true;
  }
}

const entries = (key: string, ...numbers: number[]): Reply => [
  [
    Buffer.from(key),
    numbers.map((n): [Buffer, Buffer[]] => [Buffer.from(`${n}-0`), [Buffer.from('1'), Buffer.from(`entry ${n}`)]]),
  ],
];

function setUp(total = 1) {
  const [waiting, other] = [new Wire(), new Wire()];
  let arrivals = 0;
  const reader = new LaneReader(
    waiting as unknown as Link,
    total,
    () => {
      arrivals++;
    },
    async () => undefined,
    (error) => {
      throw error;
    },
  );
  const take = (key: string, after: number, limit = 100) => reader.take(key, after, limit)?.map((e) => e.sequence);
  return { waiting, other, reader, take, arrivals: () => arrivals };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('reading lanes ahead', () => {
  it('lanes that are asked for together share a read, and what comes can be taken at once', async () => {
    const { waiting, take, arrivals } = setUp(2);
    expect([take('a', 0), take('b', 7)]).toEqual([undefined, undefined]);
    const read = await waiting.next();
    expect([read.keys, read.from]).toEqual([
      ['a', 'b'],
      ['0-0', '7-0'],
    ]);
    read.answer(entries('b', 8, 9));
    await settled();
    expect(arrivals()).toBe(1);
    expect([take('a', 0), take('b', 7, 1), take('b', 8), take('b', 9)]).toEqual([undefined, [8], [9], undefined]);
    expect((await waiting.next()).from).toEqual(['0-0', '9-0']);
  });

  it('a second look finds what the waiting read has brought meanwhile, and nothing twice', async () => {
    const { waiting, other, reader, take } = setUp();
    take('a', 0);
    const read = await waiting.next();
    const looking = reader.catchUp(other as unknown as Link);
    const look = await other.next();
    read.answer(entries('a', 1));
    await settled();
    look.answer(entries('a', 1));
    expect(await looking).toBe(true);
    expect([take('a', 0), take('a', 1)]).toEqual([[1], undefined]);
  });

  it('a second look that comes first makes the waiting read void', async () => {
    const { waiting, other, reader, take } = setUp();
    take('a', 0);
    const read = await waiting.next();
    const looking = reader.catchUp(other as unknown as Link);
    (await other.next()).answer(entries('a', 1, 2));
    expect(await looking).toBe(true);
    read.answer(entries('a', 1));
    await settled();
    expect(take('a', 0)).toEqual([1, 2]);
    expect((await waiting.next()).from).toEqual(['2-0']);
  });

  it('says that there is nothing only after a look', async () => {
    const { waiting, other, reader, take } = setUp();
    take('a', 0);
    await waiting.next();
    const looking = reader.catchUp(other as unknown as Link);
    (await other.next()).answer(null);
    expect(await looking).toBe(false);
  });

  it('another place than the one reached starts the lane anew', async () => {
    const { waiting, take } = setUp();
    take('a', 0);
    const read = await waiting.next();
    read.answer(entries('a', 1, 2, 3));
    await settled();
    const stale = await waiting.next();
    expect(take('a', 1)).toBeUndefined();
    stale.answer(entries('a', 4));
    await settled();
    expect((await waiting.next()).from).toEqual(['1-0']);
  });
});
