import { describe, expect, it } from 'vitest';
import { MillraceError } from './errors.js';
import type { Problem } from './operator.js';
import { keepTrying } from './retry.js';
import { ManualClock } from './testing/manual-clock.js';

function host() {
  const clock = new ManualClock();
  const stop = new AbortController();
  const shown: (Problem | null)[] = [];
  return { clock, signal: stop.signal, problem: (p: Problem | null) => void shown.push(p), shown, stop };
}

const down = () => new MillraceError('No answer.', { code: 'X_DOWN', domain: 'external', hint: 'Start it.' });
const password = () => new MillraceError('Wrong password.', { code: 'X_LOGIN', domain: 'user', retry: 'backoff' });
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Moves the clock by `ms` once everything that can run has run. */
async function pass(clock: ManualClock, ms: number) {
  await turn();
  clock.set(clock.now() + ms);
  await turn();
}

describe('keepTrying', () => {
  it('shows no problem when the first try works', async () => {
    const h = host();
    expect(await keepTrying(h, async () => 7)).toBe(7);
    expect(h.shown).toEqual([]);
  });

  it('shows the problem while it tries again, twice as late each time, and takes it away', async () => {
    const h = host();
    const at: number[] = [];
    const done = keepTrying(h, async () => {
      at.push(h.clock.now());
      if (at.length < 5) throw down();
      return 'there';
    });
    for (const wait of [100, 200, 400, 800]) await pass(h.clock, wait);
    expect(await done).toBe('there');
    expect(at).toEqual([0, 100, 300, 700, 1500]);
    expect(h.shown[0]).toEqual({ code: 'X_DOWN', message: 'No answer.', hint: 'Start it.' });
    expect(h.shown.at(-1)).toBeNull();
  });

  it('never waits longer than its longest wait', async () => {
    const h = host();
    let tries = 0;
    const done = keepTrying(
      h,
      async () => {
        if (++tries < 20) throw down();
      },
      { longestWait: 1000 },
    );
    for (let i = 0; i < 19; i++) await pass(h.clock, 1000);
    await done;
    expect(tries).toBe(20);
  });

  it('tries slowly what a person has to put right', async () => {
    const h = host();
    let tries = 0;
    const done = keepTrying(h, async () => {
      if (++tries === 1) throw password();
    });
    await pass(h.clock, 3900);
    expect(tries).toBe(1);
    await pass(h.clock, 1100);
    await done;
    expect(h.shown).toEqual([{ code: 'X_LOGIN', message: 'Wrong password.' }, null]);
  });

  it('throws on what no repetition heals', async () => {
    const h = host();
    const broken = new MillraceError('Bad row.', { code: 'X_ROW' });
    await expect(keepTrying(h, () => Promise.reject(broken))).rejects.toBe(broken);
    await expect(keepTrying(h, () => Promise.reject(new TypeError('bug')))).rejects.toMatchObject({
      code: 'OPERATOR_THREW',
    });
    expect(h.shown).toEqual([]);
  });

  it('asks `explain` what a thrown thing means', async () => {
    const h = host();
    let tries = 0;
    const done = keepTrying(
      h,
      async () => {
        if (++tries === 1) throw new Error('ECONNREFUSED');
      },
      { explain: () => down() },
    );
    await pass(h.clock, 100);
    await done;
    expect(tries).toBe(2);
  });

  it('gives up while it waits when the task is to stop', async () => {
    const h = host();
    const done = keepTrying(h, () => Promise.reject(down()));
    const ended = expect(done).rejects.toMatchObject({ code: 'TASK_STOPPING', domain: 'internal' });
    await turn();
    h.stop.abort();
    await ended;
    expect(h.shown.at(-1)).toMatchObject({ code: 'X_DOWN' });
  });

  it('lets a try under way end when the task is to stop, but not for ever', async () => {
    const h = host();
    let finish: ((value: string) => void) | undefined;
    const healthy = keepTrying(h, () => new Promise<string>((resolve) => (finish = resolve)));
    const frozen = keepTrying(h, () => new Promise(() => undefined));
    const ended = expect(frozen).rejects.toMatchObject({ code: 'TASK_STOPPING' });
    await turn();
    h.stop.abort();
    await pass(h.clock, 100);
    finish!('delivered');
    expect(await healthy).toBe('delivered');
    await pass(h.clock, 5000);
    await ended;
  });
});
