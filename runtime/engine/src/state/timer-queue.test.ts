import { compareKeys, KEY_GROUPS, keyGroupOf } from '@millrace/sdk';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { TaskStore, TimerChange, TimerRow } from '../ports/index.js';
import { TimerQueue } from './timer-queue.js';
import { UndoLog } from './undo.js';

/** A store of timers alone: what was committed, in order. */
function timerStore() {
  const rows = new Map<string, TimerRow>();
  const order = (a: { time: number; key: string; name: string }, b: { time: number; key: string; name: string }) =>
    a.time - b.time || compareKeys(a.key, b.key) || compareKeys(a.name, b.name);
  return {
    rows,
    apply(changes: readonly TimerChange[]) {
      for (const { timer, add } of changes) {
        const id = JSON.stringify([timer.time, timer.key, timer.name]);
        if (add) rows.set(id, timer);
        else rows.delete(id);
      }
    },
    loadTimers: (
      _node: string,
      _kind: 0 | 1,
      _groups: readonly [number, number],
      after: { time: number; key: string; name: string } | null,
      limit: number,
    ) =>
      [...rows.values()]
        .filter((row) => after === null || order(row, after) > 0)
        .sort(order)
        .slice(0, limit),
  };
}

type Step =
  | { do: 'change'; how: 'add' | 'cancel' | 'addThenUndo' | 'cancelThenUndo'; time: number; key: string; name: string }
  | { do: 'pop'; until: number; sets?: number | undefined }
  | { do: 'send' | 'reply' | 'restart' };

const timer = {
  time: fc.integer({ min: 0, max: 30 }),
  key: fc.constantFrom('a', 'b', '\u0000n1', '\ue000', '𝒳', ''),
  name: fc.constantFrom('', 'x'),
};
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.record({
      do: fc.constant('change' as const),
      how: fc.constantFrom(...(['add', 'add', 'add', 'cancel', 'addThenUndo', 'cancelThenUndo'] as const)),
      ...timer,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('pop' as const),
      until: timer.time,
      sets: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('send' as const, 'reply' as const, 'restart' as const) }) },
);

it('fires the same timers in the same order as a plain sorted list, however few it may keep in memory', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), fc.integer({ min: 2, max: 9 }), (steps, limit) => {
      const store = timerStore();
      const undo = new UndoLog();
      const make = () => new TimerQueue(store as unknown as TaskStore, undo, 'n', 0, [0, KEY_GROUPS - 1], limit);
      let queue = make();
      let model = new Map<string, { time: number; key: string; name: string }>();
      let committed = new Map(model);
      let sending: { changes: TimerChange[]; model: typeof model } | undefined;
      const reply = () => {
        if (!sending) return;
        store.apply(sending.changes);
        committed = sending.model;
        sending = undefined;
        queue.committed();
      };
      for (const s of steps) {
        if (s.do === 'send') {
          reply();
          const changes: TimerChange[] = [];
          queue.collect(changes);
          sending = { changes, model: new Map(model) };
        } else if (s.do === 'reply') reply();
        else if (s.do === 'restart') {
          reply();
          queue = make();
          queue.load();
          model = new Map(committed);
        } else if (s.do === 'pop') {
          const due = [...model.entries()]
            .filter(([, t]) => t.time <= s.until)
            .sort(([, a], [, b]) => a.time - b.time || compareKeys(a.key, b.key) || compareKeys(a.name, b.name))[0];
          const fired = queue.pop(s.until);
          const popped = fired && { ...fired };
          // Often a timer sets the next one of its key.
          if (popped && s.sets !== undefined) queue.add(popped.time + s.sets, popped.key, popped.name);
          undo.clear();
          expect(popped && [popped.time, popped.key, popped.name]).toEqual(
            due && [due[1].time, due[1].key, due[1].name],
          );
          if (due) model.delete(due[0]);
          if (due && s.sets !== undefined) {
            const next = { ...due[1], time: due[1].time + s.sets };
            model.set(JSON.stringify([next.time, next.key, next.name]), next);
          }
        } else if (s.do === 'change') {
          const id = JSON.stringify([s.time, s.key, s.name]);
          if (s.how.startsWith('add')) queue.add(s.time, s.key, s.name);
          else queue.cancel(s.time, s.key, s.name);
          if (s.how.endsWith('Undo')) undo.rollback();
          else {
            undo.clear();
            if (s.how === 'add') model.set(id, { time: s.time, key: s.key, name: s.name });
            else model.delete(id);
          }
        }
      }
    }),
    { numRuns: 3000 },
  );
});

it('keeps a timer in the key group of its key', () => {
  const queue = new TimerQueue(timerStore() as unknown as TaskStore, new UndoLog(), 'n', 0, [0, KEY_GROUPS - 1]);
  queue.add(5, 'k', '');
  const changes: TimerChange[] = [];
  queue.collect(changes);
  expect(changes).toEqual([
    { timer: { node: 'n', group: keyGroupOf('k'), kind: 0, time: 5, key: 'k', name: '' }, add: true },
  ]);
});
