// npm run -s examples -- [--all | NAME ...] [--way run|crash|rescale]: runs examples and compares what they give with what they
// promise: from the command line, killed in between, and rescaled in between. The last line counts. Exit code 1 when one failed.
// `--keep NAME` writes the expected files of an example from a run of it instead.
import { parseArgs } from 'node:util';
import { exampleNames, readExample } from './example.mjs';
import { keepResults, WAYS } from './ways.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    all: { type: 'boolean', default: false },
    way: { type: 'string', multiple: true },
    keep: { type: 'boolean', default: false },
  },
});
const names = exampleNames();
const unknown = [
  ...positionals.filter((name) => !names.includes(name)),
  ...(values.way ?? []).filter((way) => !Object.hasOwn(WAYS, way)),
];
if (unknown.length > 0 || (!values.all && positionals.length === 0)) {
  if (unknown.length > 0) process.stderr.write(`unknown: ${unknown.join(', ')}\n`);
  process.stderr.write(
    `Usage: npm run -s examples -- --all | NAME ... [--way ${Object.keys(WAYS).join('|')}]\n\n  ${names.join('\n  ')}\n`,
  );
  process.exitCode = 1;
} else {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const name of values.all ? names : positionals) {
    const example = readExample(name);
    for (const way of values.keep ? ['keep'] : (values.way ?? Object.keys(WAYS))) {
      const started = performance.now();
      const wrong = await (values.keep ? keepResults : WAYS[way])(example).catch(
        (error) => error.stack ?? String(error),
      );
      const result = wrong === undefined ? 'passed' : wrong.startsWith('skipped: ') ? 'skipped' : 'failed';
      counts[result]++;
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      process.stdout.write(`${result.padEnd(8)}${name.padEnd(24)}${way.padEnd(9)}${seconds.padStart(6)} s\n`);
      if (result !== 'passed') process.stdout.write(`      ${wrong.replace(/^skipped: /, '')}\n`);
    }
  }
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
  process.stdout.write(`${counts.passed} passed, ${counts.failed} failed${skipped}\n`);
  process.exitCode = counts.failed > 0 ? 1 : 0;
}
