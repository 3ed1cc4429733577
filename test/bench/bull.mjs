// `npm run -s bench -- bull`: one hop over a keyed exchange with two workers (each a process with one task of the sending and one of the
// receiving stage), in turn with the same hop on bare Redis Streams (same records, batches of 1000 and codec; no commit, no state, no
// keys told apart, one sender and one receiver process) and with one BullMQ job per record. Then latency at a steady pace. All on one
// Redis with an append-only file (REDIS_URL, or one of its own). Expected on 2 cores: 150,000 records/s, 0.25 of the bare
// hop; p50 / p99 under 5 / 30 ms at 1,000 records/s. Timings of a machine that does other work at the same time say little.
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { ControlClient, dropBullRun, startBullRun } from '@millrace/bull';
import { planGraph } from '@millrace/planner';
import { Redis } from 'ioredis';
import { startServer } from '../services/lib/instance.mjs';
import { catalogue } from './bull/operators.mjs';
import { median } from './measure.mjs';

export const options = {
  records: { type: 'string', default: '3000000' },
  jobs: { type: 'string', default: '20000' },
  keys: { type: 'string', default: '1000' },
  rounds: { type: 'string', default: '3' },
  rate: { type: 'string', default: '1000' },
  seconds: { type: 'string', default: '10' },
  parallelism: { type: 'string', default: '2' },
  workers: { type: 'string', default: '2' },
  /** With --strict the expectations are a gate: exit code 1 below them. */
  strict: { type: 'boolean', default: false },
};

const EXPECTED = { recordsPerSecond: 150_000, ofRaw: 0.25, p50: 5, p99: 30 };
/** ms after which a run is given up. */
const LIMIT = 180_000;
/** ms at the start of the paced run that do not count. */
const WARM_UP = 5_000;
const here = import.meta.dirname;

export async function run(given) {
  const settings = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, typeof value === 'string' ? Number(value) : value]),
  );
  const own = process.env.REDIS_URL ? undefined : await startServer('redis');
  const url = process.env.REDIS_URL ?? own.url;
  const instance = `bench-${process.pid}`;
  const workers = [];
  try {
    for (let i = 0; i < settings.workers; i++) workers.push(await startWorker(url, instance));
    const client = new ControlClient({ target: { url, instance }, name: 'bench', key: undefined });
    const hops = [];
    const raws = [];
    for (let round = 0; round < settings.rounds; round++) {
      const hop = await measureRun(client, { ...settings, count: settings.records });
      const raw = await measurePair('raw.mjs', url, settings.records, settings.keys);
      hops.push(hop.recordsPerSecond);
      raws.push(raw);
      print(`round ${round + 1}`, { millrace: Math.round(hop.recordsPerSecond), rawStreams: Math.round(raw) });
    }
    const jobs = await measurePair('jobs.mjs', url, settings.jobs, settings.keys);
    const paced = await measureRun(client, {
      ...settings,
      count: settings.rate * (settings.seconds + WARM_UP / 1000),
      paced: true,
    });
    client.close();
    const result = {
      recordsPerSecond: Math.round(median(hops)),
      rawStreams: Math.round(median(raws)),
      ofRaw: round2(median(hops.map((hop, i) => hop / raws[i]))),
      jobPerRecord: Math.round(jobs),
      latencyMs: { rate: settings.rate, p50: round2(paced.p50), p99: round2(paced.p99) },
    };
    process.stdout.write(`bull  ${JSON.stringify(result)}\n`);
    const short = [
      result.recordsPerSecond < EXPECTED.recordsPerSecond && `under ${EXPECTED.recordsPerSecond} records/s`,
      result.ofRaw < EXPECTED.ofRaw && `under ${EXPECTED.ofRaw} of bare streams`,
      result.latencyMs.p50 > EXPECTED.p50 && `p50 over ${EXPECTED.p50} ms`,
      result.latencyMs.p99 > EXPECTED.p99 && `p99 over ${EXPECTED.p99} ms`,
    ].filter(Boolean);
    if (short.length > 0) process.stdout.write(`bull  below what was expected: ${short.join(', ')}\n`);
    return short.length > 0 && settings.strict ? 1 : 0;
  } finally {
    for (const worker of workers) worker.kill('SIGTERM');
    await Promise.all(workers.map((worker) => new Promise((resolve) => worker.once('exit', resolve))));
    await own?.stop();
  }
}

async function measureRun(client, { count, keys, parallelism, rate, paced }) {
  const node = (id, operator, config) => ({ id, operator, version: 1, config, parallelism });
  const document = {
    schema: 1,
    name: 'bench',
    settings: {},
    nodes: [
      node('orders', 'bench.source', { count, keys, partitions: parallelism, ...(paced && { rate }) }),
      node('count', 'bench.count', paced ? { warmUp: WARM_UP } : {}),
    ],
    edges: [{ id: 'hop', source: 'orders', sourceHandle: 'out', target: 'count', targetHandle: 'in' }],
  };
  const plan = planGraph({ document, order: ['orders', 'count'], outputs: new Map() }, catalogue, {});
  const name = `bench-${randomUUID()}`;
  const lines = [];
  const handle = await startBullRun(client, { run: name, plan, baseDir: here, print: (line) => lines.push(line) });
  const late = setTimeout(() => void handle.kill(), LIMIT);
  const report = await handle.done;
  clearTimeout(late);
  handle.detach();
  if (report.status !== 'finished') throw new Error(`the run has ${report.status}: ${JSON.stringify(report.error)}`);
  const parts = lines.map((line) => JSON.parse(line));
  await dropBullRun(client, name);
  const records = parts.reduce((sum, part) => sum + part.records, 0);
  if (records !== Math.floor(count / parallelism) * parallelism) throw new Error(`${records} of ${count} arrived`);
  const first = Math.min(...parts.map((part) => part.first));
  const last = Math.max(...parts.map((part) => part.last));
  const busy = parts.filter((part) => part.records > 0);
  return {
    recordsPerSecond: (records * 1000) / (last - first),
    p50: median(busy.map(({ p50 }) => p50)),
    p99: Math.max(...busy.map(({ p99 }) => p99)),
  };
}

/** Records/s of a sending and a receiving program. */
async function measurePair(file, url, count, keys) {
  const redis = new Redis(url);
  await redis.unlink('bench:raw');
  redis.disconnect();
  const program = (role) => fork(join(here, 'bull', file), [role, url, String(count), String(keys)]);
  const receiver = program('receive');
  const sender = program('send');
  const [{ began }, { ended }] = await Promise.all([sender, receiver].map(answerOf));
  return (count * 1000) / (ended - began);
}

function answerOf(child) {
  return new Promise((resolve, reject) => {
    let answer;
    child.once('message', (message) => {
      answer = message;
    });
    child.once('exit', (code) => (answer ? resolve(answer) : reject(new Error(`a program ended with ${code}`))));
  });
}

async function startWorker(url, instance) {
  const child = fork(join(here, 'bull', 'worker.mjs'), [url, instance, '16']);
  await new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`a worker ended with ${code}`)));
  });
  return child;
}

const round2 = (value) => Math.round(value * 100) / 100;
const print = (label, values) => process.stdout.write(`bull  ${label.padEnd(9)} ${JSON.stringify(values)}\n`);
