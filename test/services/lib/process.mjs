// Ports, process trees and installed programs: what every server of test/services needs from the machine.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Downloads and built programs, kept between runs of all checkouts. */
export const cache =
  process.env.MILLRACE_SERVICES_CACHE ??
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'millrace-services');

/**
 * Ports that nobody listens on, below the range that outgoing connections take theirs from: a server that is bounced must get
 * the same port again.
 * @param {number} count
 */
export async function freePorts(count) {
  const ports = [];
  for (let tries = 0; ports.length < count; tries++) {
    if (tries > 200) throw new Error('no free port between 20000 and 32000');
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (!ports.includes(port) && (await isFree(port))) ports.push(port);
  }
  return ports;
}

function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Start time of a process in clock ticks since boot: with it a pid names one process only. Undefined when it is gone or a zombie. */
export function birth(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

/** A process and all that it started, children of children first. Servers such as PostgreSQL leave the process group. */
export function tree(pid) {
  const children = new Map();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const parent = Number(
        readFileSync(`/proc/${name}/stat`, 'utf8')
          .replace(/^.*\) /s, '')
          .split(' ')[1],
      );
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    } catch {
      // Gone meanwhile.
    }
  }
  const all = [];
  const visit = (id) => {
    for (const child of children.get(id) ?? []) visit(child);
    all.push(id);
  };
  visit(pid);
  return all;
}

/** Signals a whole tree, the root first so that it restarts nothing, and answers its members. */
export function signalTree(pid, signal) {
  const members = tree(pid).reverse();
  for (const member of members) {
    try {
      process.kill(member, signal);
    } catch {
      // Gone meanwhile.
    }
  }
  return members;
}

/** Waits until none of the processes lives. */
export async function gone(pids, timeout = 20_000) {
  const until = Date.now() + timeout;
  while (pids.some((pid) => birth(pid) !== undefined)) {
    if (Date.now() > until) throw new Error(`processes ${pids.join(', ')} still live after ${timeout} ms`);
    await pause(20);
  }
}

/** Runs a program to its end; its output is shown only when it fails. */
export function run(file, args, options = {}) {
  const { status, error, stdout, stderr } = spawnSync(file, args, { encoding: 'utf8', ...options });
  if (error) throw error;
  if (status !== 0) {
    throw new Error(`${file} ${args.join(' ')} ended with ${status}\n${stdout ?? ''}${stderr ?? ''}`.slice(-4000));
  }
  return stdout;
}

const asRoot = process.getuid?.() === 0;

/**
 * Installs Debian packages unless `program` is there. Without root it says what to install. Retries: a mirror fails at times.
 * @param {string} program absolute path whose presence means installed
 * @param {string[]} packages
 */
export async function debian(program, packages) {
  if (existsSync(program)) return;
  if (!asRoot || !existsSync('/usr/bin/apt-get')) {
    throw new Error(`${program} is absent. Install it: sudo apt-get install ${packages.join(' ')}`);
  }
  await once('apt', async () => {
    if (existsSync(program)) return;
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    for (let attempt = 1; ; attempt++) {
      try {
        run('apt-get', ['update', '-qq'], { env });
        const wait = ['-o', 'DPkg::Lock::Timeout=300'];
        run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...wait, ...packages], { env });
        return;
      } catch (error) {
        if (attempt === 3) throw error;
        await pause(5000 * attempt);
      }
    }
  });
}

/** The jars of a pom.xml from Maven Central, in a cache folder named after what the pom says. Answers the folder. */
export async function maven(pom) {
  await debian('/usr/bin/java', ['openjdk-17-jre-headless']);
  const name = /<artifactId>([^<]+)<\/artifactId><version>([^<]+)<\/version>/.exec(readFileSync(pom, 'utf8'));
  const folder = join(cache, `${name[1]}-${name[2]}`);
  if (existsSync(join(folder, 'complete'))) return folder;
  await debian('/usr/bin/mvn', ['maven']);
  await once('maven', async () => {
    if (existsSync(join(folder, 'complete'))) return;
    const args = [
      '-B',
      '-q',
      '-f',
      pom,
      'dependency:copy-dependencies',
      `-DoutputDirectory=${folder}`,
      '-DincludeScope=runtime',
    ];
    for (let attempt = 1; ; attempt++) {
      try {
        run('mvn', args);
        break;
      } catch (error) {
        if (attempt === 3) throw error;
        await pause(5000 * attempt);
      }
    }
    writeFileSync(join(folder, 'complete'), '');
  });
  return folder;
}

/** One at a time on this machine: a lock folder, taken over when its owner is gone. */
export async function once(name, work) {
  mkdirSync(cache, { recursive: true });
  const lock = join(cache, `${name}.lock`);
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch {
      try {
        const owner = Number(readFileSync(join(lock, 'pid'), 'utf8'));
        if (birth(owner) === undefined) rmSync(lock, { recursive: true, force: true });
      } catch {
        // Its owner has not written its pid yet, or died before it could.
        const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
        if (age > 10_000) rmSync(lock, { recursive: true, force: true });
      }
      await pause(300);
    }
  }
  writeFileSync(join(lock, 'pid'), String(process.pid));
  try {
    return await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** A long-lived process that outlives us; its output goes to `log` (a file descriptor). */
export function daemon({ file, args = [], env = {}, uid, gid, cwd }, log) {
  const child = spawn(file, args, {
    detached: true,
    stdio: ['ignore', log, log],
    cwd,
    uid,
    gid,
    env: { ...process.env, NODE_OPTIONS: undefined, ...env },
  });
  child.unref();
  return child;
}

/** uid and gid of a system user, for servers that refuse to run as root. Empty when we are not root. */
export function systemUser(name) {
  if (!asRoot) return {};
  return { uid: Number(run('id', ['-u', name])), gid: Number(run('id', ['-g', name])) };
}
