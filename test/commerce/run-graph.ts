import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readStoredRun } from '@millrace/embedded';
import { expect } from 'vitest';
import { millraceOk } from '../support/cli.js';
import { ownFolder } from '../support/folder.js';
import { type Row, readRows } from '../support/ndjson.js';

export interface TestNode {
  operator: string;
  config?: object;
  /** `node` or `node.port` for the first input; `{ port: 'node.port' }` for named ones. */
  from?: string | { [port: string]: string };
}

/**
 * Runs a graph given as its nodes and answers what it wrote: the rows of every `files.write` and `view.table` node, by node.
 * Checks that nothing got lost, late or stuck on the way.
 */
export async function runGraph(
  nodes: { readonly [id: string]: TestNode },
  parallelism = 1,
): Promise<{ [node: string]: Row[] }> {
  const folder = ownFolder();
  const edges = Object.entries(nodes).flatMap(([target, { from }]) =>
    Object.entries(typeof from === 'string' ? { in: from } : (from ?? {})).map(([targetHandle, source]) => {
      const [id, port] = source.split('.');
      return {
        id: `${source}-${target}-${targetHandle}`,
        source: id,
        sourceHandle: port ?? 'out',
        target,
        targetHandle,
      };
    }),
  );
  const graph = {
    schema: 1,
    name: 'Test',
    nodes: Object.entries(nodes).map(([id, { operator, config = {} }]) => ({
      id,
      operator,
      config: operator === 'files.write' ? { path: `${id}.ndjson` } : config,
    })),
    edges,
  };
  const file = join(folder, 'graph.json');
  writeFileSync(file, JSON.stringify(graph));
  const args = ['run', file, '--parallelism', String(parallelism), '--data-dir', join(folder, 'data'), '--json'];
  const { stdout } = await millraceOk(args);
  const report = JSON.parse(stdout) as { status: string; nodes: Record<string, Record<string, number>> };
  expect(report.status).toBe('finished');
  for (const node of Object.values(report.nodes)) expect(node).toMatchObject({ late: 0, skipped: 0, deadLettered: 0 });
  const stored = readStoredRun(join(folder, 'data'))!;
  const results: { [node: string]: Row[] } = {};
  for (const [id, { operator }] of Object.entries(nodes)) {
    const path = join(folder, `${id}.ndjson`);
    if (operator === 'files.write') results[id] = existsSync(path) ? readRows(path) : [];
    if (operator === 'view.table') results[id] = stored.view(id) as Row[];
  }
  await stored.close();
  return results;
}

/** `2011-10-02T10:00:00Z`, or the day alone. */
export const iso = (ms: unknown) => new Date(Number(ms)).toISOString().replace('.000Z', 'Z');
export const dayOf = (ms: unknown) => iso(ms).slice(0, 10);
