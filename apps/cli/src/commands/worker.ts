import { wholeNumber } from '../arguments.js';
import { catalogueModule } from '../catalogue-module.js';
import { type Command, graphOptions } from '../command.js';
import { findPlugins } from '../plugins/find-plugins.js';
import { logLine } from '../report/log-line.js';

export const worker: Command = {
  usage: '[options]',
  summary: `Takes part in running the graphs of an installation: runs tasks that servers and "millrace run --backend bull" put into Redis.

Settings by environment: REDIS_URL (REDIS_CLUSTER=1 for a Redis Cluster), SECRET_KEY_FILE or SECRET_KEY (the server's), MILLRACE_INSTANCE,
FILE_ROOTS and SHARED_FILE_ROOTS (folders that tasks find here, and on all machines). SIGTERM or Ctrl-C hands the tasks over to other workers.`,
  positionals: [],
  options: {
    slots: { type: 'string', value: 'N', help: 'Tasks at a time. Default: WORKER_SLOTS, or 16.' },
    pool: { type: 'string', value: 'NAME', help: 'Take only runs of this pool. Default: the common one.' },
    operators: graphOptions.operators!,
    'exit-with-stdin': { type: 'boolean', help: 'End when standard input is closed: for programs that start workers.' },
  },
  async run(args, io) {
    const { readRedis, readWorkerSettings, startWorker } = await import('@millrace/worker');
    const redis = readRedis();
    if (redis === undefined) {
      io.err('A worker needs REDIS_URL, for example REDIS_URL=redis://127.0.0.1:6379.\n');
      return 2;
    }
    const slots = wholeNumber(args, 'slots', 1, 1024);
    const pool = args.text('pool');
    const stopped = new Promise<void>((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
      if (args.flag('exit-with-stdin')) process.stdin.resume().once('end', resolve).once('close', resolve);
    });
    const settings = readWorkerSettings();
    const started = await startWorker({
      ...settings,
      ...(slots !== undefined && { slots }),
      ...(pool !== undefined && { pool }),
      redis,
      catalogue: { module: catalogueModule, plugins: findPlugins(io.cwd, args.list('operators')) },
      log: (level, message, fields) => {
        if (level !== 'debug') io.err(logLine(level, message, fields));
      },
    });
    io.out(`Worker ${started.id} is ready: ${slots ?? settings.slots} slots.\n`);
    await stopped;
    await started.close();
    return 0;
  },
};
