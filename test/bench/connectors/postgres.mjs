import { once } from 'node:events';
import pg from 'pg';
import { less, stopwatch } from '../connectors.mjs';

export const service = 'postgres';

const TYPES = {
  id: 'text',
  customer: 'text',
  status: 'text',
  total: 'numeric',
  currency: 'text',
  created_at: 'timestamptz',
  lines: 'jsonb',
};
const COLUMNS = Object.entries(TYPES)
  .map(([name, type]) => `${name} ${type}`)
  .join(', ');

/** Against node-postgres: 1,000 rows a statement through unnest, each committed; pages of 5,000 rows by key. */
export async function cases(url, bench) {
  const client = new pg.Client(url);
  await client.connect();
  // The server goes before this connection does.
  client.on('error', () => undefined);
  let tables = 0;
  const newTable = async () => {
    const table = `bench_${Date.now()}_${++tables}`;
    await client.query(`CREATE TABLE ${table} (${COLUMNS}, PRIMARY KEY (id))`);
    return table;
  };
  const fromFile = (path) => ({ operator: 'files.read', config: { path } });
  const to = (table, more) => ({ operator: 'postgres.write', config: { connection: url, table, ...more } });
  const from = (table) => ({
    operator: 'postgres.read',
    config: { connection: url, table, key: ['id'], follow: false },
  });
  const into = () => ({ operator: 'files.write', config: { path: `ours-${++tables}.ndjson` } });
  const filled = await newTable();
  const empty = await newTable();
  await bench.graph(fromFile(bench.file), to(filled));
  await bench.graph(fromFile(bench.one), to(empty));
  await client.query(`ANALYZE ${filled}`);

  const send = (conflict) => async () => {
    const table = await newTable();
    const text =
      `INSERT INTO ${table} SELECT * FROM unnest(${Object.values(TYPES).map((type, i) => `$${i + 1}::${type}[]`)})` +
      conflict;
    return bench.sendLines((lines) => {
      const rows = lines.map((line) => JSON.parse(line));
      const values = Object.keys(TYPES).map((name) =>
        rows.map((row) => (name === 'created_at' ? row.createdAt : row[name])),
      );
      values[6] = values[6].map((part) => JSON.stringify(part));
      return client.query({ name: table, text, values });
    });
  };
  const read = async () => {
    const out = bench.openResult();
    const since = stopwatch();
    for (let last = ''; ; ) {
      const { rows } = await client.query({
        name: 'page',
        text: `SELECT * FROM ${filled} WHERE id > $1 ORDER BY id LIMIT 5000`,
        values: [last],
      });
      if (rows.length === 0) break;
      for (const row of rows) if (!out.write(`${JSON.stringify(row)}\n`)) await once(out, 'drain');
      last = rows.at(-1).id;
    }
    out.end();
    await once(out, 'finish');
    return since();
  };
  const sink = async (more) =>
    less(
      await bench.graph(fromFile(bench.file), to(await newTable(), more)),
      await bench.graph(fromFile(bench.one), to(await newTable(), more)),
    );
  const upsert = ` ON CONFLICT (id) DO UPDATE SET ${Object.keys(TYPES)
    .slice(1)
    .map((name) => `${name} = EXCLUDED.${name}`)}`;
  return [
    { name: 'sink, insert', ours: () => sink({}), bare: send('') },
    { name: 'sink, upsert', ours: () => sink({ mode: 'upsert', key: ['id'] }), bare: send(upsert) },
    {
      name: 'source',
      ours: async () => less(await bench.graph(from(filled), into()), await bench.graph(from(empty), into())),
      bare: read,
    },
  ];
}
