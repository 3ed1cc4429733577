import { once } from 'node:events';
import { createConnection } from 'mysql2/promise';
import { less, stopwatch } from '../connectors.mjs';

export const service = 'mariadb';

const COLUMNS =
  'id varchar(40) PRIMARY KEY, customer varchar(40), status varchar(20), total decimal(12,2), currency varchar(3), created_at timestamp(3) NULL, `lines` json';

/** Against mysql2: 1,000 rows a statement, each committed; pages of 5,000 rows by key. */
export async function cases(url, bench) {
  const client = await createConnection({ uri: url, charset: 'utf8mb4' });
  // The server goes before this connection does.
  client.on('error', () => undefined);
  let tables = 0;
  const newTable = async () => {
    const table = `bench_${Date.now()}_${++tables}`;
    await client.query(`CREATE TABLE ${table} (${COLUMNS}) CHARACTER SET utf8mb4`);
    return table;
  };
  const fromFile = (path) => ({ operator: 'files.read', config: { path } });
  const to = (table) => ({ operator: 'mysql.write', config: { connection: url, table } });
  const from = (table) => ({ operator: 'mysql.read', config: { connection: url, table, key: ['id'], follow: false } });
  const into = () => ({ operator: 'files.write', config: { path: `ours-${++tables}.ndjson` } });
  const filled = await newTable();
  const empty = await newTable();
  await bench.graph(fromFile(bench.file), to(filled));
  await bench.graph(fromFile(bench.one), to(empty));

  const send = async () => {
    const table = await newTable();
    return bench.sendLines((lines) => {
      const rows = lines.map((line) => {
        const { id, customer, status, total, currency, createdAt, lines: parts } = JSON.parse(line);
        return [id, customer, status, total, currency, new Date(createdAt), JSON.stringify(parts)];
      });
      return client.query(`INSERT INTO ${table} VALUES ?`, [rows]);
    });
  };
  const read = async () => {
    const out = bench.openResult();
    const since = stopwatch();
    for (let last = ''; ; ) {
      const [rows] = await client.query(`SELECT * FROM ${filled} WHERE id > ? ORDER BY id LIMIT 5000`, [last]);
      if (rows.length === 0) break;
      for (const row of rows) if (!out.write(`${JSON.stringify(row)}\n`)) await once(out, 'drain');
      last = rows.at(-1).id;
    }
    out.end();
    await once(out, 'finish');
    return since();
  };
  return [
    {
      name: 'sink, insert',
      ours: async () =>
        less(
          await bench.graph(fromFile(bench.file), to(await newTable())),
          await bench.graph(fromFile(bench.one), to(await newTable())),
        ),
      bare: send,
    },
    {
      name: 'source',
      ours: async () => less(await bench.graph(from(filled), into()), await bench.graph(from(empty), into())),
      bare: read,
    },
  ];
}
