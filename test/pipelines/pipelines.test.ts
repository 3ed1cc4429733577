import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCase } from '../examples/example.mjs';
import { runPlainly, runWithCrashes } from '../examples/ways.mjs';

/** A folder is a case: a graph, its input, and what recompute.mjs says that it must give. */
const cases = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** With MILLRACE_TEST_WORKERS=N they run on N workers over the Redis of REDIS_URL; how those die is the matter of test/recovery/bull. */
const workers = process.env.MILLRACE_TEST_WORKERS;
const backend = workers === undefined ? [] : ['--backend', 'bull', '--workers', workers];

describe.each(cases)('%s', (name) => {
  const one = readCase(join(import.meta.dirname, name));

  // A live table of a run on Redis is read through its handle, not from a folder.
  it.skipIf(workers !== undefined && one.views.length > 0)('gives the expected rows', async () => {
    expect(await runPlainly(one, { ordered: false, args: backend })).toBeUndefined();
  });

  it.skipIf(workers !== undefined)(
    'gives them when two tasks are killed three times and three tasks finish',
    async () => {
      const args = { killed: ['--parallelism', '2'], last: ['--parallelism', '3'] };
      expect(await runWithCrashes(one, args)).toBeUndefined();
    },
  );
});
