import { checkOperator, runOperator } from '@millrace/sdk/testing';
import { describe, expect, it } from 'vitest';
import { greet } from './greet.js';

describe('hello.greet', () => {
  it('does what its example says, also when it is restored after every record', async () => {
    await checkOperator(greet);
  });

  it('greets in the words of the config', () => {
    const harness = runOperator(greet, { customer: 'name', word: 'Ciao' });
    harness.feed({ name: 'Ada' });
    expect(harness.output()).toEqual([{ name: 'Ada', greeting: 'Ciao, Ada. Welcome.' }]);
  });

  it('counts the visits of each customer apart, and remembers them after a restart', () => {
    const harness = runOperator(greet, { customer: 'name', word: 'Hello' });
    harness.feed({ name: 'Ada' }).feed({ name: 'Lin' });
    harness.snapshotRestore();
    harness.feed({ name: 'Ada' });
    expect(harness.output().at(-1).greeting).toBe('Hello, Ada. Good to see you again (visit 2).');
  });
});
