// Writes docs/operators from the catalogue: a page per operator and an index. `--check` writes nothing and fails when a page is
// not what it would write, so that the pages cannot fall behind the code.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadCatalogue } from '../apps/cli/dist/catalogue.js';
import { indexPage, operatorPage } from './docs/operator-page.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, 'docs', 'operators');

const operators = [...(await loadCatalogue()).list()].sort((a, b) => (a.type < b.type ? -1 : 1));
const wanted = new Map(operators.map((spec) => [`${spec.type}.md`, operatorPage(spec)]));
wanted.set('README.md', indexPage(operators));

mkdirSync(folder, { recursive: true });
const present = new Map(readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
const stale = [...wanted].filter(([file, text]) => present.get(file) !== text).map(([file]) => file);
const orphaned = [...present.keys()].filter((file) => !wanted.has(file));

if (process.argv.includes('--check')) {
  for (const file of stale)
    process.stderr.write(`docs/operators/${file} is ${present.has(file) ? 'stale' : 'missing'}\n`);
  for (const file of orphaned) process.stderr.write(`docs/operators/${file} belongs to no operator\n`);
  if (stale.length + orphaned.length > 0) {
    process.stderr.write('Run "npm run docs" and keep the result.\n');
    process.exitCode = 1;
  }
} else {
  for (const file of stale) writeFileSync(join(folder, file), wanted.get(file));
  for (const file of orphaned) rmSync(join(folder, file));
  process.stdout.write(`docs/operators: ${wanted.size} pages, ${stale.length} written, ${orphaned.length} removed\n`);
}
