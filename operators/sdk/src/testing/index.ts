/**
 * @module
 * Tests for operators, without an engine. `runOperator` drives one operator by hand; `runSource` reads a source;
 * `checkOperator` runs the examples of an operator in three ways and fails on any difference. See README.md beside this file.
 *
 * @example
 * ```ts
 * const harness = runOperator(filter, { where: "status == 'paid'" }, { compile: compileExpression });
 * harness.feed({ id: 1, status: 'paid' }).feed({ id: 2, status: 'open' });
 * expect(harness.output()).toEqual([{ id: 1, status: 'paid' }]);
 * expect(harness.filtered).toBe(1);
 * ```
 */
export { type CheckOptions, type CheckReport, checkOperator } from './check.js';
export { fieldOnlyCompile, isFieldName } from './compile.js';
export { type OperatorHarness, runOperator } from './harness.js';
export type { Dead, Fed, HarnessOptions, LogLine } from './harness-types.js';
export { ManualClock } from './manual-clock.js';
export { runSource, type SourceOptions, type SourceRun } from './source-harness.js';
