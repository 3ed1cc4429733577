// A Millrace server in a process of its own, for tests that kill it. Settings come by environment; MILLRACE_TEST_CATALOGUE names another
// catalogue module. Prints one line of JSON: its address and an API token with all rights.
import { startServer } from '@millrace/server';

const module = process.env.MILLRACE_TEST_CATALOGUE ?? import.meta.resolve('@millrace/cli/catalogue');
const { loadCatalogue } = await import(module);
const server = await startServer({
  loadCatalogue,
  catalogue: { module, plugins: [] },
  print: () => undefined,
  examplesDir: '/nonexistent',
});
const { token } = await server.services.credentials.createApiToken({ name: 'test', role: 'admin' });
process.stdout.write(`${JSON.stringify({ url: server.url, token })}\n`);
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => void server.close().then(() => process.exit(0)));
