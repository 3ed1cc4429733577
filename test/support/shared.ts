import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { TestContext } from 'vitest';

export const root = resolve(import.meta.dirname, '../..');

/** Folder with real data and known answers: MILLRACE_SHARED, or `shared` beside the project. */
export const shared = process.env.MILLRACE_SHARED ?? resolve(root, '../shared');

/** Ends a test as skipped, with the reason in the report, when files of the shared folder are absent. Answers their paths. */
export function needShared(test: TestContext, ...files: string[]): string[] {
  const paths = files.map((file) => join(shared, file));
  const absent = paths.find((path) => !existsSync(path));
  if (absent !== undefined) {
    process.stdout.write(`skipped: ${test.task.name}: ${absent} is absent\n`);
    test.skip(`${absent} is absent`);
  }
  return paths;
}

/** One list of rows of `answers/<name>.json`. */
export function answer(file: string, name: string): Record<string, unknown>[] {
  const { answers } = JSON.parse(readFileSync(file, 'utf8')) as { answers: Record<string, Record<string, unknown>[]> };
  const rows = answers[name];
  if (!rows) throw new Error(`${file} has no answer "${name}"`);
  return rows;
}
