// Runs a command and measures its whole process tree.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** How often the memory of the tree is looked at, ms. The kernel keeps each process's own peak, so little is missed. */
const LOOK_EVERY = 50;

/**
 * Wall time and CPU time (user + system of the process and all the children it waited for) in seconds, and peak memory in MiB
 * (sum of the peaks of the processes of the tree). CPU time is what the shell's `time` reports. Linux only.
 */
export function measure(file, args, { cwd } = {}) {
  return new Promise((resolve, reject) => {
    const script = 'TIMEFORMAT="%R %U %S"; { time "$@" 2>&4; } 4>&2 2>&3';
    const child = spawn('bash', ['-c', script, 'bash', file, ...args], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    const outputs = [undefined, child.stdout, child.stderr, child.stdio[3]].map((stream) => collect(stream));
    const peaks = new Map();
    const timer = setInterval(() => lookAt(child.pid, peaks), LOOK_EVERY);
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(timer);
      const [stdout, stderr, times] = outputs.slice(1).map((chunks) => Buffer.concat(chunks).toString());
      if (code !== 0)
        return reject(new Error(`${file} ${args.join(' ')} failed with exit code ${code}\n${stdout}${stderr}`));
      const [wall, user, system] = times.trim().split(' ').map(Number);
      const memory = [...peaks.values()].reduce((sum, kib) => sum + kib, 0) / 1024;
      resolve({ wall, cpu: user + system, memory, stdout });
    });
  });
}

function collect(stream) {
  const chunks = [];
  stream?.on('data', (chunk) => chunks.push(chunk));
  return chunks;
}

/** Notes the peak (VmHWM) of every process below `root`; the shell itself is not counted. */
function lookAt(root, peaks) {
  const parents = new Map();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = read(`/proc/${entry}/stat`);
    // The name in parentheses may hold anything; the parent is the second field behind it.
    if (stat !== undefined) parents.set(Number(entry), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const tree = new Set([root]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const [pid, parent] of parents) {
      if (!tree.has(pid) && tree.has(parent)) {
        tree.add(pid);
        grown = true;
      }
    }
  }
  tree.delete(root);
  for (const pid of tree) {
    const peak = /^VmHWM:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`) ?? '');
    if (peak) peaks.set(pid, Math.max(peaks.get(pid) ?? 0, Number(peak[1])));
  }
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined; // The process has ended meanwhile.
  }
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
