import { afterAll, beforeAll, expect, it } from 'vitest';
import { startServer, type TestServer } from '../e2e/support/server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.dispose());

const graph = {
  schema: 1,
  name: 'Customers',
  nodes: [
    { id: 'in', operator: 'http.ingest', config: { schema: { id: 'number', email: 'personal', age: 'number' } } },
    {
      id: 'lower',
      operator: 'core.set-fields',
      config: {
        steps: [
          { do: 'set', field: 'adult', value: 'age >= 18' },
          { do: 'set', field: 'contact', value: "email + ' (mail)'" },
        ],
      },
      onError: 'dead-letter',
    },
    { id: 'table', operator: 'view.table', config: { name: 'customers', key: ['id'] } },
  ],
  edges: [
    { id: 'e1', source: 'in', target: 'lower' },
    { id: 'e2', source: 'lower', target: 'table' },
  ],
};

it('is seen by editors and hidden from viewers: in samples, tables and dead letters', async () => {
  const made = await server.api<{ id: string; revision: number }>('POST', '/api/workflows', { graph });
  const { run } = await server.api<{ run: { id: string } }>('POST', `/api/workflows/${made.id}/publish`, {
    revision: made.revision,
  });
  const as = async (role: string) => {
    const { token } = await server.api<{ token: string }>('POST', '/api/tokens', { name: role, role });
    return async (path: string) => {
      const answer = await fetch(server.url + path, { headers: { authorization: `Bearer ${token}` } });
      expect(answer.status, `${role} ${path}`).toBe(200);
      return answer.text();
    };
  };
  const [viewer, editor] = [await as('viewer'), await as('editor')];
  const people = [
    { id: 1, email: 'ada@example.com', age: 36 },
    { id: 2, email: 'lin@example.com', age: 'ada@example.com lin@example.com' },
  ];
  await server.api('POST', `/ingest/${made.id}/in`, people);
  const letters = `/api/runs/${run.id}/dead-letters`;
  await expect.poll(async () => JSON.parse(await editor(letters)).letters.length, { timeout: 20_000 }).toBe(1);
  await expect.poll(async () => JSON.parse(await editor('/api/views/customers')).total, { timeout: 20_000 }).toBe(1);

  for (const path of [letters, '/api/views/customers', `/api/runs/${run.id}/edges/e1/sample`]) {
    expect(await editor(path), `an editor reads ${path}`).toMatch(/(ada|lin)@example\.com/);
    const hidden = JSON.parse(await viewer(path));
    const records = hidden.letters ?? hidden.rows ?? hidden.records;
    expect(records.length).toBeGreaterThan(0);
    for (const record of records) expect((record.value ?? record).email).toBe('•••');
    // What a node makes of a personal field is personal too.
    if (path.includes('views')) expect(records[0].contact).toBe('•••');
    expect(JSON.stringify(records.map((record: { value?: object }) => ({ ...record, value: null })))).not.toMatch(
      /lin@example\.com/,
    );
  }
});
