// A Millrace server in a process of its own, for tests that kill it. Settings come by environment. Prints one line of JSON: its address and
// an API token with all rights. With TEST_REDIS_URL and TEST_INSTANCE its runs live in Redis, and TEST_SLOTS starts a worker beside it.
import { startServer } from '@millrace/server';
import { startWorker } from '@millrace/worker';
import { loadCatalogue } from './server-catalogue.mjs';

const { TEST_REDIS_URL: url, TEST_INSTANCE: instance = '', TEST_SLOTS: slots } = process.env;
const redis = url === undefined ? undefined : { url, instance };
const catalogue = { module: new URL('./server-catalogue.mjs', import.meta.url).href, plugins: [] };
const server = await startServer({
  loadCatalogue,
  catalogue,
  ...(redis && { redis }),
  print: () => undefined,
  examplesDir: '/nonexistent',
});
const { token } = await server.services.credentials.createApiToken({ name: 'test', role: 'admin' });
const worker =
  redis && slots !== undefined
    ? await startWorker({ redis, catalogue, slots: Number(slots), keyFile: server.services.layout.secretKey })
    : undefined;
process.stdout.write(`${JSON.stringify({ url: server.url, token })}\n`);
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, () => {
    void server
      .close()
      .then(() => worker?.close())
      .then(() => process.exit(0));
  });
}
