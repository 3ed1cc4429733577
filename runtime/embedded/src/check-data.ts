import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { built } from './built.js';
import { damaged } from './seal.js';

/**
 * Reads a run's whole environment in a process of its own and checks every row, before anything is built on it. Damage in the tree
 * itself can crash the reader: then it is the child that dies, and the answer is a clear refusal.
 */
export async function checkData(dataDir: string): Promise<void> {
  const child = spawn(process.execPath, [fileURLToPath(built('check-data-child.js')), dataDir], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-2000);
  });
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (c, s) => resolve([c, s]));
  });
  if (code === 0) return;
  const reason = errors.trim().split('\n').at(-1) || (signal ? `the reader was ended by ${signal}` : `the reader ended with ${code}`);
  throw damaged(`The run data in ${dataDir} is damaged: ${reason}`);
}
