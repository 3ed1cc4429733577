// The same hop without a commit, as a program of its own: `raw.mjs send|receive URL COUNT KEYS`. The engine's records, batches and codec;
// the sender keeps 8 batches on their way and rests while 100 wait, the receiver trims what it has read.
import { decodeBatch, encodeBatch } from '@millrace/engine';
import { Redis } from 'ioredis';
import { pool } from './operators.mjs';

const [role, url, count, keys] = process.argv.slice(2);
process.once('disconnect', () => process.exit(1));
process.channel?.unref();
const BATCH = 1000;
const STREAM = 'bench:raw';
const redis = new Redis(url);

if (role === 'send') {
  const orders = pool(Number(keys));
  const total = Number(count);
  const flying = [];
  const began = Date.now();
  for (let at = 0; at < total; ) {
    const records = [];
    const names = [];
    for (; records.length < BATCH && at < total; at++) {
      const value = orders[at % orders.length];
      records.push({ value, time: began, key: undefined, born: began, op: 'insert' });
      names.push(value.user);
    }
    const payload = Buffer.from(encodeBatch({ records, marks: [] }, names));
    flying.push(redis.xadd(STREAM, '*', String(records.length), payload));
    if (flying.length >= 8) await flying.shift();
    while ((at / BATCH) % 16 === 0 && (await redis.xlen(STREAM)) > 100)
      await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(flying);
  process.send({ began });
} else {
  const total = Number(count);
  let last = '0';
  let seen = 0;
  let sum = 0;
  const trims = new Redis(url);
  while (seen < total) {
    const reply = await redis.xreadBuffer('COUNT', 64, 'BLOCK', 1000, 'STREAMS', STREAM, last);
    if (reply === null) continue;
    for (const [id, [, payload]] of reply[0][1]) {
      const { records } = decodeBatch(payload);
      for (let i = 0; i < records.length; i++) sum += records[i].value.quantity;
      seen += records.length;
      last = id.toString();
    }
    void trims.xtrim(STREAM, 'MINID', last);
  }
  process.send({ ended: Date.now(), sum });
  trims.disconnect();
}
redis.disconnect();
