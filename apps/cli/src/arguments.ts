import { parseArgs } from 'node:util';
import type { Command, ParsedArgs } from './command.js';
import { didYouMean } from './did-you-mean.js';

/** The command line does not fit the command. Its message is for the person who typed it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Reads `argv` by the command's declared options. Throws `UsageError`. */
export async function readArguments(command: Command, argv: readonly string[]): Promise<ParsedArgs> {
  const options = Object.fromEntries(
    Object.entries(command.options).map(([name, { type, multiple, short }]) => [
      name,
      { type, ...(multiple ? { multiple } : {}), ...(short ? { short } : {}) },
    ]),
  );
  const { values, positionals, tokens } = parseArgs({
    args: [...argv],
    options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const option = Object.hasOwn(command.options, token.name) ? command.options[token.name] : undefined;
    if (!option) {
      const hint = await didYouMean(token.name, Object.keys(command.options), '--');
      throw new UsageError(`There is no option ${token.rawName}.${hint}`);
    }
    if (option.type === 'boolean' && token.value !== undefined)
      throw new UsageError(`${token.rawName} takes no value.`);
    if (
      option.type === 'string' &&
      (token.value === undefined || (!token.inlineValue && token.value.startsWith('--')))
    ) {
      throw new UsageError(`${token.rawName} needs a value: ${token.rawName} ${option.value ?? 'VALUE'}.`);
    }
  }
  const missing = command.positionals[positionals.length];
  if (missing !== undefined) throw new UsageError(`${missing} is missing.`);
  const extra = positionals[command.positionals.length];
  if (extra !== undefined) throw new UsageError(`"${extra}" is one argument too many.`);
  return {
    words: argv,
    positionals,
    flag: (name) => values[name] === true,
    text: (name) => {
      const value = values[name];
      return typeof value === 'string' ? value : undefined;
    },
    list: (name) => {
      const value = values[name];
      return Array.isArray(value) ? value.map(String) : [];
    },
  };
}

/** A whole number of an option within bounds; undefined when the option is absent. Throws `UsageError`. */
export function wholeNumber(args: ParsedArgs, name: string, min: number, max: number): number | undefined {
  const text = args.text(name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new UsageError(`--${name} must be a whole number from ${min} to ${max}, not "${text}".`);
  }
  return value;
}
