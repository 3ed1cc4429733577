import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { millrace } from '../support/cli.js';
import { root } from '../support/shared.js';

const examples = readdirSync(join(root, 'examples'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

describe.each(examples)('the example %s', (name) => {
  const folder = join(root, 'examples', name);

  it('has a README', () => expect(existsSync(join(folder, 'README.md'))).toBe(true));

  it('has a graph without findings', async () => {
    const operators = existsSync(join(folder, 'package.json')) ? ['--operators', folder] : [];
    const { stdout } = await millrace(['validate', join(folder, 'graph.json'), '--json', ...operators]);
    expect(JSON.parse(stdout)).toEqual({ ok: true, findings: [] });
  });
});
