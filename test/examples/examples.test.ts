import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { millrace, millraceOk } from '../support/cli.js';
import { ownFolder } from '../support/folder.js';
import { readRows, sorted } from '../support/ndjson.js';
import { root } from '../support/shared.js';

/** A copy of an example that the test may write into. */
function copyOf(example: string): string {
  const folder = ownFolder();
  cpSync(join(root, 'examples', example), folder, {
    recursive: true,
    filter: (path) => !path.includes('node_modules'),
  });
  return folder;
}

describe('the example revenue-per-country', () => {
  const expected = readRows(join(root, 'examples/revenue-per-country/expected.ndjson'));

  it('gives its expected rows, in this order, as text', async () => {
    const folder = copyOf('revenue-per-country');
    const { stdout } = await millraceOk(['run', join(folder, 'graph.json')]);
    expect(readFileSync(join(folder, 'result.ndjson'), 'utf8')).toBe(
      readFileSync(join(folder, 'expected.ndjson'), 'utf8'),
    );
    expect(stdout).toMatch(/^per-hour +120 +/m);
    expect(stdout).toMatch(/finished in /);
  });

  it('gives the same rows at parallelism 3, with every line accounted for', async () => {
    const folder = copyOf('revenue-per-country');
    const { stdout } = await millraceOk(['run', join(folder, 'graph.json'), '--parallelism', '3', '--json']);
    expect(sorted(readRows(join(folder, 'result.ndjson')), 'w', 'country')).toEqual(expected);
    const { status, nodes } = JSON.parse(stdout) as { status: string; nodes: Record<string, Record<string, number>> };
    expect(status).toBe('finished');
    expect(nodes.invoices).toMatchObject({ out: 120 });
    expect(nodes['per-hour']).toMatchObject({ in: 120, handled: 120, late: 0, deadLettered: 0, out: expected.length });
    expect(nodes.result).toMatchObject({ in: expected.length, handled: expected.length });
  });

  it('refuses to replace a result of another run, until it is told to', async () => {
    const folder = copyOf('revenue-per-country');
    writeFileSync(join(folder, 'result.ndjson'), 'precious\n');
    const refused = await millrace(['run', join(folder, 'graph.json')]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('--overwrite');
    expect(readFileSync(join(folder, 'result.ndjson'), 'utf8')).toBe('precious\n');
    await millraceOk(['run', join(folder, 'graph.json'), '--overwrite']);
    expect(readRows(join(folder, 'result.ndjson'))).toEqual(expected);
  });
});

describe('the example flink-example', () => {
  it('prints the joined words of every bucket and window', async () => {
    const { stdout } = await millraceOk(['run', join(root, 'examples/flink-example/graph.json')]);
    const expected = readFileSync(join(root, 'examples/flink-example/expected.txt'), 'utf8');
    expect(stdout.slice(0, expected.length)).toBe(expected);
  });

  it('joins every word once, in capitals', async () => {
    const words = readRows(join(root, 'examples/flink-example/words.ndjson')).map(({ word }) =>
      String(word).toUpperCase(),
    );
    const { stderr } = await millraceOk([
      'run',
      join(root, 'examples/flink-example/graph.json'),
      '--json',
      '--parallelism',
      '2',
    ]);
    const printed = stderr.split('\n').flatMap((line) => /^\S+Z bucket \d: (.+)$/.exec(line)?.[1]?.split(' ') ?? []);
    expect(printed.sort()).toEqual(words.sort());
  });
});

describe('the example plugin-hello', () => {
  const greetings = [
    'Hello, Ada. Welcome.',
    'Hello, Lin. Welcome.',
    'Hello, Ada. Good to see you again (visit 2).',
    'Hello, Noor. Welcome.',
    'Hello, Ada. Good to see you again (visit 3).',
  ];

  it('runs with its operator', async () => {
    const { stdout } = await millraceOk([
      'run',
      'examples/plugin-hello/graph.json',
      '--operators',
      'examples/plugin-hello',
    ]);
    expect(stdout.split('\n').slice(0, 5)).toEqual(greetings);
  });

  it('runs from a copy anywhere on the disk, named by a config file beside the graph', async () => {
    const folder = copyOf('plugin-hello');
    writeFileSync(join(folder, 'millrace.config.json'), '{ "operators": ["."] }');
    const { stdout } = await millraceOk(['run', join(folder, 'graph.json')], { cwd: '/' });
    expect(stdout.split('\n').slice(0, 5)).toEqual(greetings);
  });

  it('says which operator is unknown when its package is not loaded', async () => {
    const { code, stdout } = await millrace(['validate', 'examples/plugin-hello/graph.json', '--json']);
    expect(code).toBe(1);
    const { findings } = JSON.parse(stdout) as { findings: { code: string; nodeId: string; line: number }[] };
    expect(findings).toEqual([expect.objectContaining({ nodeId: 'greet', line: 7 })]);
  });

  it('is listed among the operators', async () => {
    const { stdout } = await millraceOk(['operators', '--operators', 'examples/plugin-hello', '--json']);
    const types = (JSON.parse(stdout) as { type: string }[]).map(({ type }) => type);
    expect(types).toContain('hello.greet');
    expect(types).toContain('core.filter');
  });
});

describe('an operator that is not ours', () => {
  it('fails its records as any other: the reason is told, the run goes on', async () => {
    const folder = copyOf('plugin-hello');
    writeFileSync(
      join(folder, 'src/index.js'),
      `import { defineOperator, MillraceError, Type } from '@millrace/sdk';
       export default [defineOperator({
         type: 'hello.greet', version: 1, docs: { title: 'x', summary: 'x.', category: 'shape' },
         config: Type.Object({}), inputs: { in: {} }, outputs: { out: {} }, examples: [{ title: 'x', config: {} }],
         create: () => ({ onRecord(record, _port, ctx) {
           if (record.value.customer === 'Lin') throw new MillraceError('Lin is not served', { code: 'NOT_SERVED' });
           ctx.emit('out', { greeting: 'hi ' + record.value.customer });
         } }),
       })];`,
    );
    const { stdout } = await millraceOk([
      'run',
      join(folder, 'graph.json'),
      '--operators',
      folder,
      '--set',
      'show.template={{greeting}}',
    ]);
    expect(stdout.split('\n').slice(0, 4)).toEqual(['hi Ada', 'hi Ada', 'hi Noor', 'hi Ada']);
    expect(stdout).toContain('1 × greet: Lin is not served [NOT_SERVED]');
  });
});
