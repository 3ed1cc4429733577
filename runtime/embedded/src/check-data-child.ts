import { decodeBlob } from '@millrace/engine';
import { partsOf, unseal } from '@millrace/engine/savepoint';
import { openEnvironmentAt } from './environment.js';

/**
 * Walks every row of one environment (order of keys, checksums, blobs, number of rows) and writes it into a new one. The new one is
 * what the run goes on with: a damaged free list shows only when pages are reused, and the copy has none of the old one's.
 * Exit code 0 = sound.
 */
const [from, to] = process.argv.slice(2) as [string, string];
const source = openEnvironmentAt(from, { readOnly: true });
const copy = openEnvironmentAt(to, {});
const ROWS_A_TRANSACTION = 20_000;

const rows = source.getRange({})[Symbol.iterator]();
let count = 0;
let previous: Buffer | undefined;
for (let more = true; more; ) {
  copy.transactionSync(() => {
    for (let i = 0; i < ROWS_A_TRANSACTION; i++) {
      const next = rows.next();
      if (next.done) {
        more = false;
        return;
      }
      const { key, value } = next.value;
      if (previous && Buffer.compare(previous, key) >= 0) throw new Error('its rows are out of order');
      previous = Buffer.from(key);
      const row = unseal(key, value);
      const [letter] = partsOf(key);
      if (letter === 'x') decodeBlob(row.subarray(4), 'an exchange entry');
      else if (letter !== 'q' && letter !== 't' && letter !== 'p') decodeBlob(row, 'a stored value');
      copy.putSync(previous, value);
      count++;
    }
  });
}
const { entryCount } = source.getStats() as { entryCount: number };
if (entryCount !== count) throw new Error(`${entryCount} rows should be there, ${count} were found`);
await copy.close();
process.exit(0);
