import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { millrace, millraceOk } from '../support/cli.js';
import { ownFolder } from '../support/folder.js';

/** A graph that filters three orders, with one thing changed. */
function graphFile(change: (graph: typeof GRAPH) => void = () => {}): string {
  const folder = ownFolder();
  const graph = structuredClone(GRAPH);
  change(graph);
  writeFileSync(
    join(folder, 'orders.ndjson'),
    '{"id":1,"status":"paid"}\n{"id":2,"status":"open"}\n{"id":3,"status":"paid"}\n',
  );
  writeFileSync(join(folder, 'graph.json'), JSON.stringify(graph, null, 2));
  return join(folder, 'graph.json');
}

const GRAPH = {
  schema: 1,
  name: 'Paid',
  nodes: [
    {
      id: 'orders',
      operator: 'files.read',
      config: { path: 'orders.ndjson', schema: { id: 'number', status: 'text' } } as Record<string, unknown>,
    },
    { id: 'paid', operator: 'core.filter', config: { where: "status == 'paid'" } as Record<string, unknown> },
    { id: 'show', operator: 'core.print', config: {} as Record<string, unknown> },
  ],
  edges: [
    { id: 'e1', source: 'orders', target: 'paid' },
    { id: 'e2', source: 'paid', target: 'show' },
  ],
};

describe('millrace', () => {
  it('prints its help and version', async () => {
    const help = await millraceOk(['--help']);
    for (const command of ['validate', 'explain', 'run', 'operators']) expect(help.stdout).toContain(`  ${command} `);
    expect((await millraceOk(['run', '--help'])).stdout).toContain('--data-dir DIR');
    expect((await millraceOk(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each([
    [[], 'Usage: millrace COMMAND', 'stdout'],
    [['rum'], 'There is no command "rum". Did you mean "run"?', 'stderr'],
    [['run'], 'FILE is missing.', 'stderr'],
    [['run', 'x.json', '--parallelism', '0'], '--parallelism must be a whole number from 1 to 128', 'stderr'],
    [['run', 'x.json', '--datadir', 'd'], 'There is no option --datadir. Did you mean "--data-dir"?', 'stderr'],
    [['run', 'absent.json'], 'The graph absent.json could not be read: there is no such file.', 'stderr'],
    [['run', 'examples'], 'it is a folder', 'stderr'],
    [['operators', '--operators', 'absent'], 'There is no package of operators at', 'stderr'],
  ] as const)('%j is refused in words', async (args, message, stream) => {
    const result = await millrace(args);
    expect(result.code).toBe(1);
    expect(result[stream]).toContain(message);
  });
});

describe('millrace validate', () => {
  it('passes a good graph', async () => {
    const { stdout } = await millraceOk(['validate', graphFile()]);
    expect(stdout).toMatch(/: valid, no findings\n$/);
  });

  it('points at a finding in the file and in the expression', async () => {
    const file = graphFile((graph) => {
      graph.nodes[1]!.config.where = "statsu == 'paid'";
    });
    const { stdout } = await millraceOk(['validate', file]);
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/graph\.json:20:18 {2}warning {2}.*statsu.*status/);
    expect(lines[1]).toBe('  node paid, /nodes/1/config/where');
    expect(lines[2]).toBe("    statsu == 'paid'");
    expect(lines[3]).toBe('    ^^^^^^');
  });

  it('gives the same as data with --json', async () => {
    const file = graphFile((graph) => {
      graph.nodes[2]!.operator = 'core.prnt';
    });
    const { code, stdout } = await millrace(['validate', file, '--json']);
    expect(code).toBe(1);
    const { ok, findings } = JSON.parse(stdout) as { ok: boolean; findings: Record<string, unknown>[] };
    expect(ok).toBe(false);
    expect(findings[0]).toMatchObject({
      severity: 'error',
      path: '/nodes/2/operator',
      nodeId: 'show',
      line: 25,
      column: 19,
    });
    expect(findings[0]!.message).toContain('core.print');
  });

  it.each([
    ['{ "schema": 1,\n  "name": }', ':2:11'],
    ['', ':1:1'],
    ['[]', ':1:1'],
    ['"text"', ':1:1'],
  ])('says where %j is no graph', async (text, place) => {
    const file = join(ownFolder(), 'graph.json');
    writeFileSync(file, text);
    const { code, stdout } = await millrace(['validate', file]);
    expect(code).toBe(1);
    expect(stdout.split('\n')[0]).toContain(`graph.json${place}  error  `);
  });

  it('checks what --set changes', async () => {
    const { code, stdout } = await millrace(['validate', graphFile(), '--set', 'paid.where=1 +']);
    expect(code).toBe(1);
    expect(stdout).toContain('    1 +\n');
  });
});

describe('millrace run', () => {
  it('prints what the graph prints, then the table', async () => {
    const { stdout } = await millraceOk(['run', graphFile()]);
    expect(stdout.split('\n').slice(0, 2)).toEqual(['{"id":1,"status":"paid"}', '{"id":3,"status":"paid"}']);
    expect(stdout).toMatch(/^paid +3 +2 +1 /m);
  });

  it('prints exactly one object with --json', async () => {
    const { stdout, stderr } = await millraceOk(['run', graphFile(), '--json']);
    const report = JSON.parse(stdout) as { nodes: Record<string, object> };
    expect(Object.keys(report)).toEqual(['status', 'durationMs', 'nodes']);
    expect(report).toMatchObject({ status: 'finished', nodes: { paid: { in: 3, out: 2, handled: 2, filtered: 1 } } });
    expect(stderr).toContain('{"id":1,"status":"paid"}\n');
  });

  it.each([
    ['an invalid graph', ['--set', 'paid.where=1 +'], 'GRAPH_INVALID'],
    ['an input that is not there', ['--set', 'orders.path=absent.ndjson'], 'FILE_'],
    ['a setting for no node', ['--set', 'piad.where=true'], 'SET_UNKNOWN_NODE'],
  ])('prints exactly one object with --json for %s', async (_, args, errorCode) => {
    const { code, stdout } = await millrace(['run', graphFile(), '--json', ...args]);
    expect(code).toBe(1);
    const report = JSON.parse(stdout) as { status: string; error: { code: string; message: string } };
    expect(report.status).toBe('failed');
    expect(report.error.code).toContain(errorCode);
    expect(report.error.message).not.toBe('');
  });

  it('takes paths of --set from the current folder, and those of the graph from its own', async () => {
    const folder = ownFolder();
    writeFileSync(join(folder, 'other.ndjson'), '{"id":9,"status":"paid"}\n');
    const { stdout } = await millraceOk(['run', graphFile(), '--set', 'orders.path=other.ndjson'], { cwd: folder });
    expect(stdout.split('\n')[0]).toBe('{"id":9,"status":"paid"}');
  });
});
