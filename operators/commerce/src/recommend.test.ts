import { compileExpression } from '@millrace/graph';
import { checkOperator } from '@millrace/sdk/testing';
import { describe, it } from 'vitest';
import { recommend } from './recommend.js';

const compile = compileExpression;

describe('commerce.recommend', () => {
  it('does what its examples say', async () => {
    await checkOperator(recommend, { compile });
  });
});
