import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { millraceOk } from '../support/cli.js';
import { ownFolder } from '../support/folder.js';
import { root } from '../support/shared.js';

const ROWS = 3000;

/** A graph that copies a file line by line at a rate, so that there is something to interrupt. */
function copyGraph(folder: string): string[] {
  const graph = {
    schema: 1,
    name: 'Copy',
    nodes: [
      { id: 'in', operator: 'files.read', config: { path: 'in.ndjson', rate: 1000 } },
      { id: 'out', operator: 'files.write', config: { path: 'out.ndjson' } },
    ],
    edges: [{ id: 'e1', source: 'in', target: 'out' }],
  };
  writeFileSync(join(folder, 'graph.json'), JSON.stringify(graph));
  writeFileSync(join(folder, 'in.ndjson'), Array.from({ length: ROWS }, (_, i) => `{"n":${i}}\n`).join(''));
  return ['run', join(folder, 'graph.json'), '--data-dir', join(folder, 'data')];
}

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

function start(args: readonly string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [join(root, 'bin/millrace.mjs'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const result = { stdout: '', stderr: '' };
  child.stdout!.on('data', (chunk) => {
    result.stdout += String(chunk);
  });
  child.stderr!.on('data', (chunk) => {
    result.stderr += String(chunk);
  });
  return { child, ended: new Promise((resolve) => child.on('close', (code) => resolve({ code, ...result }))) };
}

/** Waits until the output has begun to grow. */
async function underWay(file: string): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!existsSync(file) || statSync(file).size === 0) {
    if (performance.now() > deadline) throw new Error(`${file} was not written`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s', (signal, exitCode) => {
  it(`pauses with exit code ${exitCode}, and the same call goes on to the same result`, async () => {
    const folder = ownFolder();
    const args = copyGraph(folder);
    const { child, ended } = start(args);
    await underWay(join(folder, 'out.ndjson'));
    child.kill(signal);
    const paused = await ended;
    expect(paused.code).toBe(exitCode);
    expect(paused.stdout).toContain('paused in ');
    expect(paused.stderr).toContain(`To go on: millrace ${args.join(' ')}`);
    const part = readFileSync(join(folder, 'out.ndjson'), 'utf8');
    expect(part.length).toBeLessThan(readFileSync(join(folder, 'in.ndjson'), 'utf8').length);

    await millraceOk(args);
    expect(readFileSync(join(folder, 'out.ndjson'), 'utf8')).toBe(readFileSync(join(folder, 'in.ndjson'), 'utf8'));
  });
});

describe('a second signal', () => {
  it('stops at once, and what was not committed is done again', async () => {
    const folder = ownFolder();
    const args = copyGraph(folder);
    const { child, ended } = start(args);
    await underWay(join(folder, 'out.ndjson'));
    child.kill('SIGINT');
    child.kill('SIGINT');
    const { code } = await ended;
    expect([130, 1]).toContain(code);
    await millraceOk(args);
    expect(readFileSync(join(folder, 'out.ndjson'), 'utf8')).toBe(readFileSync(join(folder, 'in.ndjson'), 'utf8'));
  });
});

describe('a paused run without a data directory', () => {
  it('says that nothing is kept', async () => {
    const folder = ownFolder();
    const [run, file] = copyGraph(folder) as [string, string];
    const { child, ended } = start([run, file, '--json']);
    await underWay(join(folder, 'out.ndjson'));
    child.kill('SIGINT');
    const { code, stdout, stderr } = await ended;
    expect(code).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'paused' });
    expect(stderr).toContain('--data-dir DIR');
  });
});
