// npm run -s nexmark -- --query q5 --seed 7 --events 200000 [--group 100] [--parallelism 4] [--kill]
// Runs a Nexmark query on the embedded runtime and compares it with DuckDB. Ends with `equal` (exit 0) or `differs: ...` (exit 1).
import process, { argv, stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { checkQuery } from './check.mjs';
import { hasOracle } from './oracle.mjs';

/** @param {string} name @param {string} text @param {number} least */
function whole(name, text, least) {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least)
    throw new TypeError(`--${name} must be a whole number from ${least}.`);
  return value;
}

try {
  const { values } = parseArgs({
    args: argv.slice(2),
    options: {
      query: { type: 'string' },
      seed: { type: 'string', default: '7' },
      events: { type: 'string', default: '200000' },
      group: { type: 'string', default: '1' },
      parallelism: { type: 'string', default: '1' },
      kill: { type: 'boolean', default: false },
    },
  });
  if (values.query === undefined) throw new TypeError('Say which query to run, such as --query q5.');
  if (!(await hasOracle()))
    throw new Error('DuckDB is not installed; it comes with the development dependencies of the test package.');
  const differs = await checkQuery({
    query: values.query,
    seed: whole('seed', values.seed, 0),
    events: whole('events', values.events, 0),
    group: whole('group', values.group, 1),
    parallelism: whole('parallelism', values.parallelism, 1),
    kill: values.kill,
    note: (line) => stderr.write(`${line}\n`),
  });
  stdout.write(differs === undefined ? 'equal\n' : `differs: ${differs}\n`);
  process.exitCode = differs === undefined ? 0 : 1;
} catch (error) {
  stderr.write(`nexmark: ${/** @type {Error} */ (error).message}\n`);
  process.exitCode = 2;
}
