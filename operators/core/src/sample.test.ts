import { compileExpression } from '@millrace/graph';
import { checkOperator, runOperator } from '@millrace/sdk/testing';
import { describe, expect, it } from 'vitest';
import { sample } from './sample.js';

const compile = compileExpression;
const rows = Array.from({ length: 4000 }, (_, i) => ({ value: { i, customer: `c${i % 1000}` }, time: i }));
const take = (config: object) => runOperator(sample, { take: 'share', ...config }, { compile }).feedAll(rows);

describe('core.sample', () => {
  it('does what its examples say', async () => {
    await checkOperator(sample, { compile });
  });

  it('takes about the share, the same records again on a replay, others with another seed', () => {
    const first = take({ share: 0.2 });
    expect(first.output().length).toBeGreaterThan(700);
    expect(first.output().length).toBeLessThan(900);
    expect(first.filtered + first.output().length).toBe(4000);
    expect(take({ share: 0.2 }).output()).toEqual(first.output());
    const other = take({ share: 0.2, seed: 'b' }).output();
    const both = other.filter(({ i }) => first.output().some((row) => row.i === i)).length;
    expect(other.length).toBeGreaterThan(700);
    expect(both).toBeLessThan(300);
  });

  it('takes all records of a value or none', () => {
    const count = new Map<string, number>();
    for (const { customer } of take({ share: 0.3, by: ['customer'] }).output())
      count.set(customer, (count.get(customer) ?? 0) + 1);
    expect(new Set(count.values())).toEqual(new Set([4]));
    expect(Math.abs(count.size - 300)).toBeLessThan(60);
  });

  it('takes nothing of 0 and everything of 1', () => {
    expect([take({ share: 0 }).output().length, take({ share: 1 }).output().length]).toEqual([0, 4000]);
  });

  it('takes every n-th of each key, across a restart', () => {
    const harness = runOperator(sample, { take: 'every', every: 3, by: ['k'] }, { compile });
    for (let i = 0; i < 8; i++) harness.feed({ k: i % 2, i }).snapshotRestore();
    expect(harness.output().map(({ i }) => i)).toEqual([0, 1, 6, 7]);
  });

  it('needs to know how much', () => {
    const lint = (config: object) => sample.lint?.(config as never).map(({ code }) => code);
    expect([lint({ take: 'share' }), lint({ take: 'every' }), lint({ take: 'share', share: 0 })]).toEqual([
      ['SAMPLE_SHARE'],
      ['SAMPLE_EVERY'],
      [],
    ]);
    expect(sample.summary?.({ take: 'share', share: 0.07, by: ['k'] } as never)).toBe('7 % by k');
  });
});
