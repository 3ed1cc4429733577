import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../e2e/support/server.js';
import { difference, examplePlugins, galleryExamples, readLines } from './example.mjs';

let server: TestServer;
beforeAll(async () => {
  server = await startServer(examplePlugins());
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

// Those that need an outside system are run by its suite.
describe.each(galleryExamples())('from the gallery, $name', (example) => {
  const { name } = example;

  it('is made, published, and gives what it promises', async () => {
    let made = await server.api<Made>('POST', '/api/workflows', { template: name });
    if (Object.keys(example.settings).length > 0) {
      // A simulated shop goes on for ever; these settings make it end.
      const { graph, revision } = made;
      for (const [setting, value] of Object.entries(example.settings)) {
        const [id, field] = setting.split('.') as [string, string];
        Object.assign(graph.nodes.find((node) => node.id === id)!.config, { [field]: value });
      }
      const draft = await server.api<{ revision: number }>('PUT', `/api/workflows/${made.id}`, { graph, revision });
      made = { ...made, ...draft, graph };
    }
    const { run } = await server.api<{ run: RunReport }>('POST', `/api/workflows/${made.id}/publish`, {
      revision: made.revision,
    });
    const status = async () => {
      const now = await server.api<RunReport>('GET', `/api/runs/${run.id}`);
      return now.error === undefined ? now.status : JSON.stringify(now.error);
    };
    await expect.poll(status, { timeout: 60_000, interval: 200 }).toBe('finished');
    for (const { file, rows } of example.files) {
      const node = made.graph.nodes.find(({ config }) => config.path?.endsWith(`/${file}`));
      expect(node, `a node that writes ${file}`).toBeDefined();
      const found = readLines(join(server.dir, 'data', 'files', node!.config.path!));
      expect(difference(file, found, rows, false)).toBeUndefined();
    }
    for (const { node, rows } of example.views) {
      // By workflow and node: the demo of a new server uses the same names.
      const path = `/api/views/${made.id}.${node}?limit=1000`;
      const { rows: found } = await server.api<{ rows: object[] }>('GET', path);
      const plain = (row: object) => JSON.stringify(Object.fromEntries(Object.entries(row).sort()));
      const wanted = rows.map((line) => plain(JSON.parse(line)));
      expect(difference(`view ${node}`, found.map(plain), wanted, false)).toBeUndefined();
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
