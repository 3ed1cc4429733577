import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { wholeNumber } from '../arguments.js';
import { loadCatalogue } from '../catalogue.js';
import { catalogueModule } from '../catalogue-module.js';
import { type Command, graphOptions } from '../command.js';
import { describeError } from '../describe-error.js';
import { findPlugins } from '../plugins/find-plugins.js';

/** The project's folder, from wherever this module runs: the build or the bundle. */
const root = join(dirname(createRequire(import.meta.url).resolve('@millrace/cli/package.json')), '../..');

export const start: Command = {
  usage: '[options]',
  summary: `Starts the server: editor, API and runs, all in this process. Prints a link that logs in. Settings by environment: PORT, HOST, PUBLIC_URL, MILLRACE_DATA.

With REDIS_URL the runs live in Redis and on workers: on the one that starts here too (it also has the server's files and ingest logs),
and on those of "millrace worker" anywhere. They go on when the server stops, as long as a worker is left.`,
  positionals: [],
  options: {
    operators: graphOptions.operators!,
    'no-worker': {
      type: 'boolean',
      help: 'With REDIS_URL: start no worker here. File and ingest nodes then need one that has the files.',
    },
    slots: {
      type: 'string',
      value: 'N',
      help: "With REDIS_URL: tasks at a time of this process's worker. Default: WORKER_SLOTS, or 16.",
    },
  },
  async run(args, io) {
    const slots = wholeNumber(args, 'slots', 1, 1024);
    const [{ startServer }, { readRedis, readWorkerSettings, startWorker }] = await Promise.all([
      import('@millrace/server'),
      import('@millrace/worker'),
    ]);
    const plugins = findPlugins(io.cwd, args.list('operators'));
    const stopped = new Promise<number>((resolve) => {
      process.once('SIGINT', () => resolve(130));
      process.once('SIGTERM', () => resolve(0));
    });
    try {
      const redis = readRedis();
      const catalogue = { module: catalogueModule, plugins };
      const server = await startServer({
        loadCatalogue,
        catalogue,
        ...(redis && { redis }),
        print: (line) => io.out(`${line}\n`),
        editorDir: join(root, 'apps/editor/dist'),
        examplesDir: join(root, 'examples'),
      });
      const { layout, logger } = server.services;
      // After the server, which makes the key that leases are signed with.
      const worker =
        redis && !args.flag('no-worker')
          ? await startWorker({
              ...readWorkerSettings(),
              ...(slots !== undefined && { slots }),
              // Which of them a graph may use is the server's business.
              files: ['/'],
              redis,
              catalogue,
              keyFile: layout.secretKey,
              log: (level, message, fields) => logger[level](fields ?? {}, message),
            })
          : undefined;
      const code = await stopped;
      io.err(redis ? 'Handing over what runs here ...\n' : 'Pausing the runs ...\n');
      await server.close();
      await worker?.close();
      return code;
    } catch (error) {
      io.err(describeError(error));
      const { exitCode } = (error as { params?: { exitCode?: unknown } }).params ?? {};
      return typeof exitCode === 'number' ? exitCode : 1;
    }
  },
};
