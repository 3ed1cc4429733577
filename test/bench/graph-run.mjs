// A graph as a run of the command, measured; for benchmarks that make their graphs themselves.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { measure } from './measure.mjs';

export const root = resolve(import.meta.dirname, '../..');
const bin = join(root, 'bin/millrace.mjs');

/** Nodes as `{ id: [operator, config, input] }`, the input `node`, `node.port` or `{ port: node }`, as a graph document. */
export function graphOf(name, nodes, settings = {}) {
  const edges = Object.entries(nodes).flatMap(([target, [, , from]]) =>
    Object.entries(typeof from === 'string' ? { '': from } : (from ?? {})).map(([port, place]) => {
      const [source, sourceHandle] = place.split('.');
      return { source, target, ...(sourceHandle && { sourceHandle }), ...(port && { targetHandle: port }) };
    }),
  );
  return {
    schema: 1,
    name,
    settings,
    nodes: Object.entries(nodes).map(([id, [operator, config]]) => ({ id, operator, config })),
    edges: edges.map((edge, i) => ({ id: `e${i}`, ...edge })),
  };
}

/** Arguments of `millrace run` for a graph in a folder of its own. */
export function callOf(
  folder,
  graph,
  { plugins = [join(import.meta.dirname, 'counting-source.mjs')], more = [] } = {},
) {
  const file = join(folder, 'graph.json');
  writeFileSync(file, JSON.stringify(graph));
  return ['run', file, '--json', ...plugins.flatMap((plugin) => ['--operators', plugin]), ...more];
}

/** Runs it to its end. `nodes` is the report of the command; wall and CPU in s, memory in MiB. */
export async function runGraph(folder, graph, options) {
  const result = await measure(process.execPath, [bin, ...callOf(folder, graph, options)]);
  return { ...result, nodes: JSON.parse(result.stdout).nodes };
}

/** Starts it and kills it without warning once `when()` is true; true when it was still at work. */
export async function killGraph(folder, graph, options, when) {
  const child = spawn(process.execPath, [bin, ...callOf(folder, graph, options)], { stdio: 'ignore' });
  const ended = new Promise((done) => child.once('close', (_code, signal) => done(signal === 'SIGKILL')));
  const timer = setInterval(() => when() && child.kill('SIGKILL'), 10);
  const killed = await ended;
  clearInterval(timer);
  return killed;
}
