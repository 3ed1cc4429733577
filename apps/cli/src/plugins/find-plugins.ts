import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { MillraceError } from '@millrace/sdk';

const CONFIG_FILE = 'millrace.config.json';

/**
 * Absolute paths of the plugins of a call: those of `--operators` (relative to the current directory), and those of a
 * millrace.config.json, `{ "operators": [PATH, …] }`, beside the graph and in the current directory (relative to that file).
 * Each path comes once. Throws MillraceError CONFIG_FILE.
 */
export function findPlugins(cwd: string, given: readonly string[], graphFile?: string): string[] {
  const folders = graphFile === undefined ? [cwd] : [dirname(graphFile), cwd];
  const found = given.map((path) => resolve(cwd, path));
  for (const folder of new Set(folders)) found.push(...readConfig(join(folder, CONFIG_FILE)));
  const unique = new Map(found.map((path) => [existsSync(path) ? realpathSync(path) : path, path]));
  return [...unique.keys()];
}

function readConfig(file: string): string[] {
  if (!existsSync(file)) return [];
  let reason: string;
  try {
    const config: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const { operators, ...others } = isObject(config) ? config : {};
    const other = Object.keys(others)[0];
    if (other !== undefined) reason = `"${other}" is not a setting`;
    else if (Array.isArray(operators) && operators.every((path) => typeof path === 'string' && path !== '')) {
      return operators.map((path: string) => resolve(dirname(file), path));
    } else reason = '"operators" must be a list of paths';
  } catch (error) {
    reason = (error as Error).message;
  }
  throw new MillraceError(`${file} could not be read: ${reason}.`, {
    code: 'CONFIG_FILE',
    params: { file, reason },
    hint: 'Its form is { "operators": ["./my-operators"] }, with paths relative to the file.',
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
