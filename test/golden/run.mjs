// npm run -s golden -- FILE [--only ID] [--verbose]: runs golden cases of other engines on our operators and engine.
// A line per case; the last line counts. Exit code 1 when a case failed.
import process, { argv, stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { aggregateCases } from './adapters/aggregates.mjs';
import { joins } from './adapters/joins.mjs';
import { otherWindows } from './adapters/other-windows.mjs';
import { runs } from './adapters/runs.mjs';
import { sketches } from './adapters/sketches.mjs';
import { stateCases } from './adapters/state.mjs';
import { tables } from './adapters/tables.mjs';
import { watermarks } from './adapters/watermarks.mjs';
import { windows } from './adapters/windows.mjs';
import { readCases } from './cases.mjs';
import { matches, show } from './compare.mjs';
import { waiverOf } from './waivers.mjs';

/** @type {{ [feature: string]: (one: import('./cases.mjs').Case) => any }} */
const ADAPTERS = {
  ...windows,
  ...otherWindows,
  ...watermarks,
  ...joins,
  ...tables,
  ...aggregateCases,
  ...sketches,
  ...stateCases,
  ...runs,
};

/** @param {import('./cases.mjs').Case} one */
async function check(one) {
  const waiver = waiverOf(one);
  if (waiver !== undefined) return { result: 'waived', why: waiver.rule };
  const adapter = Object.hasOwn(ADAPTERS, one.feature) ? ADAPTERS[one.feature] : undefined;
  if (adapter === undefined) return { result: 'failed', why: `no operator is mapped to "${one.feature}"` };
  try {
    const outcome = await adapter(one);
    if (matches(one.config.compare, outcome, one.expected)) return { result: 'passed', why: '' };
    return { result: 'failed', why: `expected ${show(one.expected)}\n    but got  ${show(outcome.actual)}` };
  } catch (error) {
    const { code, message, stack } = /** @type {any} */ (error);
    return { result: 'failed', why: verbose ? stack : `${code === undefined ? '' : `${code}: `}${message}` };
  }
}

let verbose = false;
try {
  const { values, positionals } = parseArgs({
    args: argv.slice(2),
    allowPositionals: true,
    options: { only: { type: 'string', multiple: true }, verbose: { type: 'boolean', default: false } },
  });
  const [file] = positionals;
  if (file === undefined) throw new TypeError('Say which file of cases to run: npm run -s golden -- FILE');
  verbose = values.verbose;
  const counts = { passed: 0, failed: 0, waived: 0 };
  for (const one of readCases(file)) {
    if (values.only !== undefined && !values.only.includes(one.id) && !values.only.includes(one.feature)) continue;
    const { result, why } = await check(one);
    counts[/** @type {keyof typeof counts} */ (result)]++;
    stdout.write(`${result.padEnd(6)}  ${one.id.padEnd(5)} ${one.feature}${why === '' ? '' : `: ${why}`}\n`);
  }
  stdout.write(`${counts.passed} passed, ${counts.failed} failed, ${counts.waived} waived\n`);
  process.exitCode = counts.failed > 0 ? 1 : 0;
} catch (error) {
  stderr.write(`golden: ${/** @type {Error} */ (error).message}\n`);
  process.exitCode = 2;
}
