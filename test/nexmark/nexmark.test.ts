import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkQuery } from './check.mjs';
import { hasOracle } from './oracle.mjs';
import { QUERIES } from './queries.mjs';

const EVENTS = 6000;

/** Pairs of settings: every two of them meet in some run. The whole matrix is for `npm run nexmark`. */
const SAMPLE = [
  { query: 'q5', seed: 7, group: 1, parallelism: 1, kill: false },
  { query: 'q7', seed: 11, group: 100, parallelism: 4, kill: false },
  { query: 'q11', seed: 11, group: 1, parallelism: 4, kill: true },
  { query: 'q18', seed: 7, group: 100, parallelism: 1, kill: true },
] as const;

describe('nexmark', () => {
  it('has a graph for every query', () => {
    const graphs = readdirSync(new URL('graphs', import.meta.url)).map((file) => file.replace('.json', ''));
    expect(graphs.sort()).toEqual(Object.keys(QUERIES).sort());
  });

  for (const run of SAMPLE) {
    const { query, seed, group, parallelism, kill } = run;
    const how = `seed ${seed}, ${group === 1 ? 'in order' : 'disordered'}, ${parallelism} parallel${kill ? ', killed once' : ''}`;
    it(`answers ${query} as DuckDB does: ${how}`, { timeout: 300_000 }, async ({ skip }) => {
      if (!(await hasOracle())) skip('DuckDB is not installed');
      expect(await checkQuery({ ...run, events: EVENTS })).toBeUndefined();
    });
  }
});
