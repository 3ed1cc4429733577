import { describe, expect, it } from 'vitest';
import { MillraceError } from '../errors.js';
import { defineOperator } from '../operator.js';
import type { Value } from '../record.js';
import { Type } from '../schema.js';
import { runOperator } from '../testing/index.js';
import { Lookup, lookupFields } from './lookup.js';

const table = new Map<string, Value>([
  ['[1]', { name: 'Ada' }],
  ['[2]', { name: 'Bo' }],
]);

function lookup(questions: Value[][][]) {
  return defineOperator({
    type: 'test.lookup',
    version: 1,
    docs: { title: 'Look up', summary: 'Looks up.', category: 'combine' },
    config: Type.Object({ ...lookupFields }),
    inputs: { in: {} },
    outputs: { out: {} },
    examples: [{ title: 'None', config: { key: ['id'] } }],
    create: (setup) =>
      new Lookup({
        setup,
        explain: (thrown) => thrown as MillraceError,
        connect: async () => ({
          rows: async (keys) => {
            questions.push(keys as Value[][]);
            if (keys.some(([id]) => id === 'bad')) throw new MillraceError('not a number', { code: 'KEY_REFUSED' });
            return keys.map((key) => table.get(JSON.stringify(key)) ?? null);
          },
          close: async () => undefined,
        }),
      }),
  });
}

describe('a lookup', () => {
  it('asks once for many keys, remembers for a while, and gives null for what is not there', async () => {
    const questions: Value[][][] = [];
    const run = runOperator(lookup(questions), { key: ['id'], as: 'who', cacheFor: '10 s' });
    run.feedAll([{ value: { id: 1 } }, { value: { id: 3 } }, { value: { id: 1 } }, { value: {} }]);
    await run.settled();
    run.feedAll([{ value: { id: 3 } }, { value: { id: 2 } }]);
    await run.settled();
    run.clock(11_000);
    run.feedAll([{ value: { id: 1 } }]);
    await run.settled();
    expect(run.outputs().out).toEqual([
      { id: 1, who: { name: 'Ada' } },
      { id: 3, who: null },
      { id: 1, who: { name: 'Ada' } },
      { who: null },
      { id: 3, who: null },
      { id: 2, who: { name: 'Bo' } },
      { id: 1, who: { name: 'Ada' } },
    ]);
    expect(questions).toEqual([[[1], [3]], [[2]], [[1]]]);
  });

  it('keeps a key that the system refuses from hurting the others', async () => {
    const run = runOperator(lookup([]), { key: ['id'], missing: 'dead-letter' });
    run.feedAll([{ value: { id: 1 } }, { value: { id: 'bad' } }, { value: { id: 9 } }, { value: { id: 2 } }]);
    await run.settled();
    expect(run.outputs().out).toHaveLength(2);
    expect(run.dead.map(({ error }) => error.code).sort()).toEqual(['KEY_REFUSED', 'LOOKUP_MISSING']);
  });
});
