import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../e2e/support/server.js';
import { difference, exampleNames, readExample, readLines } from './example.mjs';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.dispose());

interface Made {
  id: string;
  revision: number;
  graph: { nodes: { id: string; operator: string; config: { path?: string } }[] };
}
interface RunReport {
  id: string;
  status: string;
  error?: unknown;
}

// The plugin's operator is not loaded by a plain start; its README says how. Those that need an outside system run in its suite.
const examples = exampleNames().filter((name) => {
  const { plugin, needs } = readExample(name);
  return !plugin && needs === undefined;
});

describe.each(examples)('from the gallery, %s', (name) => {
  it('is made, published, and gives what it promises', async () => {
    const example = readExample(name);
    const made = await server.api<Made>('POST', '/api/workflows', { template: name });
    const { run } = await server.api<{ run: RunReport }>('POST', `/api/workflows/${made.id}/publish`, {
      revision: made.revision,
    });
    const status = async () => {
      const now = await server.api<RunReport>('GET', `/api/runs/${run.id}`);
      return now.error === undefined ? now.status : JSON.stringify(now.error);
    };
    if (Object.keys(example.settings).length > 0) {
      await expect.poll(status, { timeout: 30_000 }).toBe('running');
      await server.api('POST', `/api/runs/${run.id}/kill`, {});
      return;
    }
    await expect.poll(status, { timeout: 60_000, interval: 200 }).toBe('finished');
    for (const { file, rows } of example.files) {
      const node = made.graph.nodes.find(({ config }) => config.path?.endsWith(`/${file}`));
      expect(node, `a node that writes ${file}`).toBeDefined();
      const found = readLines(join(server.dir, 'data', 'files', node!.config.path!));
      expect(difference(file, found, rows, false)).toBeUndefined();
    }
  });

  it('has a folder of its own for every workflow made from it', async () => {
    const folders = async () => {
      const { graph } = await server.api<Made>('POST', '/api/workflows', { template: name });
      return graph.nodes.flatMap(({ config }) => (config.path === undefined ? [] : [config.path.split('/')[0]]));
    };
    const [one, two] = [await folders(), await folders()];
    expect(one.filter((folder) => two.includes(folder))).toEqual([]);
    for (const folder of new Set(one))
      expect(
        readdirSync(join(server.dir, 'data', 'files', folder!)).filter((file) => /expected|README/.test(file)),
      ).toEqual([]);
  });
});
