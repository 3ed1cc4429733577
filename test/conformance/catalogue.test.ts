import { loadCatalogue } from '@millrace/cli/catalogue';
import { compileExpression } from '@millrace/graph';
import { type Example, type ExampleStep, isSource, type OperatorSpec, outputPorts, type Value } from '@millrace/sdk';
import { checkOperator, runOperator } from '@millrace/sdk/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

/**
 * The whole catalogue, whoever wrote an operator: its examples hold record by record, restored from a copy after every step, and in
 * batches; and what works in event time gives the same whatever the order of arrival within the bound.
 */
const operators = (await loadCatalogue()).list();

/** Operators whose result is meant to follow the order of arrival, and why. */
const BY_ARRIVAL: { readonly [type: string]: string } = {
  'core.dedupe': 'at once, the first to arrive is kept; "final" has its own oracle',
  'core.top-n': 'so far, each arrival changes the table; windows have their own oracle',
  'core.throttle': 'the first to arrive passes',
  'commerce.fraud-score': 'a payment is judged at once, by what has arrived',
  'commerce.monitor': 'a value is judged at once; its page says to sort first',
};

type Fed = Extract<ExampleStep, { value: Value }>;
const isFed = (step: ExampleStep): step is Fed => 'value' in step;

/** Steps between two watermarks in another order: of records of one time, the order of arrival stays, for it decides ties. */
function shuffled(steps: readonly ExampleStep[], places: readonly number[]): ExampleStep[] {
  let next = 0;
  let part: Fed[] = [];
  const result: ExampleStep[] = [];
  const flush = () => {
    const keyed = part.map((step) => ({ step, place: places[next++ % places.length]! }));
    keyed.sort((a, b) => a.place - b.place);
    const order = keyed.map(({ step }) => step);
    const byTime = new Map<number | undefined, Fed[]>();
    for (const step of part) byTime.set(step.time, [...(byTime.get(step.time) ?? []), step]);
    result.push(...order.map((step) => byTime.get(step.time)!.shift()!));
    part = [];
  };
  for (const step of steps) {
    if (isFed(step)) part.push(step);
    else {
      flush();
      result.push(step);
    }
  }
  flush();
  return result;
}

async function outputsOf(spec: OperatorSpec, example: Example, steps: readonly ExampleStep[]): Promise<string> {
  const harness = runOperator(spec, example.config, {
    compile: compileExpression,
    ...(example.inputModes && { inputModes: example.inputModes }),
  });
  for (const step of steps) {
    if ('watermark' in step) harness.watermark(step.watermark);
    else if ('clock' in step) harness.clock(step.clock);
    else harness.feed(step);
  }
  if (!example.open) harness.end();
  await harness.settled();
  const rows = Object.keys(outputPorts(spec, example.config)).flatMap((port) =>
    harness.output(port).map((value) => `${port} ${JSON.stringify(value)}`),
  );
  return rows.sort().join('\n');
}

/** Final results of append streams in event time: nothing that a record sends can depend on which came first. */
function forgetsArrival(spec: OperatorSpec, example: Example): boolean {
  const steps = example.input ?? [];
  const modes = spec.mode?.(example.config, example.inputModes ?? {});
  return (
    spec.traits?.eventTime === true &&
    example.inputModes === undefined &&
    !Object.values(modes ?? {}).some((mode) => mode.mode === 'upsert') &&
    !steps.some((step) => 'clock' in step) &&
    steps.filter(isFed).every((step) => step.time !== undefined)
  );
}

describe.each(operators.map((spec) => [spec.type, spec] as const))('%s', (type, spec) => {
  it('does what its examples say, also restored after every step and in batches', async () => {
    const { runs } = await checkOperator(spec, { compile: compileExpression });
    expect(runs).toBe(spec.examples.filter(({ service }) => !service).length * 3);
  });

  it('has a title and a summary in both languages', () => {
    expect(spec.docs.zh?.title).toMatch(/[\p{Script=Han}A-Z]/u);
    expect(spec.docs.zh?.summary).toMatch(/\p{Script=Han}.*。$/u);
    expect(spec.docs.summary).toMatch(/^[A-Z].*\.$/);
  });

  const examples =
    isSource(spec) || type in BY_ARRIVAL ? [] : spec.examples.filter((e) => forgetsArrival(spec, e as Example));
  if (examples.length > 0) {
    it('gives the same whatever the order of arrival within the bound', async () => {
      const places = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 5, maxLength: 40 });
      for (const example of examples as Example[]) {
        const wanted = await outputsOf(spec as OperatorSpec, example, example.input ?? []);
        await fc.assert(
          fc.asyncProperty(places, async (order) => {
            expect(await outputsOf(spec as OperatorSpec, example, shuffled(example.input ?? [], order))).toBe(wanted);
          }),
          { numRuns: 20 },
        );
      }
    });
  }
});
