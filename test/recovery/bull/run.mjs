// `npm run -s test:recovery -- [FILE ...] [--full] [options of vitest]`: workers, Redis and the network fail under distributed runs. `--full`: the bounds
// that are promised, on a machine that does nothing else, and ten minutes of soak.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
const args = process.argv.slice(2);
const { status } = spawnSync(
  process.execPath,
  [
    join(root, 'node_modules/vitest/vitest.mjs'),
    ...['run', '--config', 'test/recovery/bull/vitest.config.ts'],
    ...args.filter((arg) => arg !== '--full'),
  ],
  { cwd: root, stdio: 'inherit', env: { ...process.env, ...(args.includes('--full') && { MILLRACE_FULL: '1' }) } },
);
process.exit(status ?? 1);
