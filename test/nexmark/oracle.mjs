// The answer of an SQL engine: DuckDB over the same events, read from NDJSON.
import { join } from 'node:path';

/** True where DuckDB is installed: it comes with the development dependencies. */
export async function hasOracle() {
  return import('@duckdb/node-api').then(
    () => true,
    () => false,
  );
}

const TABLES = {
  person: {
    file: 'persons.ndjson',
    columns:
      'id BIGINT, name VARCHAR, emailAddress VARCHAR, creditCard VARCHAR, city VARCHAR, state VARCHAR, dateTime BIGINT, extra VARCHAR, seq BIGINT',
  },
  auction: {
    file: 'auctions.ndjson',
    columns:
      'id BIGINT, itemName VARCHAR, description VARCHAR, initialBid BIGINT, reserve BIGINT, dateTime BIGINT, expires BIGINT, seller BIGINT, category BIGINT, extra VARCHAR, seq BIGINT',
  },
  bid: {
    file: 'bids.ndjson',
    columns:
      'auction BIGINT, bidder BIGINT, price BIGINT, channel VARCHAR, url VARCHAR, dateTime BIGINT, extra VARCHAR, seq BIGINT',
  },
  side: { file: 'side_input.ndjson', columns: 'key BIGINT, value BIGINT' },
};

/**
 * @param {string} dir Where the events lie.
 * @param {{ columns: readonly string[], sql: string }} query
 * @returns {Promise<any[][]>}
 */
export async function answer(dir, { columns, sql }) {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    for (const [name, { file, columns: types }] of Object.entries(TABLES)) {
      const path = join(dir, file).replaceAll("'", "''");
      const list = types.replaceAll(/(\w+) (\w+)/g, "$1: '$2'");
      await connection.run(
        `CREATE VIEW ${name} AS SELECT * FROM read_json('${path}', format = 'newline_delimited', columns = {${list}})`,
      );
    }
    const wanted = columns.map((column) => `"${column}"`).join(', ');
    const reader = await connection.runAndReadAll(`SELECT ${wanted} FROM (${sql})`);
    return /** @type {any[][]} */ (reader.getRowsJson());
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
