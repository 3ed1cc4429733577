import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from './shared.js';

export interface CliResult {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** With MILLRACE_TEST_WORKERS=N the suites that run graphs run them on N workers over the Redis of REDIS_URL. */
function onBackend(args: readonly string[]): readonly string[] {
  const workers = process.env.MILLRACE_TEST_WORKERS;
  if (args[0] !== 'run' || workers === undefined || args.includes('--help')) return args;
  return [...args, '--backend', 'bull', '--workers', workers];
}

/** Runs the built `millrace` command to its end. Fails when it takes longer than `timeout` ms. */
export function millrace(
  args: readonly string[],
  options: { cwd?: string; timeout?: number } = {},
): Promise<CliResult> {
  const { cwd = root, timeout = 110_000 } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'bin/millrace.mjs'), ...onBackend(args)], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`millrace ${args.join(' ')} took longer than ${timeout} ms\n${stdout}\n${stderr}`));
    }, timeout);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, stdout, stderr });
    });
  });
}

/** The same, and it must have gone well. */
export async function millraceOk(
  args: readonly string[],
  options: { cwd?: string; timeout?: number } = {},
): Promise<CliResult> {
  const result = await millrace(args, options);
  if (result.code !== 0) {
    throw new Error(
      `millrace ${args.join(' ')}: exit ${result.code ?? result.signal}\n${result.stdout}\n${result.stderr}`,
    );
  }
  return result;
}
