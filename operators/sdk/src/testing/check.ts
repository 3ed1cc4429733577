import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { MillraceError, toMillraceError } from '../errors.js';
import {
  type AnyOperator,
  type Example,
  type ExampleStep,
  isSource,
  type OperatorSpec,
  outputPorts,
  type SourceSpec,
} from '../operator.js';
import type { Value } from '../record.js';
import { checkDeclaration } from './check-declaration.js';
import { type OperatorHarness, runOperator } from './harness.js';
import type { HarnessOptions } from './harness-types.js';
import { sameJson, withDefaults } from './plain-data.js';
import { runSource } from './source-harness.js';

export interface CheckOptions extends HarnessOptions {
  /** Folder under which each run gets a fresh folder for its files. Default: the system's temporary folder. */
  files?: string;
}

/** What `checkOperator` did. */
export interface CheckReport {
  type: string;
  /** Example runs that gave the expected result: examples × ways. Those that need a service are not run. */
  runs: number;
}

/** The ways an example is run; all must give the same. */
const WAYS = ['record by record', 'restored after every step', 'in batches'] as const;
type Way = (typeof WAYS)[number];

interface Result {
  output: { [port: string]: Value[] };
  printed: string[];
  files: { [path: string]: string | undefined };
  dead: string[];
}

/**
 * Checks the declaration of an operator and runs each of its examples three ways: record by record, with state, timers and
 * behaviour restored from a copy after every step, and in batches. Throws one error that lists every difference.
 */
export async function checkOperator(spec: AnyOperator, options: CheckOptions = {}): Promise<CheckReport> {
  const problems = checkDeclaration(spec);
  let runs = 0;
  for (const example of spec.examples as readonly Example[]) {
    if (example.service) continue;
    for (const way of WAYS) {
      const found = await checkExample(spec, example, way, options);
      for (const problem of found) problems.push(`"${example.title}", ${way}: ${problem}`);
      if (found.length === 0) runs++;
    }
  }
  if (problems.length > 0) {
    throw new MillraceError(`${spec.type} does not do what it declares:\n- ${problems.join('\n- ')}`, {
      code: 'OPERATOR_CHECK',
      domain: 'internal',
      params: { type: spec.type, problems },
      hint: 'Mend the operator, or the example that describes it.',
    });
  }
  return { type: spec.type, runs };
}

async function checkExample(spec: AnyOperator, example: Example, way: Way, options: CheckOptions): Promise<string[]> {
  const dir = await mkdtemp(join(options.files ?? tmpdir(), 'millrace-check-'));
  try {
    for (const [path, text] of Object.entries(example.files ?? {})) {
      await mkdir(dirname(join(dir, path)), { recursive: true });
      await writeFile(join(dir, path), text);
    }
    const run = isSource(spec) ? runSourceExample : runExample;
    const result = await run(spec as never, example, way, { ...options, dir });
    for (const path of Object.keys(example.expectFiles ?? {})) {
      result.files[path] = await readFile(join(dir, path), 'utf8').catch(() => undefined);
    }
    return differences(spec, example, result);
  } catch (thrown) {
    const error = toMillraceError(thrown);
    return [`${error.message} (${error.code})${error.hint ? ` ${error.hint}` : ''}`];
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function runExample(spec: OperatorSpec, example: Example, way: Way, options: CheckOptions): Promise<Result> {
  const harness = runOperator(spec, example.config, {
    ...options,
    ...(example.inputModes && { inputModes: example.inputModes }),
  });
  try {
    for (const group of way === 'in batches'
      ? inGroups(example.input ?? [])
      : (example.input ?? []).map((step) => [step])) {
      takeSteps(harness, group);
      if (way === 'restored after every step') harness.snapshotRestore();
    }
    if (!example.open) harness.end();
    else harness.commit();
    await harness.settled();
    const dead = harness.dead.map(
      ({ record, timer, error }) =>
        `${record === undefined ? `timer ${timer?.name} at ${timer?.time}` : JSON.stringify(record.value)}: ${error.message} (${error.code})`,
    );
    return { output: harness.outputs(), printed: harness.printed, files: {}, dead };
  } finally {
    await harness.settled().catch(() => undefined);
    await harness.close().settled();
  }
}

function takeSteps(harness: OperatorHarness, steps: readonly ExampleStep[]): void {
  const first = steps[0]!;
  if ('watermark' in first) harness.watermark(first.watermark);
  else if ('clock' in first) harness.clock(first.clock);
  else harness.feedAll(steps as readonly { value: Value }[]);
}

/** Neighbouring record steps together, everything else alone. */
function inGroups(steps: readonly ExampleStep[]): ExampleStep[][] {
  const groups: ExampleStep[][] = [];
  for (const step of steps) {
    const last = groups.at(-1);
    if ('value' in step && last !== undefined && 'value' in last[0]!) last.push(step);
    else groups.push([step]);
  }
  return groups;
}

async function runSourceExample(spec: SourceSpec, example: Example, way: Way, options: CheckOptions): Promise<Result> {
  const run = await runSource(spec, example.config, {
    ...options,
    max: way === 'in batches' ? 1000 : 1,
    reopen: way === 'restored after every step',
  });
  const port = Object.keys(spec.outputs)[0] ?? 'out';
  return {
    output: { [port]: run.values },
    printed: [],
    files: {},
    dead: run.bad.map((bad) => `${bad.raw}: ${bad.error.message} (${bad.error.code})`),
  };
}

function differences(spec: AnyOperator, example: Example, result: Result): string[] {
  const found = result.dead.map((text) => `failed at ${text}`);
  const ports = Object.keys(outputPorts(spec, withDefaults(spec.config, example.config)));
  for (const port of Object.keys(example.output ?? {})) {
    if (!ports.includes(port)) found.push(`the example expects records at "${port}", which is no output port`);
  }
  for (const port of ports)
    compareLists(found, `port "${port}"`, example.output?.[port] ?? [], result.output[port] ?? []);
  if (example.printed !== undefined || result.printed.length > 0)
    compareLists(found, 'printed', example.printed ?? [], result.printed);
  for (const [path, text] of Object.entries(example.expectFiles ?? {})) {
    if (result.files[path] === undefined) found.push(`the file ${path} was not written`);
    else if (result.files[path] !== text)
      found.push(`the file ${path} holds ${JSON.stringify(result.files[path])}, expected ${JSON.stringify(text)}`);
  }
  return found;
}

function compareLists(found: string[], where: string, expected: readonly Value[], actual: readonly Value[]): void {
  const n = Math.min(expected.length, actual.length);
  for (let i = 0; i < n; i++) {
    if (!sameJson(expected[i], actual[i])) {
      found.push(`${where}, record ${i + 1} is ${JSON.stringify(actual[i])}, expected ${JSON.stringify(expected[i])}`);
      return;
    }
  }
  if (expected.length > n) found.push(`${where} lacks ${JSON.stringify(expected.slice(n))}`);
  if (actual.length > n) found.push(`${where} has more than expected: ${JSON.stringify(actual.slice(n))}`);
}
