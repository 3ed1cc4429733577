#!/usr/bin/env node
// The `millrace` command. It only finds the build; everything else is in apps/cli.
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
const build = new URL('apps/cli/dist/main.js', root);
const bundle = new URL('apps/cli/dist/bundle/main.js', root);

if (timeOf(build) === 0) {
  process.stderr.write('millrace is not built yet. Run this once in the project folder:\n\n  npm run setup\n\n');
  process.exitCode = 1;
} else {
  const { main } = await import((isFresh() ? bundle : build).href);
  process.exitCode = await main(process.argv.slice(2));
  // Output is written by now. Something that a plugin left open must not keep the command alive.
  setTimeout(() => process.exit(), 2000).unref();
}

/** The bundle starts faster. While somebody works with `tsc -b` it may be older than the build, which then counts. */
function isFresh() {
  const bundled = timeOf(bundle);
  if (bundled === 0) return false;
  const { references } = JSON.parse(readFileSync(new URL('tsconfig.json', root), 'utf8'));
  return references.every(({ path }) => timeOf(new URL(`${path}/dist/.tsbuildinfo`, root)) <= bundled);
}

function timeOf(url) {
  return statSync(fileURLToPath(url), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
