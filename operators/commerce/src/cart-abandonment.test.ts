import { compileExpression } from '@millrace/graph';
import { checkOperator } from '@millrace/sdk/testing';
import { describe, it } from 'vitest';
import { cartAbandonment } from './cart-abandonment.js';

const compile = compileExpression;

describe('commerce.cart-abandonment', () => {
  it('does what its examples say', async () => {
    await checkOperator(cartAbandonment, { compile });
  });
});
