// An example as a test: its folder, how to run it so that it ends, what it must give.
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';

export const root = join(import.meta.dirname, '../..');
export const examplesDir = join(root, 'examples');

/** Names of all examples: the folders with a graph. */
export function exampleNames() {
  return readdirSync(examplesDir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(examplesDir, entry.name, 'graph.json')))
    .map(({ name }) => name)
    .sort();
}

/**
 * What an example must give, by the names of its files: `expected.X` for the file `result.X`, `expected.txt` for printed lines,
 * `expected.view-NODE.ndjson` for the rows of a live table. `check.json` may hold `set`: settings that make a live source end,
 * and `needs`: the outside system without which it cannot run.
 * @param {string} name
 */
export function readExample(name) {
  return readCase(join(examplesDir, name));
}

/** The same for any folder of that form. @param {string} folder */
export function readCase(folder) {
  const graph = JSON.parse(readFileSync(join(folder, 'graph.json'), 'utf8'));
  const check = existsSync(join(folder, 'check.json'))
    ? JSON.parse(readFileSync(join(folder, 'check.json'), 'utf8'))
    : {};
  const expected = readdirSync(folder).filter((file) => file.startsWith('expected.'));
  /** @type {{ node: string, rows: string[] }[]} */
  const views = [];
  /** @type {{ file: string, rows: string[] }[]} */
  const files = [];
  for (const file of expected) {
    if (file === 'expected.txt') continue;
    const rows = readLines(join(folder, file));
    const view = /^expected\.view-(.+)\.ndjson$/.exec(file);
    if (view) views.push({ node: view[1], rows });
    else files.push({ file: file.replace(/^expected/, 'result'), rows });
  }
  return {
    name: basename(folder),
    folder,
    graph,
    /** @type {{ [setting: string]: unknown }} */
    settings: check.set ?? {},
    /** The outside system it works with, if any: `check.json` says so. @type {string | undefined} */
    needs: check.needs,
    plugin: existsSync(join(folder, 'package.json')),
    printed: expected.includes('expected.txt') ? readFileSync(join(folder, 'expected.txt'), 'utf8') : undefined,
    files,
    views,
    /** True if a run leaves something behind that can be compared after a crash. */
    comparable: files.length + views.length > 0,
  };
}

/** The examples that the gallery can run by itself: without an outside system. */
export function galleryExamples() {
  return exampleNames()
    .map(readExample)
    .filter(({ needs }) => needs === undefined);
}

/** Words of a command that load the operators of the examples which bring some. */
export function examplePlugins() {
  return galleryExamples().flatMap(({ plugin, folder }) => (plugin ? ['--operators', folder] : []));
}

/** The lines of a result, plain or gzip by its name. */
export function readLines(file) {
  const bytes = readFileSync(file);
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
}

/** A copy that a run may write into. */
export function copyExample({ folder }, to) {
  cpSync(folder, to, {
    recursive: true,
    filter: (path) => basename(path) !== 'node_modules' && !basename(path).startsWith('result.'),
  });
  return to;
}

/** How many lines the input files of a graph have, by source node. */
export function sourceLines({ folder, graph }) {
  const found = {};
  for (const node of graph.nodes) {
    const path = node.operator === 'files.read' ? join(folder, node.config.path) : '';
    if (path !== '' && existsSync(path)) found[node.id] = readLines(path).length;
  }
  return found;
}

/** The first difference of two lists of lines, or undefined. `ordered` false: as multisets. */
export function difference(what, found, wanted, ordered) {
  const [a, b] = ordered ? [found, wanted] : [[...found].sort(), [...wanted].sort()];
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    if (a[i] === b[i]) continue;
    return `${what}: ${found.length} rows, ${wanted.length} expected; first difference\n      found    ${a[i] ?? '(nothing)'}\n      expected ${b[i] ?? '(nothing)'}`;
  }
  return undefined;
}
