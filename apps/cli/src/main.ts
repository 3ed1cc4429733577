import { createRequire } from 'node:module';
import { readArguments, UsageError } from './arguments.js';
import type { Command } from './command.js';
import { describeError } from './describe-error.js';
import { didYouMean } from './did-you-mean.js';
import { commandHelp, generalHelp } from './help.js';
import { type Io, processIo } from './io.js';

/** The commands by name. Each is loaded only when it is called: start-up time is part of every run. */
const COMMANDS: { readonly [name: string]: { summary: string; load(): Promise<Command> } } = {
  validate: {
    summary: 'Check a graph and print what is wrong with it.',
    load: async () => (await import('./commands/validate.js')).validate,
  },
  explain: {
    summary: 'Print the plan of a graph: stages, tasks, exchanges.',
    load: async () => (await import('./commands/explain.js')).explain,
  },
  run: {
    summary: 'Run a graph until its input ends.',
    load: async () => (await import('./commands/run.js')).run,
  },
  start: {
    summary: 'Start the server with the editor and its runs.',
    load: async () => (await import('./commands/start.js')).start,
  },
  worker: {
    summary: 'Run tasks of an installation over Redis.',
    load: async () => (await import('./commands/worker.js')).worker,
  },
  login: {
    summary: 'Print a new link that logs in to the running server.',
    load: async () => (await import('./commands/login.js')).login,
  },
  operators: {
    summary: 'List the operators a graph can use.',
    load: async () => (await import('./commands/operators.js')).operators,
  },
};

/** The `millrace` command. Answers the exit code: 0 done, 1 not done, 130 or 143 paused by a signal. */
export async function main(argv: readonly string[], io: Io = processIo()): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    const topic = name === 'help' ? rest[0] : undefined;
    const entry = topic !== undefined && Object.hasOwn(COMMANDS, topic) ? COMMANDS[topic] : undefined;
    io.out(topic !== undefined && entry ? commandHelp(topic, await entry.load()) : generalHelp(COMMANDS));
    return name === undefined ? 1 : 0;
  }
  if (name === '--version' || name === '-v') {
    io.out(`${version()}\n`);
    return 0;
  }
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!entry) {
    io.err(
      `There is no command "${name}".${await didYouMean(name, Object.keys(COMMANDS))}\nAll commands: millrace --help\n`,
    );
    return 1;
  }
  const command = await entry.load();
  if (rest.includes('--help') || rest.includes('-h')) {
    io.out(commandHelp(name, command));
    return 0;
  }
  try {
    return await command.run(await readArguments(command, rest), io);
  } catch (error) {
    if (error instanceof UsageError)
      io.err(`${error.message}\n\nUsage: millrace ${name} ${command.usage}\nMore: millrace ${name} --help\n`);
    else io.err(describeError(error));
    return 1;
  }
}

function version(): string {
  const { version } = createRequire(import.meta.url)('@millrace/cli/package.json') as { version: string };
  return version;
}
