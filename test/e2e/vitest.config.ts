import { defineConfig } from 'vitest/config';

/** Browser tests: `npx vitest run --config test/e2e/vitest.config.ts`. They need Chromium and a build (`npm run build`, the editor's build). */
export default defineConfig({
  test: {
    name: 'e2e',
    root: import.meta.dirname,
    include: ['*.e2e.ts'],
    pool: 'forks',
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 90_000,
  },
});
