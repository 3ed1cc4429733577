import { compileExpression } from '@millrace/graph';
import { checkOperator, runOperator } from '@millrace/sdk/testing';
import { describe, expect, it } from 'vitest';
import { print } from './print.js';

const compile = compileExpression;

describe('core.print', () => {
  it('does what its examples say', async () => {
    await checkOperator(print, { compile });
  });

  it('prints text bare and everything else as JSON, and leaves lonely braces alone', () => {
    const harness = runOperator(print, { template: '{{a}}|{{b}}|{{c}}|{{missing}}|{x}|{{' }, { compile });
    harness.feed({ a: 'text', b: [1, 'x'], c: true });
    expect(harness.printed).toEqual(['text|[1,"x"]|true|null|{x}|{{']);
  });

  it('marks deleted rows', () => {
    const json = runOperator(print, {}, { compile }).feed({ value: { id: 1 }, op: 'delete' });
    const line = runOperator(print, { template: '{{id}}' }, { compile }).feed({ value: { id: 1 }, op: 'delete' });
    expect([json.printed, line.printed]).toEqual([['{"op":"delete","value":{"id":1}}'], ['deleted: 1']]);
  });

  it('refuses a template with a broken expression when it starts', () => {
    expect(() => runOperator(print, { template: '{{a +}}' }, { compile })).toThrow();
  });
});
