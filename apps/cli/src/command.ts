import type { Io } from './io.js';

/** One option of a command, in the words of `node:util` parseArgs. */
export interface OptionSpec {
  type: 'boolean' | 'string';
  multiple?: boolean;
  short?: string;
  /** Name of the value in the help, e.g. `DIR`. */
  value?: string;
  help: string;
}

export interface Command {
  /** What comes after the command's name, e.g. `FILE [options]`. */
  usage: string;
  summary: string;
  /** Exact number of positional arguments, with the name to ask for when one is missing. */
  positionals: readonly string[];
  options: { readonly [name: string]: OptionSpec };
  /** Answers the exit code. */
  run(args: ParsedArgs, io: Io): Promise<number>;
}

/** Values by option name; every accessor knows its shape, so that commands need no casts. */
export interface ParsedArgs {
  /** The words as typed, without the command's name. */
  readonly words: readonly string[];
  readonly positionals: readonly string[];
  flag(name: string): boolean;
  text(name: string): string | undefined;
  list(name: string): readonly string[];
}

/** Options that several commands share. */
export const graphOptions: { readonly [name: string]: OptionSpec } = {
  set: {
    type: 'string',
    multiple: true,
    value: 'NODE.PATH=VALUE',
    help: "Change a node's config, e.g. orders.path=today.ndjson. May be repeated.",
  },
  operators: {
    type: 'string',
    multiple: true,
    value: 'PATH',
    help: 'Load a package of operators: a folder with a package.json, or a module. May be repeated.',
  },
};

export const parallelismOption: OptionSpec = {
  type: 'string',
  value: 'N',
  help: 'Parallel tasks of by-key nodes that do not say otherwise (1 to 128).',
};

export const jsonOption: OptionSpec = { type: 'boolean', help: 'Print one JSON value on standard output.' };
