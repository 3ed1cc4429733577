// What the ways of running an example have in common: the command in a process of its own, and a run in this one.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './example.mjs';

const BIN = process.env.MILLRACE_BIN ?? join(root, 'bin/millrace.mjs');
export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
export const dist = (path) => import(pathToFileURL(join(root, path)).href);

export async function inFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-example-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function call(example, folder, more = {}, file = 'graph.json', data = '.data') {
  const settings = Object.entries({ ...example.settings, ...more }).flatMap(([name, value]) => [
    '--set',
    `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  ]);
  const plugin = example.plugin ? ['--operators', folder] : [];
  return ['run', join(folder, file), '--data-dir', join(folder, data), ...settings, ...plugin];
}

/**
 * Runs the command to its end, or until `until` resolves and it gets a signal.
 * @param {readonly string[]} args
 * @param {Promise<unknown>} [until]
 * @param {{ env?: { [name: string]: string }, signal?: NodeJS.Signals }} [how]
 */
export async function command(args, until, { env = {}, signal: wanted = 'SIGKILL' } = {}) {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const ended = new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal })));
  const guard = setTimeout(() => child.kill('SIGKILL'), 90_000);
  if (until !== undefined) {
    await Promise.race([until, ended]);
    child.kill(wanted);
  }
  const { code, signal } = await ended;
  clearTimeout(guard);
  return { code, signal, stdout, stderr };
}

export const failed = ({ code, signal, stdout, stderr }) =>
  code === 0
    ? undefined
    : `exit ${code ?? signal}: ${`${stdout}\n${stderr}`.trim().split('\n').slice(-4).join('\n      ')}`;

/** A function that starts the graph of a folder in this process, with so many tasks a stage; a later start goes on with what is there. */
export async function starter(example, folder, settings) {
  const [{ startRun }, { planGraph }, { validateGraph }, { loadCatalogue }] = await Promise.all([
    dist('runtime/embedded/dist/index.js'),
    dist('runtime/planner/dist/index.js'),
    dist('runtime/graph/dist/index.js'),
    dist('apps/cli/dist/catalogue.js'),
  ]);
  // From where it lies, where its packages are found without the hook of the command.
  const plugins = example.plugin ? [example.folder] : [];
  const catalogue = await loadCatalogue(plugins);
  const document = structuredClone(example.graph);
  for (const [name, value] of Object.entries(settings)) {
    const [id, ...path] = name.split('.');
    let at = document.nodes.find((node) => node.id === id).config;
    for (const step of path.slice(0, -1)) at = at[step] ??= {};
    at[path.at(-1)] = value;
  }
  const { graph, findings } = validateGraph(document, catalogue);
  if (!graph) throw new Error(`not valid: ${JSON.stringify(findings)}`);
  return (parallelism) =>
    startRun({
      plan: planGraph(graph, catalogue, { parallelism }),
      catalogue: { module: pathToFileURL(join(root, 'apps/cli/dist/catalogue.js')).href, plugins },
      baseDir: folder,
      dataDir: join(folder, '.data'),
      migrate: true,
    });
}
