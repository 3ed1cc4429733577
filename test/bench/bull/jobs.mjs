// One BullMQ job per record, as a program of its own: `jobs.mjs send|receive URL COUNT KEYS`. Added 500 at a time, worked on 50 at a time.
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { pool } from './operators.mjs';

const [role, url, count, keys] = process.argv.slice(2);
process.once('disconnect', () => process.exit(1));
process.channel?.unref();
const connection = new Redis(url, { maxRetriesPerRequest: null });
const NAME = 'bench-jobs';

if (role === 'send') {
  const orders = pool(Number(keys));
  const queue = new Queue(NAME, { connection });
  const began = Date.now();
  for (let at = 0; at < Number(count); ) {
    const jobs = [];
    for (; jobs.length < 500 && at < Number(count); at++)
      jobs.push({ name: 'order', data: orders[at % orders.length], opts: { removeOnComplete: true } });
    await queue.addBulk(jobs);
  }
  process.send({ began });
  await queue.close();
} else {
  let seen = 0;
  let sum = 0;
  await new Promise((resolve) => {
    const worker = new Worker(
      NAME,
      async (job) => {
        sum += job.data.quantity;
        if (++seen === Number(count)) resolve(worker);
      },
      { connection, concurrency: 50 },
    );
  });
  process.send({ ended: Date.now(), sum });
}
connection.disconnect();
process.exit(0);
