import { compileExpression } from '@millrace/graph';
import { checkOperator, runOperator } from '@millrace/sdk/testing';
import { describe, expect, it } from 'vitest';
import { recommend } from './recommend.js';

const compile = compileExpression;

describe('commerce.recommend', () => {
  it('does what its examples say', async () => {
    await checkOperator(recommend, { compile });
  });
});
