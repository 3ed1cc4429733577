// Runs a query on the embedded runtime and compares its result with the SQL engine's.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import files from '@millrace/connector-files';
import nexmark, { Timeline } from '@millrace/connector-nexmark';
import core from '@millrace/core';
import { validateGraph } from '@millrace/graph';
import { createCatalogue } from '@millrace/sdk';
import { difference, readResult } from './compare.mjs';
import { writeEvents } from './events.mjs';
import { answer } from './oracle.mjs';
import { QUERIES } from './queries.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));

/**
 * @typedef {object} Check
 * @property {string} query
 * @property {number} seed
 * @property {number} events
 * @property {number} [group] Size of the groups that come in another order; 1: in order.
 * @property {number} [parallelism]
 * @property {boolean} [kill] Kill the process once while it runs, and start it again.
 * @property {number} [workers] Run on that many workers over the Redis of REDIS_URL instead of in one process.
 * @property {(line: string) => void} [note] Gets remarks that are no part of the answer.
 */

/**
 * Undefined when the result is that of the SQL engine, otherwise what differs.
 * @param {Check} check
 * @returns {Promise<string | undefined>}
 */
export async function checkQuery(check) {
  const { query, seed, events, group = 1, parallelism = 1, kill = false, workers, note = () => {} } = check;
  const asked = QUERIES[query];
  if (asked === undefined)
    throw new TypeError(`There is no query ${query}; choose one of ${Object.keys(QUERIES).join(', ')}.`);
  const dir = mkdtempSync(join(tmpdir(), 'millrace-nexmark-'));
  try {
    const graph = JSON.parse(readFileSync(join(here, 'graphs', `${query}.json`), 'utf8'));
    const source = graph.nodes.find((/** @type {any} */ node) => node.operator === 'nexmark.events');
    Object.assign(source.config, { seed, events, outOfOrderGroup: group });
    source.config.time.disorder = new Timeline(source.config.rate, group, 0).disorder;
    // Partitions are read in parallel, and each has its own watermark.
    source.config.partitions = parallelism;
    writeFileSync(join(dir, 'graph.json'), JSON.stringify(graph));
    await writeEvents(dir, { ...source.config, kinds: undefined, partitions: 1 });
    await runGraph(dir, { parallelism, kill, workers, note });
    const rows = readResult(join(dir, 'result.ndjson'), keyOf(graph));
    return difference(rows, await answer(dir, asked), asked.columns);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** The key fields of what arrives at the sink; undefined where every record is a row of its own. @param {any} document */
function keyOf(document) {
  const catalogue = createCatalogue([...core, ...files, ...nexmark]);
  const { graph, findings } = validateGraph(document, catalogue);
  if (graph === undefined) throw new Error(`The graph is refused: ${JSON.stringify(findings)}`);
  const edge = graph.document.edges.find(({ target }) => target === 'result');
  const mode = edge && graph.outputs.get(edge.source)?.get(edge.sourceHandle ?? 'out')?.mode;
  return mode?.mode === 'upsert' ? mode.key : undefined;
}

/**
 * @param {string} dir
 * @param {{ parallelism: number, kill: boolean, workers: number | undefined, note: (line: string) => void }} how
 */
async function runGraph(dir, { parallelism, kill, workers, note }) {
  const args = ['run', join(dir, 'graph.json'), '--operators', join(root, 'operators', 'connectors', 'nexmark')];
  args.push('--parallelism', String(parallelism), '--data-dir', join(dir, 'data'), '--json');
  if (workers !== undefined) args.push('--backend', 'bull', '--workers', String(workers));
  if (kill) {
    const first = start(args);
    const killed = await killWhenBusy(first, join(dir, 'result.ndjson'), join(dir, 'data'));
    note(killed ? 'killed once' : 'the run ended before it could be killed');
    if (!killed) return;
  }
  const { code, stderr } = await start(args).done;
  if (code !== 0) throw new Error(`The run failed with exit code ${code}.\n${stderr}`);
}

/** @param {readonly string[]} args */
function start(args) {
  const child = spawn(process.execPath, [join(root, 'bin', 'millrace.mjs'), ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  let ended = false;
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  /** @type {Promise<{ code: number | null, stderr: string }>} */
  const done = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      ended = true;
      resolve({ code, stderr });
    });
  });
  return { child, done, ended: () => ended };
}

/** Kills a run as soon as it has made progress: a result, or a moment after its data directory came to be. False when it ended before. */
async function killWhenBusy(
  /** @type {ReturnType<typeof start>} */ run,
  /** @type {string} */ result,
  /** @type {string} */ data,
) {
  let begun = 0;
  while (!run.ended()) {
    if (existsSync(result) && statSync(result).size > 0) break;
    if (begun === 0 && existsSync(data)) begun = performance.now();
    if (begun > 0 && performance.now() - begun > 3000) break;
    await sleep(5);
  }
  if (run.ended()) {
    const { code, stderr } = await run.done;
    if (code !== 0) throw new Error(`The run failed with exit code ${code}.\n${stderr}`);
    return false;
  }
  run.child.kill('SIGKILL');
  const { code } = await run.done;
  return code === null;
}
