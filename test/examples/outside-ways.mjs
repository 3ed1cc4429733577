// The three ways of an example that works with outside systems. Its graph follows them for ever; `send.graph.json` feeds it.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { call, command, failed, inFolder, pause, starter } from './commands.mjs';
import { copyExample, difference, readLines } from './example.mjs';
import { OUTSIDE } from './outside.mjs';

/** Lines a second of a sample that is fed while the run is disturbed: two or three seconds for each of them. */
const SLOW = 3;
const KILLS = 3;
/** ms after the last row in which a second copy would show itself. */
const QUIET = 1000;
const PATIENCE = 60_000;

/** Runs `work` with a place of its own in the outside systems, or says why not. */
async function inPlace(example, work) {
  const outside = OUTSIDE[example.name];
  if (outside === undefined) return `skipped: needs ${example.needs}; test/recovery runs it with servers of its own`;
  const missing = outside.needs.filter((name) => !process.env[name]);
  if (missing.length > 0) return `skipped: needs ${example.needs}: ${missing.join(' and ')}`;
  return inFolder(async (folder) => {
    copyExample(example, folder);
    const wanted = outside.wanted.flatMap((file) => readLines(join(folder, file)));
    const place = await outside.open(folder);
    try {
      const compare = async () => difference('rows', await place.rows(), wanted, false);
      return await work({ folder, place, compare });
    } finally {
      await place.close();
    }
  });
}

/** Feeds the sample, and gives what went wrong. */
async function feed(folder, place, rate) {
  const sample = { settings: place.feedSettings };
  const args = call(sample, folder, rate === undefined ? {} : { 'file.rate': rate }, 'send.graph.json', '.sent');
  return failed(await command(args, undefined, { env: place.env }));
}

/** Waits until all rows are there, and none is there twice a moment later. */
async function settled(compare, stop) {
  const end = Date.now() + PATIENCE;
  while (!stop.ended && Date.now() < end && (await compare()) !== undefined) await pause(100);
  await pause(QUIET);
}

/** The graph in a process of its own until all rows are there; a signal then ends it, as Ctrl-C would. */
async function untilSettled(example, { folder, place, compare }) {
  const stop = { ended: false };
  const args = call({ ...example, settings: place.settings }, folder);
  const running = command(args, settled(compare, stop), { env: place.env, signal: 'SIGTERM' });
  const { code, signal, stdout, stderr } = await running.finally(() => {
    stop.ended = true;
  });
  const wrong = await compare();
  if (wrong !== undefined)
    return `${wrong}\n      ${`${stdout}\n${stderr}`.trim().split('\n').slice(-4).join('\n      ')}`;
  // 128 + SIGTERM: paused, to be gone on with.
  return code === 143 ? undefined : `it ended with ${code ?? signal} instead of 143 (paused)`;
}

function plainly(example) {
  return inPlace(example, async (at) => {
    const wrong = await feed(at.folder, at.place);
    return wrong ?? (await untilSettled(example, at));
  });
}

function withCrashes(example) {
  return inPlace(example, async (at) => {
    const { folder, place } = at;
    const fed = feed(folder, place, SLOW);
    const data = join(folder, '.data', 'run', 'data.mdb');
    let live = 0;
    for (let i = 0; i < KILLS; i++) {
      const before = existsSync(data) ? statSync(data).mtimeMs : 0;
      const committed = async () => {
        for (let n = 0; n < 400 && !(existsSync(data) && statSync(data).mtimeMs > before); n++) await pause(25);
        await pause(100 + 200 * i);
      };
      const args = call({ ...example, settings: place.settings }, folder);
      const { signal } = await command(args, committed(), { env: place.env });
      if (signal === 'SIGKILL') live++;
    }
    if (live < KILLS) return `only ${live} of ${KILLS} kills hit a living run`;
    return (await untilSettled(example, at)) ?? (await fed);
  });
}

function withRescale(example) {
  return inPlace(example, async ({ folder, place, compare }) => {
    // The threads of a run in this process find the addresses in its environment.
    Object.assign(process.env, place.env);
    const start = await starter(example, folder, place.settings);
    const first = await start(1);
    const fed = feed(folder, place, SLOW);
    const taken = () => Math.max(0, ...Object.values(first.report().nodes).map(({ out }) => out));
    for (let n = 0; n < 1200 && taken() < 2; n++) await pause(25);
    await first.pause({ drain: true });
    const paused = await first.done;
    if (paused.status !== 'paused') return `the run was ${paused.status} before it could be rescaled`;
    const second = await start(3);
    const stop = { ended: false };
    await Promise.race([settled(compare, stop), second.done]);
    stop.ended = true;
    await second.pause();
    const report = await second.done;
    const wrong = (await compare()) ?? (await fed);
    if (wrong !== undefined) return `${wrong} ${JSON.stringify(report.error ?? '')}`;
    return report.status === 'paused' ? undefined : `after the rescale: ${report.status}`;
  });
}

export const OUTSIDE_WAYS = { run: plainly, crash: withCrashes, rescale: withRescale };
