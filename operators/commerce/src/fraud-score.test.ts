import { compileExpression } from '@millrace/graph';
import { checkOperator } from '@millrace/sdk/testing';
import { describe, it } from 'vitest';
import { fraudScore } from './fraud-score.js';

const compile = compileExpression;

describe('commerce.fraud-score', () => {
  it('does what its examples say', async () => {
    await checkOperator(fraudScore, { compile });
  });
});
