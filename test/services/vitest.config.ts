import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

// Suites against real servers, one after the other: each has the machine for itself.
export default defineConfig({
  root: resolve(import.meta.dirname, '../..'),
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'], externalConditions: ['source'] } },
  test: {
    pool: 'forks',
    fileParallelism: false,
    include: ['test/services/**/*.service.test.ts'],
    testTimeout: 600_000,
    hookTimeout: 300_000,
  },
});
