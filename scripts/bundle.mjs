// Puts what `millrace` and its threads load into few files: apps/cli/dist/bundle. Every thread of a run loads its own modules; as
// some 700 small files that costs 0.6 s of CPU time per thread, bundled about 0.05 s. The entries keep their names and lie side by
// side, so that URLs relative to a module hold in the build and in the bundle.
import { rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const output = join(root, 'apps/cli/dist/bundle');

const ENTRIES = {
  main: 'apps/cli/dist/main.js',
  catalogue: 'apps/cli/dist/catalogue.js',
  sdk: 'operators/sdk/dist/index.js',
  'task-thread': 'runtime/embedded/dist/task-thread.js',
  'store-thread': 'runtime/embedded/dist/store-thread.js',
  'bull-task-thread': 'runtime/bull/dist/control/bull-task-thread.js',
  'check-data-child': 'runtime/embedded/dist/check-data-child.js',
};

/** Native code finds its binary beside itself: it stays where it is installed, and is named by its path from the bundle. */
const paths = {
  lmdb: relative(output, join(root, 'runtime/embedded/node_modules/lmdb/node-index.js')),
  // Only `millrace start` needs it, once.
  '@millrace/server': relative(output, join(root, 'apps/server/dist/index.js')),
};

/** Clients of outside systems, loaded only when a graph uses them: they stay where the command's own package finds them. */
const CLIENTS = ['@platformatic/kafka', 'amqplib', 'bullmq', 'cassandra-driver', 'mongodb', 'mysql2', 'pg', 'ws'];
const isClient = (id) => CLIENTS.some((name) => id === name || id.startsWith(`${name}/`));

rmSync(output, { recursive: true, force: true });
const bundle = await rolldown({
  input: Object.fromEntries(Object.entries(ENTRIES).map(([name, file]) => [name, join(root, file)])),
  external: (id) => id in paths || isClient(id),
  platform: 'node',
  onLog(level, log, handler) {
    // msgpackr tries `new Function` once and does without it where that is forbidden.
    if (log.code !== 'EVAL') handler(level, log);
  },
});
await bundle.write({
  dir: output,
  format: 'esm',
  paths,
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
  // White space costs time in every thread that loads the code; names stay for stack traces.
  minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
});
await bundle.close();
