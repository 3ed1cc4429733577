// The three ways an example is run: from the command line, with kills in between, and with a rescale in between.
import { cpSync, existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { call, command, dist, failed, inFolder, pause, starter } from './commands.mjs';
import { copyExample, difference, readLines, sourceLines } from './example.mjs';
import { OUTSIDE_WAYS } from './outside-ways.mjs';

/** ms that a disturbed run would take undisturbed. */
const SLOW = 2500;
const KILLS = 3;

/** What is wrong with the results in a folder, or undefined. */
async function compare(example, folder, ordered) {
  for (const { file, rows } of example.files) {
    const path = join(folder, file);
    if (!existsSync(path)) return `${file} was not written`;
    const wrong = difference(file, readLines(path), rows, ordered);
    if (wrong !== undefined) return wrong;
  }
  if (example.views.length === 0) return undefined;
  const { readStoredRun } = await dist('runtime/embedded/dist/index.js');
  const stored = readStoredRun(join(folder, '.data'));
  if (stored === undefined) return 'the run left no data directory';
  try {
    for (const { node, rows } of example.views) {
      const found = stored.view(node).map((row) => JSON.stringify(row));
      const wrong = difference(`view ${node}`, found, rows, false);
      if (wrong !== undefined) return wrong;
    }
  } finally {
    await stored.close();
  }
  return undefined;
}

/**
 * As a person runs it; the rows come in the expected order.
 * @param {any} example
 * @param {{ args?: readonly string[], ordered?: boolean }} [how] More arguments of the command; false: the order of rows is free.
 */
export function runPlainly(example, { args = [], ordered = true } = {}) {
  return inFolder(async (folder) => {
    copyExample(example, folder);
    const result = await command([...call(example, folder), ...args]);
    const wrong = failed(result) ?? (await compare(example, folder, ordered));
    if (wrong !== undefined || example.printed === undefined) return wrong;
    const lines = result.stdout.split('\n').slice(0, example.printed.trimEnd().split('\n').length);
    return difference('printed', lines, example.printed.trimEnd().split('\n'), true);
  });
}

/** Runs it and keeps what it gives as what it must give from now on. Look at the difference before you commit it. */
export function keepResults(example) {
  return inFolder(async (folder) => {
    copyExample(example, folder);
    const wrong = failed(await command(call(example, folder)));
    if (wrong !== undefined) return wrong;
    const { readStoredRun } = await dist('runtime/embedded/dist/index.js');
    const stored = readStoredRun(join(folder, '.data'));
    for (const { id, operator, config } of example.graph.nodes) {
      if (operator === 'files.write') {
        const target = join(example.folder, config.path.replace(/^result/, 'expected'));
        cpSync(join(folder, config.path), target);
      } else if (operator === 'view.table') {
        const rows = stored
          .view(id)
          .map((row) => JSON.stringify(row))
          .sort();
        writeFileSync(join(example.folder, `expected.view-${id}.ndjson`), `${rows.join('\n')}\n`);
      }
    }
    await stored.close();
    return undefined;
  });
}

/**
 * Settings that slow the sources down, so that there is time to disturb them. A simulated shop keeps its own rate, since its events depend on
 * it. Undefined: there is nothing to slow down, or nothing to compare.
 */
function slowly(example) {
  if (!example.comparable) return undefined;
  const lines = Object.entries(sourceLines(example));
  const paced = example.graph.nodes.some(({ id, operator }) => {
    return operator === 'generator.shop' && example.settings[`${id}.rate`] > 0 && example.settings[`${id}.count`] > 0;
  });
  if (lines.length === 0 && !paced) return undefined;
  return Object.fromEntries(lines.map(([node, n]) => [`${node}.rate`, Math.max(1, Math.ceil((n * 1000) / SLOW))]));
}

/**
 * Killed without warning several times, then run to its end: every row once.
 * @param {any} example
 * @param {{ killed?: readonly string[], last?: readonly string[] }} [args] More arguments of the killed runs, and of the last one.
 */
export function runWithCrashes(example, { killed = [], last: finish = [] } = {}) {
  const rates = slowly(example);
  if (rates === undefined) return Promise.resolve('skipped: nothing to compare, or no file to read slowly');
  return inFolder(async (folder) => {
    copyExample(example, folder);
    const data = join(folder, '.data', 'run', 'data.mdb');
    let live = 0;
    for (let i = 0; i < KILLS; i++) {
      const before = existsSync(data) ? statSync(data).mtimeMs : 0;
      const committed = async () => {
        for (let n = 0; n < 400 && !(existsSync(data) && statSync(data).mtimeMs > before); n++) await pause(25);
        await pause(100 + 250 * i);
      };
      const { signal } = await command([...call(example, folder, rates), ...killed], committed());
      if (signal === 'SIGKILL') live++;
    }
    if (live === 0) return 'no kill hit a living run';
    const last = await command([...call(example, folder, rates), ...finish]);
    return failed(last) ?? (await compare(example, folder, false));
  });
}

/** Paused, and gone on with three tasks instead of one. */
export function runWithRescale(example) {
  const rates = slowly(example);
  if (rates === undefined) return Promise.resolve('skipped: nothing to compare, or no file to read slowly');
  return inFolder(async (folder) => {
    copyExample(example, folder);
    const start = await starter(example, folder, { ...example.settings, ...rates });
    const first = await start(1);
    const taken = () => Math.max(0, ...Object.values(first.report().nodes).map(({ out }) => out));
    for (let n = 0; n < 400 && taken() === 0; n++) await pause(25);
    await pause(SLOW / 3);
    await first.pause({ drain: true });
    const paused = await first.done;
    if (paused.status !== 'paused') return `the run was ${paused.status} before it could be rescaled`;
    const report = await (await start(3)).done;
    if (report.status !== 'finished') return `after the rescale: ${report.status} ${JSON.stringify(report.error)}`;
    return compare(example, folder, false);
  });
}

/** An example that needs an outside system goes ways of its own. */
const inside = (way, outsideWay) => async (example) =>
  example.needs === undefined ? way(example) : outsideWay(example);

export const WAYS = {
  run: inside(runPlainly, OUTSIDE_WAYS.run),
  crash: inside(runWithCrashes, OUTSIDE_WAYS.crash),
  rescale: inside(runWithRescale, OUTSIDE_WAYS.rescale),
};
