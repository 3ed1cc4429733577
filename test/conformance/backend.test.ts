import { encodeBlob } from '@millrace/engine';
import type { Commit, CommitReply, Entry, Lease, Row, RowChange, TaskStore, TimerRow } from '@millrace/engine/ports';
import { graphOf, testCatalogue } from '@millrace/engine/testing';
import { planGraph } from '@millrace/planner';
import { KEY_GROUPS } from '@millrace/sdk';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { BACKENDS, type Backend, type BackendKind } from './backends.js';

/** What every backend must do, whatever it is made of. Two tasks make words, two count them. */
const plan = planGraph(
  graphOf(
    [
      { id: 'src', operator: 'test.list', config: { values: [], partitions: 2 }, parallelism: 2 },
      { id: 'sum', operator: 'test.sum' },
      { id: 'sink', operator: 'test.collect' },
    ],
    ['src>sum', 'sum>sink'],
  ),
  testCatalogue(),
  { parallelism: 2 },
);
const SENDER = plan.nodes.src!.stage;
const RECEIVER = plan.nodes.sum!.stage;
const LANE = plan.exchanges.find(({ from, to }) => from === SENDER && to === RECEIVER)!.id;
const ALL: [number, number] = [0, KEY_GROUPS - 1];

const bytes = (text: string) => Buffer.from(text);
const text = (blob: Uint8Array) => Buffer.from(blob).toString();

/** A task as the engine drives it: one commit after the other. */
class Owner {
  sequence = 0;
  constructor(
    readonly lease: Lease,
    readonly store: TaskStore,
  ) {}

  of(parts: Partial<Commit>): Commit {
    return {
      lease: this.lease,
      sequence: this.sequence + 1,
      meta: bytes(`meta ${this.sequence + 1}`),
      rows: [],
      timers: [],
      outputs: [],
      consumed: [],
      deadLetters: [],
      replayed: [],
      finished: false,
      ...parts,
    };
  }

  async commit(parts: Partial<Commit> = {}): Promise<CommitReply> {
    const reply = await this.store.commit(this.of(parts));
    if (reply === 'OK') this.sequence++;
    return reply;
  }

  /** What a lane brings within 2 s; stores that read ahead may need a moment. */
  async read(sender: number, after: number, limit = 100): Promise<Entry[]> {
    for (const until = Date.now() + 2_000; Date.now() < until; ) {
      const entries = await this.store.readEntries(LANE, sender, after, limit);
      if (entries !== undefined && entries.length > 0) return entries;
      if (!(await this.store.catchUp?.())) await this.store.wait(20);
    }
    return [];
  }

  /** Nothing there, also after a second look. */
  async isEmpty(sender: number, after: number): Promise<boolean> {
    const look = async () => (await this.store.readEntries(LANE, sender, after, 100))?.length ?? 0;
    if ((await look()) > 0) return false;
    await this.store.catchUp?.();
    return (await look()) === 0;
  }
}

const row = (key: string, value?: string, sub?: string | number, group = 5): RowChange => ({
  key: { node: 'sum', group, table: 'sums', key, ...(sub !== undefined && { sub }) },
  ...(value !== undefined && { value: bytes(value) }),
});

const timer = (time: number, key: string, name = 'close', kind: 0 | 1 = 0, group = 5): TimerRow => ({
  node: 'sum',
  group,
  kind,
  time,
  key,
  name,
});

const output = (payload: string, receiver = 0, records = 1) => ({
  exchange: LANE,
  receiver,
  payload: bytes(payload),
  records,
});

async function rowsOf(store: TaskStore, groups: [number, number] = ALL, limit = 1_000_000, table = 'sums') {
  const rows: Row[] = [];
  const { complete } = await store.loadRows('sum', table, groups, limit, (each) => rows.push(each));
  return { complete, rows: rows.map(({ key, value }) => [key.key, key.sub ?? null, text(value)] as const) };
}

