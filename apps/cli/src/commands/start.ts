import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { loadCatalogue } from '../catalogue.js';
import { catalogueModule } from '../catalogue-module.js';
import { type Command, graphOptions } from '../command.js';
import { describeError } from '../describe-error.js';
import { findPlugins } from '../plugins/find-plugins.js';

/** The project's folder, from wherever this module runs: the build or the bundle. */
const root = join(dirname(createRequire(import.meta.url).resolve('@millrace/cli/package.json')), '../..');

export const start: Command = {
  usage: '[options]',
  summary:
    'Starts the server: editor, API and runs, all in this process. Prints a link that logs in. Settings by environment: PORT, HOST, PUBLIC_URL, MILLRACE_DATA.',
  positionals: [],
  options: { operators: graphOptions.operators! },
  async run(args, io) {
    const { startServer } = await import('@millrace/server');
    const plugins = findPlugins(io.cwd, args.list('operators'));
    const stopped = new Promise<number>((resolve) => {
      process.once('SIGINT', () => resolve(130));
      process.once('SIGTERM', () => resolve(0));
    });
    try {
      const server = await startServer({
        loadCatalogue,
        catalogue: { module: catalogueModule, plugins },
        print: (line) => io.out(`${line}\n`),
        editorDir: join(root, 'apps/editor/dist'),
        examplesDir: join(root, 'examples'),
      });
      const code = await stopped;
      io.err('Pausing the runs ...\n');
      await server.close();
      return code;
    } catch (error) {
      io.err(describeError(error));
      const { exitCode } = (error as { params?: { exitCode?: unknown } }).params ?? {};
      return typeof exitCode === 'number' ? exitCode : 1;
    }
  },
};
