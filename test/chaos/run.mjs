// `npm run -s chaos -- stock --seed 1 --seconds 60 [--full]`: a run on three workers, one of which is killed at random every 0 to 6
// seconds. Prints one JSON line. Starts a Redis of its own unless REDIS_URL names one. Exit code 1 when anything is not as it must be.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startServer } from '../services/lib/instance.mjs';
import { Fleet } from './fleet.mjs';
import { quantile, startOn, takeover } from './session.mjs';
import { answersIn, judge, orderLines, randomOf, stockGraph } from './stock.mjs';

const RATE = 500;
const WORKERS = 3;
const LONGEST_PAUSE = 6000;
const FULL_SEEDS = [1, 2, 3, 4, 5];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '60' },
    full: { type: 'boolean', default: false },
  },
});
if (positionals[0] !== 'stock' || positionals.length > 1) {
  process.stderr.write('usage: npm run -s chaos -- stock [--seed N] [--seconds N] [--full]\n');
  process.exit(2);
}
const seconds = Number(values.seconds);
const seeds = values.full ? FULL_SEEDS : [Number(values.seed)];

const own = process.env.REDIS_URL ? undefined : await startServer('redis');
let bad = false;
try {
  for (const seed of seeds) bad = (await chaos(seed)) || bad;
} catch (error) {
  bad = true;
  process.stderr.write(`chaos: ${error.stack}\n`);
} finally {
  await own?.stop();
}
process.exit(bad ? 1 : 0);

/** True: something is not as it must be. */
async function chaos(seed) {
  const random = randomOf(seed * 7919);
  const folder = mkdtempSync(join(tmpdir(), 'millrace-chaos-'));
  const run = `chaos-${process.pid}-${seed}`;
  const fleet = new Fleet({ url: own?.url ?? process.env.REDIS_URL });
  let session;
  try {
    const log = orderLines({ seed, count: RATE * seconds });
    const lines = log.length;
    writeFileSync(join(folder, 'orders.ndjson'), log.join(''));
    await fleet.add(WORKERS);
    session = await startOn(fleet, { run, folder, graph: stockGraph({ input: 'orders.ndjson', rate: RATE }) });
    const faults = await disturb({ fleet, session, run, folder, lines, random });
    const report = await Promise.race([
      session.handle.done,
      pause(120_000 + seconds * 2000, undefined, { ref: false }),
    ]);
    const now = report ?? session.handle.report();
    const events = await session.handle.events();
    const ledger = await session.handle.view('ledger');
    const verdict = judge(folder, 'orders.ndjson', ledger);
    const takeovers = faults.map((fault) => ({ ...fault, ...takeover(events, fault) }));
    const times = takeovers.filter(({ all }) => all).map(({ ms }) => ms);
    const line = {
      kills: faults.length,
      lost: verdict.lost,
      twice: verdict.twice,
      wrongKeys: verdict.wrongKeys,
      negativeSkus: verdict.negativeSkus,
      takeoverMs: spread(times),
      noticedMs: spread(takeovers.map(({ noticed }) => noticed)),
      takenMs: spread(takeovers.map(({ taken }) => taken)),
      seed,
      seconds,
      durationMs: now.durationMs,
      status: now.status,
      orders: verdict.orders,
      refusedShare: verdict.refusedShare,
      strange: verdict.strange,
      restarts: now.restarts,
      fenced: session.handle.fenced,
      // Workers that held only tasks without steady input, or were killed near the end.
      unclaimed: takeovers.filter(({ all }) => !all).length,
    };
    process.stdout.write(`${JSON.stringify(line)}\n`);
    const wrong = line.lost + line.twice + line.wrongKeys + line.negativeSkus + line.strange > 0;
    const failed = wrong || line.status !== 'finished' || line.kills === 0 || times.length === 0;
    if (failed) process.stderr.write(`${diagnosis(fleet, now, takeovers)}\n`);
    return failed;
  } finally {
    session?.close();
    await fleet.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Kills one worker after the other while orders come in; each gets a successor. Answers the kills that hit a worker with tasks of the live run. */
async function disturb({ fleet, session, run, folder, lines, random }) {
  const faults = [];
  const successors = [];
  let seen = 0;
  await moved(() => answersIn(folder) > 0, session);
  for (;;) {
    await pause(random() * LONGEST_PAUSE);
    // Answers since the last fault: the run was alive, and it is not over.
    await moved(() => answersIn(folder) > seen, session);
    seen = answersIn(folder);
    if (seen >= lines * 0.97 || ended(session)) break;
    await fleet.name();
    const placed = await fleet.placement(run);
    const busy = fleet.alive.filter(({ id }) => placed.has(id));
    const victim = busy[Math.floor(random() * busy.length)];
    if (!victim) continue;
    const fault = { at: Date.now(), tasks: placed.get(victim.id) };
    await victim.kill();
    faults.push(fault);
    // Its successor starts while the run goes on.
    successors.push(fleet.add(1));
  }
  await Promise.all(successors);
  return faults;
}

async function moved(condition, session) {
  const until = Date.now() + 60_000;
  while (!condition() && !ended(session)) {
    if (Date.now() > until) throw new Error(`nothing moved for 60 s: ${JSON.stringify(session.handle.report())}`);
    await pause(50);
  }
}

function spread(ms) {
  return { p50: quantile(ms, 0.5), max: ms.length > 0 ? Math.max(...ms) : null };
}

function ended(session) {
  return ['finished', 'failed', 'killed', 'paused'].includes(session.handle.report().status);
}

function diagnosis(fleet, report, takeovers) {
  const workers = fleet.workers.map(
    (worker) => `worker ${worker.pid} ${JSON.stringify(worker.result)}\n${worker.stderr.slice(-1500)}`,
  );
  return [JSON.stringify(report), JSON.stringify(takeovers), ...workers].join('\n');
}
