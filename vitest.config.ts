import { defineConfig } from 'vitest/config';

const NEVER = ['**/dist/**', '**/node_modules/**'];

/** Minutes of work over real data, kills and rescales: `npm run test:long`, and in CI. `npm test` stays under ten minutes without them. */
const LONG = [
  'test/{answers,commerce,pipelines}/**/*.test.ts',
  'test/conformance/bull-*.test.ts',
  'test/examples/{every-example,real-data}.test.ts',
  'test/recovery/{secrets-on-workers,server-detached,server-runs,web-examples}.test.ts',
];

export default defineConfig({
  // Tests run on the sources; only processes that a test spawns use the build.
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'], externalConditions: ['source'] } },
  test: {
    pool: 'forks',
    maxWorkers: 2,
    hookTimeout: 60_000,
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
          exclude: ['test/{services,e2e}/**', 'test/recovery/bull/**', ...LONG, ...NEVER],
          testTimeout: 120_000,
        },
      },
      { extends: true, test: { name: 'long', include: LONG, exclude: NEVER, testTimeout: 300_000 } },
    ],
  },
});
