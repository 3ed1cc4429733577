import { describe, expect, it } from 'vitest';
import { readArguments, wholeNumber } from './arguments.js';
import type { Command } from './command.js';

const command: Command = {
  usage: 'FILE',
  summary: '',
  positionals: ['FILE'],
  options: {
    set: { type: 'string', multiple: true, value: 'NODE.PATH=VALUE', help: '' },
    parallelism: { type: 'string', value: 'N', help: '' },
    json: { type: 'boolean', help: '' },
  },
  run: async () => 0,
};
const read = (...argv: string[]) => readArguments(command, argv);

describe('arguments of a command', () => {
  it('come in any order', async () => {
    const args = await read('--set', 'a.b=1', 'graph.json', '--json', '--set=a.c=--x');
    expect(args.positionals).toEqual(['graph.json']);
    expect(args.list('set')).toEqual(['a.b=1', 'a.c=--x']);
    expect(args.flag('json')).toBe(true);
    expect(args.text('parallelism')).toBeUndefined();
  });

  it.each([
    [['g.json', '--paralelism', '3'], 'There is no option --paralelism. Did you mean "--parallelism"?'],
    [['g.json', '--constructor'], 'There is no option --constructor.'],
    [['g.json', '--parallelism'], '--parallelism needs a value: --parallelism N.'],
    [['g.json', '--set', '--json'], '--set needs a value'],
    [['g.json', '--json=yes'], '--json takes no value.'],
    [[], 'FILE is missing.'],
    [['g.json', 'other.json'], '"other.json" is one argument too many.'],
  ])('%j is refused: %s', async (argv, message) => {
    await expect(read(...argv)).rejects.toThrow(message);
  });

  it('a number must be whole and within its bounds', async () => {
    expect(wholeNumber(await read('g', '--parallelism', '12'), 'parallelism', 1, 128)).toBe(12);
    for (const text of ['0', '129', '1.5', 'two', '1e2', '']) {
      const args = await read('g', `--parallelism=${text}`);
      expect(() => wholeNumber(args, 'parallelism', 1, 128)).toThrow('from 1 to 128');
    }
  });
});
