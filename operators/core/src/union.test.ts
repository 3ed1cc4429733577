import { checkOperator, runOperator } from '@millrace/sdk/testing';
import { describe, expect, it } from 'vitest';
import { union } from './union.js';

describe('core.union', () => {
  it('does what its examples say', async () => {
    await checkOperator(union);
  });

  it('lets many edges end at its input and passes records on as they are', () => {
    expect(union.inputs.in?.many).toBe(true);
    const harness = runOperator(union, {}).feed({ value: { a: 1 }, time: 9, op: 'delete', born: 4 });
    expect(harness.records()).toMatchObject([{ value: { a: 1 }, time: 9, op: 'delete', born: 4 }]);
  });
});
