// One run on a fleet, seen through its handle, for chaos and recovery tests.
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ControlClient, startBullRun } from '@millrace/bull';
import { validateGraph } from '@millrace/graph';
import { planGraph } from '@millrace/planner';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const catalogueModule = pathToFileURL(join(root, 'apps/cli/dist/catalogue.js')).href;

/** @param {unknown} graph @param {{ parallelism?: number }} [options] */
export async function planOf(graph, options = {}) {
  const { loadCatalogue } = await import(catalogueModule);
  const catalogue = await loadCatalogue([]);
  const { graph: checked, findings } = validateGraph(graph, catalogue);
  if (!checked) throw new Error(`the graph is not valid: ${JSON.stringify(findings)}`);
  return planGraph(checked, catalogue, options);
}

/**
 * Starts (or resumes) a run on the workers of a fleet. Files are in `folder`, so its stages stay on this machine.
 * @param {import('./fleet.mjs').Fleet} fleet
 * @param {{ run: string, graph: unknown, folder: string, parallelism?: number }} options
 */
export async function startOn(fleet, { run, graph, folder, parallelism }) {
  const client = new ControlClient({
    target: { url: fleet.url, instance: fleet.instance },
    name: `test-${process.pid}`,
    key: undefined,
  });
  const plan = await planOf(graph, parallelism === undefined ? {} : { parallelism });
  const localNodes = Object.values(plan.nodes)
    .filter(({ operator }) => operator.startsWith('files.'))
    .map(({ id }) => id);
  const handle = await startBullRun(client, { run, plan, baseDir: folder, localNodes });
  return {
    handle,
    plan,
    client,
    close: () => {
      handle.detach();
      client.close();
    },
  };
}

/** Tasks of the workload "stock" that get a record only now and then, or never. */
const QUIET = /^(updates|repeats)\//;

/**
 * How long tasks of a lost worker had no owner that commits: ms from the fault to the first commit of the next owner of the last one.
 * @param {readonly { at: number, type: string, task: string, worker: string }[]} events of the run
 * @param {{ at: number, tasks: readonly string[] }} fault
 * @returns {{ all: boolean, ms: number, noticed: number, taken: number }} `all`: every task is at work again; `noticed` and `taken`:
 *   ms until the last one was known to be lost, and had an owner again
 */
export function takeover(events, { at, tasks: lost }) {
  // A task without input has nothing to commit: its first commit tells when a record came, not when it was ready.
  const tasks = lost.filter((task) => !QUIET.test(task));
  const result = { all: tasks.length > 0, ms: 0, noticed: 0, taken: 0 };
  const later = (task, type) => events.find((event) => event.type === type && event.task === task && event.at >= at);
  for (const task of tasks) {
    const claimed = later(task, 'claimed');
    if (!claimed) {
      result.all = false;
      continue;
    }
    result.ms = Math.max(result.ms, claimed.at - at);
    result.noticed = Math.max(result.noticed, (later(task, 'lost')?.at ?? at) - at);
    result.taken = Math.max(result.taken, (later(task, 'taken')?.at ?? at) - at);
  }
  return result;
}

/** @param {readonly number[]} values */
export function quantile(values, q) {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
}
