import { defineConfig } from 'vitest/config';

const NEVER = ['**/dist/**', '**/node_modules/**'];

export default defineConfig({
  // Tests run on the sources; only processes that a test spawns use the build.
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'], externalConditions: ['source'] } },
  test: {
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{apps,operators,runtime,examples}/**/*.test.{ts,js}'],
          exclude: NEVER,
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'cross',
          include: ['test/**/*.test.ts'],
          exclude: ['test/{services,e2e}/**', 'test/recovery/bull/**', ...NEVER],
          testTimeout: 120_000,
        },
      },
    ],
  },
});
