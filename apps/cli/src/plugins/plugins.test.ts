import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findPlugins } from './find-plugins.js';
import { loadPlugin } from './load-plugin.js';
import { pluginEntry } from './plugin-entry.js';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'millrace-plugin-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(files: { [path: string]: string }): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

const GREET = `{
  type: 'acme.greet', version: 1, kind: 'operator',
  docs: { title: 'Greet', summary: 'Greets.', category: 'shape' },
  config: { type: 'object', properties: {} }, inputs: { in: {} }, outputs: { out: {} },
  examples: [{ title: 'one', config: {} }], create: () => ({}),
}`;

describe('a package of operators', () => {
  it.each([
    ['its exports as text', { exports: './src/main.js' }],
    ['its exports under "."', { exports: { '.': './src/main.js' } }],
    ['the condition import', { exports: { '.': { types: './x.d.ts', import: './src/main.js', default: './no.js' } } }],
    ['nested conditions', { exports: { node: { require: './no.cjs', default: './src/main.js' } } }],
    ['main', { main: 'src/main.js' }],
  ])('is entered by %s', (_, manifest) => {
    write({ 'package.json': JSON.stringify(manifest), 'src/main.js': '' });
    expect(pluginEntry(folder)).toBe(join(folder, 'src/main.js'));
  });

  it('without either is entered by index.js, and a file is its own entry', () => {
    write({ 'package.json': '{}', 'index.js': '' });
    expect(pluginEntry(folder)).toBe(join(folder, 'index.js'));
    expect(pluginEntry(join(folder, 'index.js'))).toBe(join(folder, 'index.js'));
  });

  it.each([
    ['a path where nothing is', {}, 'absent', 'PLUGIN_NOT_FOUND', 'There is no package of operators at'],
    ['a folder without a manifest', { 'x.js': '' }, '.', 'PLUGIN_MANIFEST', 'there is none'],
    ['a broken manifest', { 'package.json': '{' }, '.', 'PLUGIN_MANIFEST', 'could not be read'],
    [
      'a manifest that names nothing there',
      { 'package.json': '{"main":"dist/x.js"}' },
      '.',
      'PLUGIN_NO_ENTRY',
      'names dist/x.js',
    ],
    [
      'a manifest that leaves its folder',
      { 'package.json': '{"main":"../x.js"}' },
      '.',
      'PLUGIN_MANIFEST',
      'outside itself',
    ],
    ['TypeScript', { 'x.ts': '' }, 'x.ts', 'PLUGIN_TYPESCRIPT', 'TypeScript'],
  ])('%s is refused with %s %s %s', (_, files, path, code, message) => {
    write(files as { [path: string]: string });
    expect(() => pluginEntry(join(folder, path))).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  it('gives its operators', async () => {
    write({ 'ops.mjs': `export default [${GREET}];` });
    expect((await loadPlugin(join(folder, 'ops.mjs'))).map(({ type }) => type)).toEqual(['acme.greet']);
  });

  it.each([
    ['no default export', 'export const x = 1;', 'PLUGIN_NO_OPERATORS', 'has no operators as its default export'],
    ['an empty list', 'export default [];', 'PLUGIN_NO_OPERATORS', 'has no operators'],
    ['something else in the list', 'export default [7];', 'PLUGIN_BAD_OPERATOR', 'number 1'],
    [
      'an operator without create',
      `export default [{ ...${GREET}, create: undefined }];`,
      'PLUGIN_BAD_OPERATOR',
      'create must be a function',
    ],
    [
      'a name without a namespace',
      `export default [{ ...${GREET}, type: 'greet' }];`,
      'PLUGIN_BAD_OPERATOR',
      'type must be a namespaced name',
    ],
    ['a missing package', `import 'nowhere-to-be-found';`, 'PLUGIN_IMPORT_FAILED', 'nowhere-to-be-found'],
    ['a syntax error', 'export default [', 'PLUGIN_IMPORT_FAILED', 'could not be loaded'],
    ['a throw', 'throw new Error("boom");', 'PLUGIN_IMPORT_FAILED', 'boom'],
  ])('with %s is refused in words', async (_, source, code, message) => {
    write({ 'ops.mjs': source });
    await expect(loadPlugin(join(folder, 'ops.mjs'))).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });
});

describe('the plugins of a call', () => {
  it('are those given, then those configured beside the graph and here, each once', () => {
    write({
      'graphs/millrace.config.json': '{ "operators": ["../a", "b"] }',
      'here/millrace.config.json': '{ "operators": ["../a"] }',
      'here/c/x.js': '',
    });
    const found = findPlugins(join(folder, 'here'), ['c', './c'], join(folder, 'graphs/graph.json'));
    expect(found).toEqual([join(folder, 'here/c'), join(folder, 'a'), join(folder, 'graphs/b')]);
  });

  it.each([
    ['[1]', '"operators" must be a list of paths'],
    ['{ "operators": "x" }', '"operators" must be a list of paths'],
    ['{ "operator": [] }', '"operator" is not a setting'],
    ['{', 'could not be read'],
  ])('a config file with %s is refused', (text, message) => {
    write({ 'millrace.config.json': text });
    expect(() => findPlugins(folder, [])).toThrow(message);
  });
});
