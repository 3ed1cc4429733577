// The closing line of .ci/run. Reads its report folder: NAME.step holds "passed" or "failed", NAME.json is vitest's report of a
// step that ran tests. A step with a report counts by its tests, and as one failure more when it failed although no test did.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
const sum = { passed: 0, failed: 0, skipped: 0 };
const failures = [];

for (const file of readdirSync(folder).sort()) {
  if (!file.endsWith('.step')) continue;
  const name = file.slice(0, -'.step'.length);
  const failed = readFileSync(join(folder, file), 'utf8').trim() !== 'passed';
  const report = join(folder, `${name}.json`);
  if (!existsSync(report)) {
    sum[failed ? 'failed' : 'passed']++;
    if (failed) failures.push(name);
    continue;
  }
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
    readFileSync(report, 'utf8'),
  );
  sum.passed += numPassedTests;
  sum.failed += numFailedTests + (failed && numFailedTests === 0 ? 1 : 0);
  sum.skipped += numPendingTests + numTodoTests;
  const known = failures.length;
  for (const { assertionResults, name: testFile, message } of testResults) {
    for (const test of assertionResults) if (test.status === 'failed') failures.push(`${name}: ${test.fullName}`);
    if (assertionResults.length === 0 && message) failures.push(`${name}: ${testFile} did not load`);
  }
  if (failed && failures.length === known) failures.push(name);
}

if (failures.length > 0) process.stdout.write(`\nFailed:\n${failures.map((line) => `  ${line}\n`).join('')}`);
process.stdout.write(`\n${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped\n`);
process.exitCode = sum.failed > 0 ? 1 : 0;
