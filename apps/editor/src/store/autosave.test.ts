import { beforeEach, describe, expect, it } from 'vitest';
import type { GraphDocument, Workflow } from '../api/types.js';
import { Autosave, type LocalDraft, type SaveState } from './autosave.js';

const doc = (name: string): GraphDocument => ({ schema: 1, name, nodes: [], edges: [] });
const theirs = (graph: GraphDocument, revision: number) => ({ id: 'w', graph, revision }) as unknown as Workflow;

class Conflict extends Error {
  constructor(readonly theirs: Workflow) {
    super('409');
  }
}

let states: SaveState[];
let local: LocalDraft | undefined;
let server: { revision: number; graph: GraphDocument };
let mode: 'up' | 'down' | 'lost-answer' | 'refuse';
let timers: Array<() => void>;
let waits: number[];

function make(revision = 1): Autosave {
  return new Autosave(
    {
      save: async (base, graph) => {
        if (mode === 'down') throw new Error('offline');
        if (mode === 'refuse') throw new RangeError('too large');
        if (base !== server.revision) throw new Conflict(theirs(server.graph, server.revision));
        server = { revision: base + 1, graph };
        if (mode === 'lost-answer') {
          mode = 'up';
          throw new Error('offline');
        }
        return { revision: server.revision };
      },
      keep: (draft) => {
        local = draft;
      },
      forget: () => {
        local = undefined;
      },
      onState: (state) => states.push(state),
      now: () => 0,
      later: (run, ms) => {
        waits.push(ms);
        timers.push(run);
        return () => {
          timers = timers.filter((other) => other !== run);
        };
      },
    },
    (thrown) =>
      thrown instanceof Conflict
        ? { kind: 'conflict', theirs: thrown.theirs }
        : thrown instanceof RangeError
          ? { kind: 'refused', code: 'TOO_LARGE' }
          : { kind: 'again' },
    revision,
  );
}
const tick = async () => {
  for (const run of timers.splice(0)) run();
  for (let i = 0; i < 20; i++) await Promise.resolve();
};

beforeEach(() => {
  states = [];
  local = undefined;
  server = { revision: 1, graph: doc('start') };
  mode = 'up';
  timers = [];
  waits = [];
});

describe('the autosaved draft', () => {
  it('keeps a change here at once and on the server after a short quiet', async () => {
    const saver = make();
    saver.changed(doc('a'));
    expect(local?.graph.name).toBe('a');
    expect(server.graph.name).toBe('start');
    await tick();
    expect(server).toEqual({ revision: 2, graph: doc('a') });
    expect(local).toBeUndefined();
    expect(states.at(-1)).toBe('saved');
  });

  it('tries again ever slower while the link is down, and loses nothing', async () => {
    const saver = make();
    mode = 'down';
    saver.changed(doc('a'));
    for (let i = 0; i < 6; i++) await tick();
    expect(states.at(-1)).toBe('offline');
    expect(waits.slice(1)).toEqual([1000, 2000, 4000, 8000, 8000, 8000]);
    saver.changed(doc('b'));
    expect(local?.graph.name).toBe('b');
    mode = 'up';
    await tick();
    expect(server.graph.name).toBe('b');
    expect(local).toBeUndefined();
  });

  it('saves the newest document when something was typed during a save', async () => {
    const saver = make();
    saver.changed(doc('a'));
    for (const run of timers.splice(0)) run();
    saver.changed(doc('b'));
    await tick();
    await tick();
    expect(server).toEqual({ revision: 3, graph: doc('b') });
  });

  it('asks when someone else saved, and keeps mine over theirs', async () => {
    const saver = make();
    server = { revision: 5, graph: doc('other') };
    saver.changed(doc('mine'));
    await tick();
    expect(states.at(-1)).toBe('conflict');
    saver.changed(doc('mine too'));
    await tick();
    expect(server.graph.name).toBe('other');
    expect(local?.graph.name).toBe('mine too');
    saver.resolve('mine', { revision: 5, graph: doc('other') });
    await tick();
    expect(server).toEqual({ revision: 6, graph: doc('mine too') });
  });

  it('forgets mine when theirs is taken', async () => {
    const saver = make();
    server = { revision: 5, graph: doc('other') };
    saver.changed(doc('mine'));
    await tick();
    saver.resolve('theirs', { revision: 5, graph: doc('other') });
    await tick();
    expect(server).toEqual({ revision: 5, graph: doc('other') });
    expect(local).toBeUndefined();
    expect(saver.revision).toBe(5);
  });

  it('sees that a save arrived although its answer was lost', async () => {
    const saver = make();
    mode = 'lost-answer';
    saver.changed(doc('a'));
    await tick();
    expect(states.at(-1)).toBe('offline');
    await tick();
    expect(states.at(-1)).toBe('saved');
    expect(server).toEqual({ revision: 2, graph: doc('a') });
    expect(saver.revision).toBe(2);
  });

  it('says when the server refuses a draft, keeps it here and tries the next change', async () => {
    const saver = make();
    mode = 'refuse';
    saver.changed(doc('huge'));
    await tick();
    expect(states.at(-1)).toBe('refused');
    expect(local?.graph.name).toBe('huge');
    mode = 'up';
    saver.changed(doc('small'));
    await tick();
    expect(server.graph.name).toBe('small');
  });
});
