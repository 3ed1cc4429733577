import { compileExpression } from '@millrace/graph';
import { checkOperator } from '@millrace/sdk/testing';
import { describe, it } from 'vitest';
import { monitor } from './monitor.js';

const compile = compileExpression;

describe('commerce.monitor', () => {
  it('does what its examples say', async () => {
    await checkOperator(monitor, { compile });
  });
});
