// `npm run -s test:services -- [NAME ...] [--full] [options of vitest]`: the suites against real servers. Without a name all.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { servers } from './lib/catalogue.mjs';

const folder = dirname(fileURLToPath(import.meta.url));
const args = process.argv.slice(2);
const full = args.includes('--full');
const names = args
  .filter((arg) => !arg.startsWith('-'))
  .map((name) => servers.find((server) => server.aliases?.includes(name))?.name ?? name);
const options = args.filter((arg) => arg.startsWith('-') && arg !== '--full');

for (const name of names) {
  if (existsSync(join(folder, `${name}.service.test.ts`))) continue;
  const known = readdirSync(folder).filter((file) => file.endsWith('.service.test.ts'));
  process.stderr.write(`no suite "${name}". There are: ${known.map((file) => file.split('.')[0]).join(', ')}\n`);
  process.exit(1);
}

const vitest = join(dirname(dirname(folder)), 'node_modules/vitest/vitest.mjs');
const filters = names.map((name) => `test/services/${name}.service.test.ts`);
const { status } = spawnSync(
  process.execPath,
  [vitest, 'run', '--config', 'test/services/vitest.config.ts', ...filters, ...options],
  {
    cwd: dirname(dirname(folder)),
    stdio: 'inherit',
    env: { ...process.env, ...(full && { MILLRACE_FULL: '1' }) },
  },
);
process.exit(status ?? 1);
