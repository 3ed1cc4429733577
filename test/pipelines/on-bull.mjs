// `npm run -s pipelines:bull [-- --workers 1,2,4]`: every pipeline with a known answer (test/pipelines, real data) once more on workers over Redis, with
// 1, 2 and 4 of them. Starts a Redis of its own unless REDIS_URL names one. Exit code 1 when an answer differs.
import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startServer } from '../services/lib/instance.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { workers: { type: 'string', default: '1,2,4' } },
});
const suites =
  positionals.length > 0 ? positionals : ['test/pipelines', 'test/examples/examples', 'test/examples/real-data'];

const own = process.env.REDIS_URL ? undefined : await startServer('redis');
try {
  for (const workers of values.workers.split(',')) {
    process.stdout.write(`\n${workers} ${workers === '1' ? 'worker' : 'workers'}\n`);
    const code = await new Promise((resolve) => {
      spawn('npx', ['vitest', 'run', ...suites], {
        cwd: root,
        stdio: 'inherit',
        env: { ...process.env, MILLRACE_TEST_WORKERS: workers, ...(own && { REDIS_URL: own.url }) },
      }).on('close', resolve);
    });
    if (code !== 0) process.exitCode = 1;
  }
} finally {
  await own?.stop();
}
