#!/usr/bin/env node
// The `millrace` command. It only finds the build; everything else is in apps/cli.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const build = new URL('../apps/cli/dist/main.js', import.meta.url);
if (existsSync(fileURLToPath(build))) {
  const { main } = await import(build.href);
  process.exitCode = await main(process.argv.slice(2));
} else {
  process.stderr.write('millrace is not built yet. Run this once in the project folder:\n\n  npm run setup\n\n');
  process.exitCode = 1;
}
