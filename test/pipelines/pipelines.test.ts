import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCase } from '../examples/example.mjs';
import { runPlainly, runWithCrashes } from '../examples/ways.mjs';

/** A folder is a case: a graph, its input, and what recompute.mjs says that it must give. */
const cases = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

describe.each(cases)('%s', (name) => {
  const one = readCase(join(import.meta.dirname, name));

  it('gives the expected rows', async () => {
    expect(await runPlainly(one, { ordered: false })).toBeUndefined();
  });

  it('gives them when two tasks are killed three times and three tasks finish', async () => {
    const args = { killed: ['--parallelism', '2'], last: ['--parallelism', '3'] };
    expect(await runWithCrashes(one, args)).toBeUndefined();
  });
});
