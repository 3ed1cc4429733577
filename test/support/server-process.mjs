// A Millrace server in a process of its own, for tests that kill it. Settings come by environment. Prints one line of JSON: its address and
// an API token with all rights.
import { startServer } from '@millrace/server';
import { loadCatalogue } from './server-catalogue.mjs';

const server = await startServer({
  loadCatalogue,
  catalogue: { module: new URL('./server-catalogue.mjs', import.meta.url).href, plugins: [] },
  print: () => undefined,
  examplesDir: '/nonexistent',
});
const { token } = await server.services.credentials.createApiToken({ name: 'test', role: 'admin' });
process.stdout.write(`${JSON.stringify({ url: server.url, token })}\n`);
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => void server.close().then(() => process.exit(0)));
