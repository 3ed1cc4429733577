import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startRun } from '@millrace/embedded';
import { validateGraph } from '@millrace/graph';
import { planGraph } from '@millrace/planner';
import { describe, expect, it } from 'vitest';
import { millrace, millraceOk } from '../support/cli.js';
import { ownFolder } from '../support/folder.js';
import { root } from '../support/shared.js';

/** Random moments, from a seed that is printed: a failure can be played again with MILLRACE_SEED. */
const seed = Number(process.env.MILLRACE_SEED ?? Date.now() % 100_000);
let state = seed + 1;
function random(below: number): number {
  state = (state * 48271) % 2147483647;
  return state % below;
}

const FAULTS = 20;
const RECORDS = 24_000;
/** Records a second: an undisturbed run lasts 12 s. */
const RATE = 2000;

/** Orders out of order by up to 300 ms, windows, a plain and a zipped result. */
function prepare(folder: string, rate: number | undefined): string {
  const lines: string[] = [];
  let random32 = 42;
  const next = (n: number) => {
    random32 = (Math.imul(random32, 1664525) + 1013904223) >>> 0;
    return random32 % n;
  };
  for (let i = 0; i < RECORDS; i++) {
    lines.push(
      JSON.stringify({
        id: i,
        at: 1_700_000_000_000 + i * 20 - next(300),
        shop: `s${next(7)}`,
        total: next(10_000) / 100,
      }),
    );
  }
  writeFileSync(join(folder, 'orders.ndjson'), `${lines.join('\n')}\n`);
  const graph = {
    schema: 1,
    name: 'Crash test',
    nodes: [
      {
        id: 'orders',
        operator: 'files.read',
        config: { path: 'orders.ndjson', time: { field: 'at', disorder: 300 }, ...(rate && { rate }) },
      },
      { id: 'big', operator: 'core.filter', config: { where: 'total > 5' } },
      {
        id: 'tax',
        operator: 'core.set-fields',
        config: { steps: [{ do: 'set', field: 'tax', value: 'round(total * 0.19, 2)' }] },
      },
      {
        id: 'second',
        operator: 'core.window-aggregate',
        config: {
          window: 'hopping',
          size: '4 s',
          slide: '1 s',
          groupBy: ['shop'],
          aggregates: [
            { fn: 'sum', value: 'tax', as: 'tax' },
            { fn: 'count', as: 'n' },
          ],
        },
      },
      { id: 'windows', operator: 'files.write', config: { path: 'windows.ndjson' } },
      { id: 'all', operator: 'files.write', config: { path: 'all.ndjson.gz' } },
    ],
    edges: [
      { id: 'e1', source: 'orders', target: 'big' },
      { id: 'e2', source: 'big', target: 'tax' },
      { id: 'e3', source: 'tax', target: 'second' },
      { id: 'e4', source: 'second', target: 'windows' },
      { id: 'e5', source: 'tax', target: 'all' },
    ],
  };
  const file = join(folder, 'graph.json');
  writeFileSync(file, JSON.stringify(graph));
  return file;
}

const RESULTS = ['windows.ndjson', 'all.ndjson.gz'];
const results = (folder: string) => RESULTS.map((name) => readFileSync(join(folder, name)).toString('base64'));
const sizes = (folder: string) =>
  RESULTS.map((name) => (existsSync(join(folder, name)) ? statSync(join(folder, name)).size : 0));
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

let undisturbed: string[] | undefined;

/** The bytes of a run that nothing happened to. */
async function expected(): Promise<string[]> {
  if (!undisturbed) {
    const folder = ownFolder();
    await millraceOk(['run', prepare(folder, undefined), '--json']);
    undisturbed = results(folder);
  }
  return undisturbed;
}

