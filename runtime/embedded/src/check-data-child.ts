import { decodeBlob } from '@millrace/engine';
import { openEnvironment } from './environment.js';
import { partsOf } from './keys.js';
import { unseal } from './seal.js';

/** Walks every row of an environment: order of keys, checksums, blobs, number of rows. Exit code 0 = sound. */
const environment = openEnvironment(process.argv[2]!, { readOnly: true });
let count = 0;
let previous: Buffer | undefined;
for (const { key, value } of environment.getRange({})) {
  if (previous && Buffer.compare(previous, key) >= 0) throw new Error('its rows are out of order');
  previous = Buffer.from(key);
  const row = unseal(key, value);
  const [letter] = partsOf(key);
  if (letter === 'x') decodeBlob(row.subarray(4), 'an exchange entry');
  else if (letter !== 'q' && letter !== 't') decodeBlob(row, 'a stored value');
  count++;
}
const { entryCount } = environment.getStats() as { entryCount: number };
if (entryCount !== count) throw new Error(`${entryCount} rows should be there, ${count} were found`);
process.exit(0);
