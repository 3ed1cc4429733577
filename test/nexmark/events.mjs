// Writes the events of a run for the SQL engine: one NDJSON file per kind, in the order they come.
import { once } from 'node:events';
import { createWriteStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { events as source } from '@millrace/connector-nexmark';

const KINDS = ['persons', 'auctions', 'bids'];
const SIDE_ROWS = 10_000;

/**
 * @param {string} dir
 * @param {any} config Of `nexmark.events`.
 */
export async function writeEvents(dir, config) {
  const files = new Map(KINDS.map((kind) => [kind, createWriteStream(join(dir, `${kind}.ndjson`))]));
  const behaviour = source.create(/** @type {any} */ ({ config, wake() {} }));
  const reader = await behaviour.open('p0', null);
  for (let end = false; !end; ) {
    const batch = await reader.poll(1000);
    if (batch === null) break;
    /** @type {Map<string, string>} */
    const texts = new Map();
    for (const [i, value] of batch.values.entries()) {
      const kind = batch.ports?.[i] ?? '';
      texts.set(kind, `${texts.get(kind) ?? ''}${JSON.stringify(value)}\n`);
    }
    for (const [kind, text] of texts) {
      const file = files.get(kind);
      if (file !== undefined && !file.write(text)) await once(file, 'drain');
    }
    end = batch.end ?? false;
  }
  for (const file of files.values()) {
    file.end();
    await finished(file);
  }
  const side = Array.from({ length: SIDE_ROWS }, (_, i) => i);
  writeFileSync(join(dir, 'side_input.csv'), `key,value\n${side.map((i) => `${i},${i}\n`).join('')}`);
  writeFileSync(join(dir, 'side_input.ndjson'), side.map((i) => `{"key":${i},"value":${i}}\n`).join(''));
}