describe(`a run of 12 s that is disturbed at random moments (seed ${seed})`, { timeout: 240_000 }, () => {
  it('writes the same bytes after the process was killed again and again', async () => {
    const bytes = await expected();
    const folder = ownFolder();
    const graph = prepare(folder, RATE);
    const args = ['run', graph, '--data-dir', join(folder, 'data'), '--json'];
    let live = 0;
    for (let fault = 0; fault < FAULTS / 2; fault++) {
      const before = sizes(folder);
      const child = spawn(process.execPath, [join(root, 'bin/millrace.mjs'), ...args], { stdio: 'ignore' });
      const ended = new Promise<NodeJS.Signals | null>((resolve) =>
        child.once('exit', (_code, signal) => resolve(signal)),
      );
      // Alive and writing; then at any moment of the next half second.
      for (let i = 0; i < 400 && sizes(folder)[0]! <= before[0]!; i++) await pause(25);
      await pause(random(500));
      child.kill('SIGKILL');
      if ((await ended) === 'SIGKILL' && sizes(folder)[0]! > before[0]!) live++;
    }
    expect(live, 'kills that hit a running process').toBeGreaterThanOrEqual(FAULTS / 2 - 2);
    const last = await millrace(args);
    expect(last.code, last.stderr).toBe(0);
    const report = JSON.parse(last.stdout);
    expect(report.nodes.orders.in).toBe(RECORDS);
    expect(results(folder)).toEqual(bytes);
  });

  it('writes the same bytes after task threads died, and when resumed from copies of its directory', async () => {
    const bytes = await expected();
    const folder = ownFolder();
    const graph = prepare(folder, RATE);
    const catalogueModule = pathToFileURL(join(root, 'apps/cli/dist/catalogue.js')).href;
    const { loadCatalogue } = (await import(catalogueModule)) as typeof import('@millrace/cli/catalogue');
    const catalogue = await loadCatalogue([]);
    const { graph: checked } = validateGraph(JSON.parse(readFileSync(graph, 'utf8')), catalogue);
    const plan = planGraph(checked!, catalogue);
    const options = { plan, catalogue: { module: catalogueModule, plugins: [] }, baseDir: folder };
    const run = await startRun({ ...options, dataDir: join(folder, 'data') });
    let live = 0;
    const copies: string[] = [];
    for (let fault = 0; fault < FAULTS / 2; fault++) {
      const before = sizes(folder);
      for (let i = 0; i < 400 && sizes(folder)[0]! <= before[0]!; i++) await pause(25);
      await pause(random(300));
      if (run.report().status !== 'running') continue;
      if (fault % 4 === 1) {
        // What a power cut at this moment leaves: the environment and the results as they are on disk.
        const copy = join(folder, `copy-${fault}`);
        mkdirSync(join(copy, 'data'), { recursive: true });
        cpSync(join(folder, 'data', 'run'), join(copy, 'data', 'run'), { recursive: true });
        for (const name of ['orders.ndjson', ...RESULTS]) cpSync(join(folder, name), join(copy, name));
        copies.push(copy);
      }
      await run.terminateTask(plan.stages[0]!.id, 0);
      live++;
    }
    const report = await run.done;
    expect(report.status, JSON.stringify(report.error)).toBe('finished');
    expect(live, 'threads that died while the run was live').toBeGreaterThanOrEqual(FAULTS / 2 - 2);
    expect(report.restarts).toBeGreaterThanOrEqual(live);
    expect(report.nodes.orders!.in).toBe(RECORDS);
    expect(results(folder)).toEqual(bytes);
    expect(copies.length).toBeGreaterThan(0);
    for (const copy of copies) {
      const again = await startRun({ ...options, baseDir: copy, dataDir: join(copy, 'data') });
      expect((await again.done).status).toBe('finished');
      expect(results(copy)).toEqual(bytes);
    }
  });

  it('goes on from the last sound bytes or refuses clearly when files are torn or flipped', async () => {
    const bytes = await expected();
    const folder = ownFolder();
    const graph = prepare(folder, RATE);
    const child = spawn(
      process.execPath,
      [join(root, 'bin/millrace.mjs'), 'run', graph, '--data-dir', join(folder, 'data')],
      { stdio: 'ignore' },
    );
    const ended = new Promise((resolve) => child.once('exit', resolve));
    for (let i = 0; i < 400 && sizes(folder)[0]! === 0; i++) await pause(25);
    await pause(1500);
    child.kill('SIGKILL');
    await ended;
    let refused = 0;
    let same = 0;
    for (let i = 0; i < 8; i++) {
      const copy = join(folder, `torn-${i}`);
      mkdirSync(copy);
      for (const name of readdirSync(folder))
        if (!name.startsWith('torn-')) cpSync(join(folder, name), join(copy, name), { recursive: true });
      const victim = join(copy, i % 3 === 2 ? RESULTS[i % 2]! : 'data/run/data.mdb');
      const content = readFileSync(victim);
      const at = random(content.length);
      if (i % 2 === 0) content[at]! ^= 0x10;
      writeFileSync(victim, i % 2 === 0 ? content : content.subarray(0, at));
      const result = await millrace(['run', join(copy, 'graph.json'), '--data-dir', join(copy, 'data'), '--json']);
      if (result.code === 0) {
        // A flipped byte in a result that was written before is not ours to see; everything else must be exact.
        if (victim.endsWith('.mdb')) expect(results(copy)).toEqual(bytes);
        same++;
      } else {
        expect(JSON.parse(result.stdout).error).toMatchObject({
          code: expect.stringMatching(/^(DATA_DAMAGED|STORE_DAMAGED|RESULT_SHORTER)$/),
          message: expect.any(String),
        });
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(0);
    expect(refused + same).toBe(8);
  });
});
