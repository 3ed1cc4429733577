import { existsSync } from 'node:fs';
import { compileExpression } from '@millrace/graph';
import { createCatalogue } from '@millrace/sdk';
import { checkOperator } from '@millrace/sdk/testing';
import { describe, expect, it } from 'vitest';
import byDefault, { commerceOperators } from './index.js';

describe('the commerce operators', () => {
  it('are what a host gets, each under a name of its own', () => {
    expect(byDefault).toBe(commerceOperators);
    expect(createCatalogue(commerceOperators).list()).toHaveLength(commerceOperators.length);
  });

  it.each(commerceOperators.map((operator) => [operator.type, operator] as const))(
    '%s has a file, docs in two languages, and examples that hold',
    async (type, operator) => {
      const file = type.replace('commerce.', './');
      expect(existsSync(new URL(`${file}.ts`, import.meta.url))).toBe(true);
      expect(existsSync(new URL(`${file}.test.ts`, import.meta.url))).toBe(true);
      expect(operator.docs.zh?.title).toMatch(/\p{Script=Han}/u);
      expect(operator.docs.zh?.summary).toMatch(/。$/);
      expect(operator.docs.summary).not.toMatch(/!/);
      expect((operator.config as { additionalProperties?: unknown }).additionalProperties).toBe(false);
      expect((await checkOperator(operator, { compile: compileExpression })).runs).toBe(operator.examples.length * 3);
    },
  );
});
