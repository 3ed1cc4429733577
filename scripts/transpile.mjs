// Writes src/**/*.ts of the packages in tsconfig.json as JavaScript into their dist: what `tsc -b` emits, without checking types,
// so that a setup takes seconds. `npm run typecheck` checks them. A file is written when its source, or what lies in dist, is not
// what it was the last time.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cacheFile = join(root, 'node_modules', '.millrace', 'transpile.json');

const compilerOptions = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  sourceMap: true,
};
const salt = JSON.stringify([ts.version, compilerOptions]);

const before = readCache();
const after = {};
const problems = [];

for (const { path } of JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')).references) {
  for (const source of sourcesOf(join(root, path, 'src'))) {
    const output = join(root, path, 'dist', relative(join(root, path, 'src'), source)).replace(/\.ts$/, '.js');
    write(relative(root, source), output);
  }
}

if (problems.length > 0) {
  process.stderr.write(
    ts.formatDiagnostics(problems, {
      getCanonicalFileName: (name) => name,
      getCurrentDirectory: () => root,
      getNewLine: () => '\n',
    }),
  );
  process.exitCode = 1;
} else {
  mkdirSync(dirname(cacheFile), { recursive: true });
  writeFileSync(cacheFile, JSON.stringify(after));
}

function write(source, output) {
  const text = readFileSync(join(root, source), 'utf8');
  const hash = createHash('sha256').update(salt).update(text).digest('base64');
  const known = before[source];
  if (known?.hash !== hash || known.output !== stateOf(output)) {
    const result = ts.transpileModule(text, { compilerOptions, fileName: join(root, source), reportDiagnostics: true });
    problems.push(...result.diagnostics);
    mkdirSync(dirname(output), { recursive: true });
    writeFileSync(output, result.outputText);
    const map = {
      ...JSON.parse(result.sourceMapText),
      sources: [relative(dirname(output), join(root, source)).replaceAll('\\', '/')],
    };
    writeFileSync(`${output}.map`, JSON.stringify(map));
  }
  after[source] = { hash, output: stateOf(output) };
}

function sourcesOf(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /(?<!\.test|\.d)\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

function stateOf(file) {
  const found = statSync(file, { throwIfNoEntry: false });
  return found && `${found.size}:${found.mtimeMs}`;
}

function readCache() {
  try {
    return JSON.parse(readFileSync(cacheFile, 'utf8'));
  } catch {
    return {};
  }
}
