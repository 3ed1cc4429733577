import { compileExpression } from '@millrace/graph';
import { checkOperator } from '@millrace/sdk/testing';
import { describe, it } from 'vitest';
import { customerSegments } from './customer-segments.js';

const compile = compileExpression;

describe('commerce.customer-segments', () => {
  it('does what its examples say', async () => {
    await checkOperator(customerSegments, { compile });
  });
});
