import { compileExpression } from '@millrace/graph';
import { checkOperator } from '@millrace/sdk/testing';
import { describe, it } from 'vitest';
import { demandForecast } from './demand-forecast.js';

const compile = compileExpression;

describe('commerce.demand-forecast', () => {
  it('does what its examples say', async () => {
    await checkOperator(demandForecast, { compile });
  });
});
