import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { millrace } from '../support/cli.js';
import { exampleNames, readExample } from './example.mjs';
import { WAYS } from './ways.mjs';

describe.each(exampleNames())('the example %s', (name) => {
  const example = readExample(name);

  it.each(['README.md', 'README.zh.md'])('has a %s, which the gallery shows', (readme) =>
    expect(existsSync(join(example.folder, readme))).toBe(true),
  );

  it('has a graph without findings', async () => {
    const operators = example.plugin ? ['--operators', example.folder] : [];
    const { stdout } = await millrace(['validate', join(example.folder, 'graph.json'), '--json', ...operators]);
    expect(JSON.parse(stdout)).toEqual({ ok: true, findings: [] });
  });

  it('gives what it promises from the command line', async (test) => {
    const wrong = await WAYS.run(example);
    if (wrong?.startsWith('skipped: ')) test.skip(wrong);
    expect(wrong).toBeUndefined();
  });

  const disturbed = [
    ['killed again and again', WAYS.crash],
    ['rescaled from one task to three', WAYS.rescale],
  ] as const;
  it.each(disturbed)('gives the same when it is %s', async (_how, run) => {
    const wrong = await run(example);
    if (!wrong?.startsWith('skipped: ')) expect(wrong).toBeUndefined();
  });
});
