import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ownFolder } from '../support/folder.js';
import { root } from '../support/shared.js';

type Test = { status: 'passed' | 'failed' | 'pending'; fullName: string };

function report(...tests: Test[]): object {
  const count = (status: string) => tests.filter((test) => test.status === status).length;
  return {
    numPassedTests: count('passed'),
    numFailedTests: count('failed'),
    numPendingTests: count('pending'),
    numTodoTests: 0,
    testResults: [{ name: 'a.test.ts', message: '', assertionResults: tests }],
  };
}

/** What the summary prints and answers for a folder of step results and reports. */
function summary(files: { [name: string]: string | object }): { lines: string[]; code: number | null } {
  const folder = ownFolder();
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  const { stdout, status } = spawnSync(process.execPath, [join(root, 'scripts/ci-summary.mjs'), folder], {
    encoding: 'utf8',
  });
  return { lines: stdout.trimEnd().split('\n'), code: status };
}

it('counts tests, and every step without tests as one', () => {
  const tests = report(
    { status: 'passed', fullName: 'a' },
    { status: 'passed', fullName: 'b' },
    { status: 'pending', fullName: 'c' },
  );
  const { lines, code } = summary({ 'lint.step': 'passed\n', 'tests.step': 'passed\n', 'tests.json': tests });
  expect(lines.at(-1)).toBe('3 passed, 0 failed, 1 skipped');
  expect(code).toBe(0);
});

it('names what failed, and fails', () => {
  const tests = report({ status: 'passed', fullName: 'a' }, { status: 'failed', fullName: 'adds up' });
  const { lines, code } = summary({ 'lint.step': 'failed\n', 'tests.step': 'failed\n', 'tests.json': tests });
  expect(lines).toEqual(expect.arrayContaining(['  lint', '  tests: adds up']));
  expect(lines.at(-1)).toBe('1 passed, 2 failed, 0 skipped');
  expect(code).toBe(1);
});

it('fails when a step of tests failed although no test did', () => {
  const { lines, code } = summary({
    'tests.step': 'failed\n',
    'tests.json': report({ status: 'passed', fullName: 'a' }),
  });
  expect(lines.at(-1)).toBe('1 passed, 1 failed, 0 skipped');
  expect(code).toBe(1);
});

it('fails when a step of tests died before its report', () => {
  const { lines, code } = summary({ 'tests.step': 'failed\n' });
  expect(lines.at(-1)).toBe('0 passed, 1 failed, 0 skipped');
  expect(code).toBe(1);
});
