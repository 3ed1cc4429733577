import { compileExpression } from '@millrace/graph';
import { checkOperator } from '@millrace/sdk/testing';
import { describe, it } from 'vitest';
import { conversionFunnel } from './conversion-funnel.js';

const compile = compileExpression;

describe('commerce.conversion-funnel', () => {
  it('does what its examples say', async () => {
    await checkOperator(conversionFunnel, { compile });
  });
});
