import { spawn } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { damaged } from '@millrace/engine/savepoint';
import { built } from './built.js';
import { environmentPath } from './environment.js';

/**
 * Before an unfinished run is resumed its whole environment is read, checked and copied in a process of its own, and the run goes on
 * with the copy. Damage in the tree itself can crash the reader: then it is the child that dies, and the answer is a clear refusal.
 */
export async function checkData(dataDir: string): Promise<void> {
  const current = environmentPath(dataDir);
  const next = join(dataDir, 'run-next');
  rmSync(next, { recursive: true, force: true });
  const child = spawn(process.execPath, [fileURLToPath(built('check-data-child.js')), current, next], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-4000);
  });
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (c, s) => resolve([c, s]));
  });
  if (code !== 0) {
    rmSync(next, { recursive: true, force: true });
    const reason =
      /^(?:\w*Error): (.+)$/m.exec(errors)?.[1] ??
      (signal ? `reading it ended with ${signal}` : `reading it ended with code ${code}`);
    throw damaged(`The run data in ${dataDir} is damaged: ${reason}.`);
  }
  renameSync(current, previousPath(dataDir));
  renameSync(next, current);
  rmSync(previousPath(dataDir), { recursive: true, force: true });
}

const previousPath = (dataDir: string) => join(dataDir, 'run-previous');

/** A crash between the two renames above leaves no current environment: put the previous one back. */
export function healDirectory(dataDir: string): void {
  if (!existsSync(environmentPath(dataDir)) && existsSync(previousPath(dataDir)))
    renameSync(previousPath(dataDir), environmentPath(dataDir));
  else rmSync(previousPath(dataDir), { recursive: true, force: true });
}