for (const kind of BACKENDS) {
  describe.skipIf(kind.missing !== undefined)(
    `${kind.name}: a task's store${kind.missing ? ` (skipped: ${kind.missing})` : ''}`,
    () => {
      if (kind.setUp) beforeAll(kind.setUp, 30_000);
      if (kind.tearDown) afterAll(kind.tearDown);
      cases(kind);
    },
  );
}

function cases(kind: BackendKind): void {
  let backend: Backend;
  const setUp = async () => {
    backend = await kind.create(plan);
    onTestFinished(() => backend.close());
  };
  const own = async (stage: string, index = 0) => {
    const lease = await backend.take(stage, index);
    const owner = new Owner(lease, await backend.open(stage, index, lease));
    owner.sequence = (await owner.store.restore())?.sequence ?? 0;
    return owner;
  };

  describe('commits', () => {
    it('nothing is there before the first one', async () => {
      await setUp();
      const lease = await backend.take(RECEIVER, 0);
      expect(await (await backend.open(RECEIVER, 0, lease)).restore()).toBeNull();
    });

    it('a chain of them is accepted, and a new owner finds the last', async () => {
      await setUp();
      const first = await own(RECEIVER);
      for (let i = 0; i < 5; i++) expect(await first.commit()).toBe('OK');
      const lease = await backend.take(RECEIVER, 0);
      const restored = await (await backend.open(RECEIVER, 0, lease)).restore();
      expect({ ...restored, meta: text(restored!.meta) }).toEqual({ sequence: 5, meta: 'meta 5', finished: false });
    });

    it('the same one twice counts once', async () => {
      await setUp();
      const sender = await own(SENDER);
      const receiver = await own(RECEIVER);
      await sender.commit();
      const twice = sender.of({
        rows: [row('a', '1')],
        outputs: [output('once')],
        deadLetters: [{ node: 'src', payload: encodeBlob({ value: 'bad' }) }],
      });
      expect(await sender.store.commit(twice)).toBe('OK');
      expect(await sender.store.commit(twice)).toBe('DUPLICATE');
      sender.sequence++;
      expect(await sender.commit({ outputs: [output('after')] })).toBe('OK');
      expect((await receiver.read(0, 0)).map(({ sequence }) => sequence)).toEqual([1, 2]);
      expect(await backend.letters()).toHaveLength(1);
    });

    it('a gap in the numbers is refused', async () => {
      await setUp();
      const owner = await own(RECEIVER);
      await owner.commit();
      expect(await owner.store.commit(owner.of({ sequence: 3 }))).toBe('FENCED');
      expect(await owner.store.commit(owner.of({ sequence: 0 }))).toBe('FENCED');
      expect(await owner.commit()).toBe('OK');
    });

    it('once another owner has the task, the old one can write nothing', async () => {
      await setUp();
      const old = await own(RECEIVER);
      await old.commit({ rows: [row('a', 'old')] });
      const lease = await backend.take(RECEIVER, 0);
      const refused = await Promise.race([
        old.commit({ rows: [row('a', 'zombie')], deadLetters: [{ node: 'sum', payload: encodeBlob({ value: 1 }) }] }),
        // A backend in the same process may simply have cut the old owner off.
        new Promise<string>((resolve) => setTimeout(resolve, 500, 'FENCED')),
      ]);
      expect(refused).toBe('FENCED');
      const next = new Owner(lease, await backend.open(RECEIVER, 0, lease));
      next.sequence = (await next.store.restore())!.sequence;
      expect((await rowsOf(next.store)).rows).toEqual([['a', null, 'old']]);
      // The number of a commit the old owner made is not a repetition of the new one's.
      expect(await next.store.commit(next.of({ sequence: next.sequence }))).toBe('FENCED');
      expect(await next.commit()).toBe('OK');
      expect(await backend.letters()).toEqual([]);
    });

    it('the end of a task is remembered', async () => {
      await setUp();
      const owner = await own(SENDER);
      await owner.commit({ finished: true });
      const lease = await backend.take(SENDER, 0);
      expect(await (await backend.open(SENDER, 0, lease)).restore()).toMatchObject({ sequence: 1, finished: true });
    });

    it('tasks do not share their progress', async () => {
      await setUp();
      const [a, b] = [await own(RECEIVER, 0), await own(RECEIVER, 1)];
      await a.commit();
      await a.commit();
      expect(await b.commit()).toBe('OK');
    });
  });

  describe('state', () => {
    it('rows are written, replaced, removed, and found by the next owner', async () => {
      await setUp();
      const owner = await own(RECEIVER);
      await owner.commit({ rows: [row('a', '1'), row('b', '2'), row('\u0000n3', '3'), row('größe 😀', '4')] });
      await owner.commit({ rows: [row('a', '10'), row('b')] });
      const next = await own(RECEIVER);
      expect(new Set((await rowsOf(next.store)).rows)).toEqual(
        new Set([
          ['a', null, '10'],
          ['\u0000n3', null, '3'],
          ['größe 😀', null, '4'],
        ]),
      );
      expect((await rowsOf(next.store, ALL, 10, 'other')).rows).toEqual([]);
    });

    it('only the asked key groups are read, at most so many keys', async () => {
      await setUp();
      const owner = await own(RECEIVER);
      await owner.commit({
        rows: [row('low', '1', undefined, 3), row('mid', '2', undefined, 10), row('high', '3', undefined, 60)],
      });
      const next = await own(RECEIVER);
      expect(await rowsOf(next.store, [4, 20])).toEqual({ complete: true, rows: [['mid', null, '2']] });
      expect((await rowsOf(next.store, ALL, 3)).complete).toBe(true);
      const some = await rowsOf(next.store, ALL, 2);
      expect(some.complete).toBe(false);
      expect(some.rows).toHaveLength(2);
    });

    it('maps and lists keep each cell: text and number keys apart, long lists in order', async () => {
      await setUp();
      const owner = await own(RECEIVER);
      const list = Array.from({ length: 300 }, (_, i) => row('list', `item ${i}`, i));
      await owner.commit({
        rows: [row('map', 'text', '1'), row('map', 'number', 1), row('map', 'x', 'gone'), ...list],
      });
      await owner.commit({ rows: [row('map', undefined, 'gone'), row('list', undefined, 299)] });
      const next = await own(RECEIVER);
      const cells = await next.store.readKey('sum', 5, 'sums', 'map', true);
      expect(cells.map(({ key, value }) => [key.sub, text(value)]).sort()).toEqual([
        [1, 'number'],
        ['1', 'text'],
      ]);
      const items = next.store.readKey('sum', 5, 'sums', 'list', true);
      expect(items.map(({ key }) => key.sub as number).sort((a, b) => a - b)).toEqual([...Array(299).keys()]);
    });

    it('rows are gone through a few at a time, those of other groups and tables left out', async () => {
      await setUp();
      const owner = await own(RECEIVER);
      const keys = Array.from({ length: 50 }, (_, i) => row(`k${i}`, `${i}`, undefined, i % 10));
      await owner.commit({ rows: [...keys, row('map', 'a', 1, 3), row('map', 'b', 'x', 3)] });
      await owner.commit({
        rows: [{ key: { node: 'sum', group: 3, table: 'totals', key: 'other' }, value: bytes('9') }],
      });
      const found: string[] = [];
      let from: unknown = null;
      let calls = 0;
      do {
        const { rows, next } = owner.store.scanRows('sum', 'sums', [2, 4], from, 4);
        expect(rows.length).toBeLessThanOrEqual(5);
        for (const { key, value } of rows) found.push(`${key.group} ${key.key} ${key.sub ?? ''} ${text(value)}`);
        from = next;
        // What goes or comes meanwhile does not disturb the rest.
        if (calls++ === 0)
          await owner.commit({ rows: [row('k41', undefined, undefined, 1), row('k51', '51', undefined, 1)] });
      } while (from !== null);
      const wanted = [...keys.keys()].filter((i) => i % 10 >= 2 && i % 10 <= 4).map((i) => `${i % 10} k${i}  ${i}`);
      expect(found.sort()).toEqual([...wanted, '3 map 1 a', '3 map x b'].sort());
      expect(calls).toBeGreaterThan(3);
    });

    it('one key is read at once after its commit, without waiting', async () => {
      await setUp();
      const owner = await own(RECEIVER);
      await owner.commit({ rows: [row('a', '1'), row('ab', '2'), row('a', '3', undefined, 6)] });
      const read = (group: number, key: string) =>
        owner.store.readKey('sum', group, 'sums', key, false).map(({ value }) => text(value));
      expect([read(5, 'a'), read(6, 'a'), read(5, 'ab'), read(5, 'b')]).toEqual([['1'], ['3'], ['2'], []]);
    });

    it('values come back byte by byte, whatever they are', async () => {
      await setUp();
      const owner = await own(RECEIVER);
      const value = Uint8Array.from({ length: 70_000 }, (_, i) => (i * 31) & 0xff);
      await owner.commit({ rows: [{ key: { node: 'sum', group: 0, table: 'sums', key: '' }, value }] });
      const next = await own(RECEIVER);
      expect(Buffer.compare(next.store.readKey('sum', 0, 'sums', '', false)[0]!.value, value)).toBe(0);
    });

    it('timers come in the order of time, key and name, from a place on, both kinds apart', async () => {
      await setUp();
      const owner = await own(RECEIVER);
      const wanted = [
        timer(-5, 'b'),
        timer(0, 'b'),
        timer(7, 'a', 'a'),
        timer(7, 'a', 'b'),
        timer(7, '\uffff'),
        timer(7, '😀'),
        timer(1e15, 'a', 'c', 0, 127),
      ];
      const others = [timer(1, 'clock', 'x', 1), timer(3, 'cancelled')];
      await owner.commit({ timers: [...wanted, ...others].reverse().map((each) => ({ timer: each, add: true })) });
      await owner.commit({ timers: [{ timer: timer(3, 'cancelled'), add: false }] });
      for (const store of [owner.store, (await own(RECEIVER)).store]) {
        expect(store.loadTimers('sum', 0, ALL, null, 100)).toEqual(wanted);
        expect(store.loadTimers('sum', 0, ALL, timer(7, 'a', 'a'), 2)).toEqual(wanted.slice(3, 5));
        expect(store.loadTimers('sum', 0, [0, 100], null, 100)).toEqual(wanted.slice(0, -1));
        expect(store.loadTimers('sum', 1, ALL, null, 100)).toEqual(others.slice(0, 1));
        expect(store.loadTimers('src', 0, ALL, null, 100)).toEqual([]);
      }
    });

    it('a long history of changes gives the same state as a plain map', { timeout: 60_000 }, async () => {
      await setUp();
      let owner = await own(RECEIVER);
      const model = new Map<string, string>();
      const times = new Map<string, TimerRow>();
      let seed = 7;
      const random = (n: number) => {
        seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
        return (seed >> 8) % n;
      };
      for (let round = 0; round < 60; round++) {
        const changes = new Map<string, RowChange>();
        const timers = new Map<string, { timer: TimerRow; add: boolean }>();
        for (let i = 0; i < 60; i++) {
          const key = `key ${random(400)}`;
          const group = Number(key.slice(4)) % 64;
          if (random(5) === 0) {
            changes.set(key, row(key, undefined, undefined, group));
            model.delete(key);
          } else {
            const value = `${round} ${i} `.padEnd(20 + random(1_200), 'x');
            changes.set(key, row(key, value, undefined, group));
            model.set(key, value);
          }
          const at = timer(random(50), `key ${random(20)}`, 't', 0, random(2));
          const id = `${at.time} ${at.key}`;
          at.group = Number(at.key.slice(4)) % 64;
          const add = random(3) > 0;
          if (add === times.has(id)) continue;
          timers.set(id, { timer: at, add });
          if (add) times.set(id, at);
          else times.delete(id);
        }
        expect(await owner.commit({ rows: [...changes.values()], timers: [...timers.values()] })).toBe('OK');
        if (round % 7 === 6) owner = await own(RECEIVER);
      }
      const next = await own(RECEIVER);
      expect(new Map((await rowsOf(next.store)).rows.map(([key, , value]) => [key, value]))).toEqual(model);
      expect(next.store.loadTimers('sum', 0, ALL, null, 10_000)).toHaveLength(times.size);
    });
  });

  describe('exchanges', () => {
    it('entries arrive in order, numbered from 1, each at its receiver', async () => {
      await setUp();
      const [sender, other] = [await own(SENDER, 0), await own(SENDER, 1)];
      const [left, right] = [await own(RECEIVER, 0), await own(RECEIVER, 1)];
      await sender.commit({ outputs: [output('a', 0, 3), output('b', 1), output('c', 0)] });
      await sender.commit({ outputs: [output('d', 0)] });
      await other.commit({ outputs: [output('from the other', 0)] });
      expect((await left.read(0, 0)).map((e) => [e.sequence, text(e.payload), e.records])).toEqual([
        [1, 'a', 3],
        [2, 'c', 1],
        [3, 'd', 1],
      ]);
      expect((await left.read(1, 0)).map((e) => text(e.payload))).toEqual(['from the other']);
      expect((await right.read(0, 0)).map((e) => [e.sequence, text(e.payload)])).toEqual([[1, 'b']]);
      expect(await right.isEmpty(1, 0)).toBe(true);
    });

    it('a reader goes on where it was, at most so many at a time', async () => {
      await setUp();
      const [sender, receiver] = [await own(SENDER), await own(RECEIVER)];
      await sender.commit({ outputs: Array.from({ length: 10 }, (_, i) => output(`${i}`)) });
      const first = await receiver.read(0, 0, 4);
      expect(first.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
      expect((await receiver.read(0, 4, 100)).map(({ sequence }) => sequence)).toEqual([5, 6, 7, 8, 9, 10]);
      expect(await receiver.isEmpty(0, 10)).toBe(true);
    });

    it('consumed entries are gone, numbers go on, also for the next owners', async () => {
      await setUp();
      const [sender, receiver] = [await own(SENDER), await own(RECEIVER)];
      await sender.commit({ outputs: [output('a'), output('b'), output('c')] });
      await receiver.read(0, 0);
      await receiver.commit({ consumed: [{ exchange: LANE, sender: 0, from: 0, sequence: 2, records: 2 }] });
      const nextReceiver = await own(RECEIVER);
      expect((await nextReceiver.read(0, 2)).map((e) => [e.sequence, text(e.payload)])).toEqual([[3, 'c']]);
      await nextReceiver.commit({ consumed: [{ exchange: LANE, sender: 0, from: 2, sequence: 3, records: 1 }] });
      const nextSender = await own(SENDER);
      await nextSender.commit({ outputs: [output('d')] });
      expect((await nextReceiver.read(0, 3)).map((e) => [e.sequence, text(e.payload)])).toEqual([[4, 'd']]);
    });

    it('an entry may hold signals only, no record', async () => {
      await setUp();
      const [sender, receiver] = [await own(SENDER), await own(RECEIVER)];
      await sender.commit({ outputs: [output('marks', 0, 0), output('end', 0, 1)] });
      expect((await receiver.read(0, 0)).map((e) => [text(e.payload), e.records])).toEqual([
        ['marks', 0],
        ['end', 1],
      ]);
      const consumed = { exchange: LANE, sender: 0, from: 0, sequence: 1, records: 0 };
      expect(await receiver.commit({ consumed: [consumed] })).toBe('OK');
      expect((await (await own(RECEIVER)).read(0, 1)).map(({ sequence }) => sequence)).toEqual([2]);
    });

    it('the backlog is what is committed and not consumed, at the fullest receiver', async () => {
      await setUp();
      const [sender, receiver] = [await own(SENDER), await own(RECEIVER)];
      expect(sender.store.backlog(LANE)).toBe(0);
      await sender.commit({ outputs: [output('a', 0, 100), output('b', 1, 30)] });
      expect(sender.store.backlog(LANE)).toBe(100);
      await receiver.commit({ consumed: [{ exchange: LANE, sender: 0, from: 0, sequence: 1, records: 100 }] });
      for (let i = 0; i < 100 && sender.store.backlog(LANE) !== 30; i++) await sender.store.wait(20);
      expect(sender.store.backlog(LANE)).toBe(30);
      expect((await own(SENDER)).store.backlog(LANE)).toBe(30);
    });

    it('a waiting task wakes up when something comes, when there is room, and when asked', async () => {
      await setUp();
      const [sender, receiver] = [await own(SENDER), await own(RECEIVER)];
      expect(await receiver.isEmpty(0, 0)).toBe(true);
      const timed = async (store: TaskStore, cause: () => unknown) => {
        await store.wait(1);
        const waiting = store.wait(20_000);
        const began = performance.now();
        await cause();
        await waiting;
        return performance.now() - began;
      };
      expect(await timed(receiver.store, () => sender.commit({ outputs: [output('a', 0, 9_000)] }))).toBeLessThan(
        10_000,
      );
      expect(await receiver.read(0, 0)).toHaveLength(1);
      const consumed = [{ exchange: LANE, sender: 0, from: 0, sequence: 1, records: 9_000 }];
      expect(await timed(sender.store, () => receiver.commit({ consumed }))).toBeLessThan(10_000);
      expect(await timed(sender.store, () => sender.store.wake())).toBeLessThan(10_000);
    });
  });

  describe('dead letters', () => {
    const letter = (value: unknown, node = 'sum') => ({ node, payload: encodeBlob({ value }) });

    it('are kept in order, node by node, whoever wrote them', async () => {
      await setUp();
      const [a, b] = [await own(RECEIVER, 0), await own(RECEIVER, 1)];
      await a.commit({ deadLetters: [letter(1), letter('other', 'src')] });
      await b.commit({ deadLetters: [letter(2)] });
      await (await own(RECEIVER, 0)).commit({ deadLetters: [letter(3)] });
      const letters = (await backend.letters()).filter(({ node }) => node === 'sum');
      expect(letters.map(({ value }) => value)).toEqual([1, 2, 3]);
      expect(letters.every(({ number }, i) => i === 0 || number > letters[i - 1]!.number)).toBe(true);
    });

    it('are processed again when asked, and then marked, in one step with the effects', async () => {
      await setUp();
      const owner = await own(RECEIVER);
      await owner.commit({ deadLetters: [letter('x'), letter('y'), letter('z')] });
      expect(await owner.store.readReplays('sum')).toEqual([]);
      const [x, , z] = await backend.letters();
      await backend.askReplays([z!, x!]);
      const asked = await owner.store.readReplays('sum');
      expect(asked.map(({ number }) => number)).toEqual([x!.number, z!.number]);
      expect(Buffer.compare(asked[0]!.payload, letter('x').payload)).toBe(0);
      expect(await owner.store.readReplays('src')).toEqual([]);
      await owner.commit({ replayed: [{ node: 'sum', number: z!.number }], rows: [row('z', 'done')] });
      expect((await owner.store.readReplays('sum')).map(({ number }) => number)).toEqual([x!.number]);
      expect((await backend.letters()).map(({ replayed }) => replayed)).toEqual([false, false, true]);
    });
  });
}
