// npm run -s nexmark -- --query q5 --seed 7 --events 200000 [--group 100] [--parallelism 4] [--kill]
// Runs a Nexmark query on the embedded runtime and compares it with DuckDB. Ends with `equal` (exit 0) or `differs: ...` (exit 1).
// `--backend bull [--workers 2]` runs it on workers over the Redis of REDIS_URL, or over one of its own.
// `--full` runs every query on three seeds, in order and disordered, alone and in parallel, undisturbed and killed once, and ends with a table.
// `--full --results FILE` keeps a line for each run in the file and leaves out what is there as equal already: a run that was broken off goes on.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import process, { argv, stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { startServer } from '../services/lib/instance.mjs';
import { checkQuery } from './check.mjs';
import { hasOracle } from './oracle.mjs';
import { QUERIES } from './queries.mjs';

/** Every setting of the matrix. @param {readonly string[]} queries @param {number} events */
function* matrix(queries, events) {
  for (const query of queries) {
    for (const seed of [7, 11, 23]) {
      for (const group of [1, 100]) {
        for (const parallelism of [1, 4]) {
          for (const kill of [false, true]) yield { query, seed, events, group, parallelism, kill };
        }
      }
    }
  }
}

/**
 * Runs the matrix with a line for each run, then a table; tells what differs.
 * @param {readonly string[]} queries
 * @param {number} events
 * @param {number | undefined} workers
 * @param {string | undefined} results
 */
async function checkAll(queries, events, workers, results) {
  const before = results !== undefined && existsSync(results) ? readFileSync(results, 'utf8').split('\n') : [];
  /** Lines of equal runs by what was run. */
  const done = new Map(
    before.filter((line) => line.endsWith('): equal')).map((line) => [line.split(/; |\): /)[0], line]),
  );
  /** @type {Map<string, { runs: number, equal: number }>} */
  const table = new Map(queries.map((query) => [query, { runs: 0, equal: 0 }]));
  for (const check of matrix(queries, events)) {
    const { query, seed, group, parallelism, kill } = check;
    const backend = workers === undefined ? 'embedded' : `${workers} workers`;
    const what = `${query} (${events} events, ${backend}, seed ${seed}, group ${group}, parallelism ${parallelism}, ${kill ? 'killed' : 'undisturbed'}`;
    let line = done.get(what);
    if (line === undefined) {
      /** @type {string[]} */
      const notes = [];
      const differs = await checkQuery({ ...check, workers, note: (text) => notes.push(text) });
      line = `${[what, ...notes].join('; ')}): ${differs === undefined ? 'equal' : `differs: ${differs}`}`;
      if (results !== undefined) appendFileSync(results, `${line}\n`);
    }
    stdout.write(`${line}\n`);
    const row = table.get(query);
    if (row === undefined) continue;
    row.runs++;
    if (line.endsWith('): equal')) row.equal++;
  }
  stdout.write('\n| query | equal | runs |\n| --- | --- | --- |\n');
  for (const [query, { runs, equal }] of table) stdout.write(`| ${query} | ${equal} | ${runs} |\n`);
  const rows = [...table.values()];
  const all = rows.reduce((sum, { runs }) => sum + runs, 0);
  const wrong = all - rows.reduce((sum, { equal }) => sum + equal, 0);
  return wrong === 0 ? undefined : `${wrong} of ${all} runs`;
}

/** @param {string} name @param {string} text @param {number} least */
function whole(name, text, least) {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least)
    throw new TypeError(`--${name} must be a whole number from ${least}.`);
  return value;
}

/** @type {{ url: string, stop(): Promise<void> } | undefined} */
let own;
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
      backend: { type: 'string', default: 'embedded' },
      workers: { type: 'string', default: '2' },
      full: { type: 'boolean', default: false },
      results: { type: 'string' },
    },
  });
  if (values.query === undefined && !values.full) throw new TypeError('Say which query to run, such as --query q5.');
  if (!(await hasOracle()))
    throw new Error('DuckDB is not installed; it comes with the development dependencies of the test package.');
  const events = whole('events', values.events, 0);
  if (values.backend !== 'embedded' && values.backend !== 'bull') throw new TypeError('--backend is embedded or bull.');
  const workers = values.backend === 'bull' ? whole('workers', values.workers, 1) : undefined;
  if (workers !== undefined && !process.env.REDIS_URL) {
    own = await startServer('redis');
    process.env.REDIS_URL = own.url;
  }
  const differs = values.full
    ? await checkAll(
        values.query === undefined ? Object.keys(QUERIES) : [values.query],
        events,
        workers,
        values.results,
      )
    : await checkQuery({
        query: values.query ?? '',
        seed: whole('seed', values.seed, 0),
        events,
        group: whole('group', values.group, 1),
        parallelism: whole('parallelism', values.parallelism, 1),
        kill: values.kill,
        workers,
        note: (line) => stderr.write(`${line}\n`),
      });
  stdout.write(differs === undefined ? 'equal\n' : `differs: ${differs}\n`);
  process.exitCode = differs === undefined ? 0 : 1;
} catch (error) {
  stderr.write(`nexmark: ${/** @type {Error} */ (error).message}\n`);
  process.exitCode = 2;
} finally {
  await own?.stop();
}
