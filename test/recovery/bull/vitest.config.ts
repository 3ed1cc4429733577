import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

// Faults of workers, Redis and the network on a real Redis, one test after the other: each has the machine for itself.
export default defineConfig({
  root: resolve(import.meta.dirname, '../../..'),
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'], externalConditions: ['source'] } },
  test: {
    pool: 'forks',
    fileParallelism: false,
    include: ['test/recovery/bull/**/*.test.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
