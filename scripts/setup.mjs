// Makes a clone ready to run: installs the packages with pnpm, then builds. Plain Node, no dependencies, because nothing is
// installed yet when it runs. When nothing changed since the last time it only compares file sizes and times (well under 0.5 s).
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const quiet = process.argv.includes('--quiet');
const stampDir = join(root, 'node_modules', '.millrace');
const stampFile = join(stampDir, 'setup.json');
const lockFile = join(root, '.millrace', 'setup.lock');

/** pnpm 12 is a native binary, pnpm 10 plain JavaScript for the platforms it does not know. 11 needs a newer Node. */
const PNPM = ['pnpm@12.21.0', 'pnpm@10.34.9'];
const SOURCE_ROOTS = ['apps', 'operators', 'runtime'];

/** What is built after the install, in order. `outputs` must exist afterwards, `inputs` are the files that decide about staleness. */
const BUILD_STEPS = [
  {
    name: 'build',
    command: [process.execPath, join('scripts', 'transpile.mjs')],
    inputs: () => [...rootFiles(/^tsconfig.*\.json$/), join('scripts', 'transpile.mjs'), ...sources()],
    outputs: () => references().map((folder) => join(folder, 'dist', 'index.js')),
  },
  {
    name: 'bundle',
    command: [process.execPath, join('scripts', 'bundle.mjs')],
    inputs: () => [
      ...rootFiles(/^(tsconfig.*|package)\.json$/),
      'pnpm-lock.yaml',
      join('scripts', 'bundle.mjs'),
      ...sources(),
    ],
    outputs: () => ['main', 'catalogue', 'sdk'].map((entry) => join('apps', 'cli', 'dist', 'bundle', `${entry}.js`)),
  },
  {
    name: 'editor',
    command: [process.execPath, join('scripts', 'build-editor.mjs')],
    inputs: () => [join('scripts', 'build-editor.mjs'), join('apps', 'editor', 'package.json'), ...sources()],
    outputs: () => [join('apps', 'editor', 'dist', 'index.html')],
  },
];

await main().catch((error) => {
  process.stderr.write(`millrace setup: ${error.message}\n`);
  process.exitCode = 1;
});

async function main() {
  requireNode(20, 19);
  const started = performance.now();
  if (upToDate()) return say('setup: nothing to do');
  const unlock = await lock();
  try {
    if (upToDate()) return say('setup: nothing to do');
    const stamps = readStamps();
    const wanted = installStamp();
    if (stamps.install !== wanted || !installed()) {
      await install();
      writeStamps({ install: wanted });
    }
    for (const step of BUILD_STEPS) {
      // Taken before the step, so that a file saved while it runs makes the next setup run it again.
      const inputs = stampOf(step.inputs());
      if (readStamps()[step.name] === inputs && step.outputs().every(exists)) continue;
      await timed(step.name, () => run(step.command));
      const missing = step.outputs().filter((file) => !exists(file));
      if (missing.length > 0) throw new Error(`the step "${step.name}" did not write ${missing.join(', ')}`);
      writeStamps({ [step.name]: inputs });
    }
    say(`setup: ready in ${seconds(started)}`);
  } finally {
    unlock();
  }
}

function requireNode(major, minor) {
  const [haveMajor, haveMinor] = process.versions.node.split('.').map(Number);
  if (haveMajor > major || (haveMajor === major && haveMinor >= minor)) return;
  throw new Error(
    `Node ${major}.${minor} or newer is needed, this is ${process.versions.node}. Get one at https://nodejs.org.`,
  );
}

function upToDate() {
  const stamps = readStamps();
  return (
    installed() &&
    stamps.install === installStamp() &&
    BUILD_STEPS.every((step) => step.outputs().every(exists) && stamps[step.name] === stampOf(step.inputs()))
  );
}

function installed() {
  return exists(join('node_modules', 'typescript', 'bin', 'tsc'));
}

/** The install depends on the contents of the manifests and the lockfile, and on the platform (native packages). */
function installStamp() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch} ${process.versions.modules}\n`);
  const manifests = [
    ...workspaceFolders().map((folder) => join(folder, 'package.json')),
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    'package.json',
  ];
  for (const file of manifests) if (exists(file)) hash.update(`${file}\n`).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

/** Every folder with a manifest up to three levels below the workspace's roots. */
function workspaceFolders() {
  const found = [];
  const walk = (folder, depth) => {
    if (exists(join(folder, 'package.json'))) found.push(folder);
    if (depth === 0) return;
    for (const entry of list(folder)) {
      if (entry.isDirectory() && !skipped(entry.name)) walk(join(folder, entry.name), depth - 1);
    }
  };
  for (const top of [...SOURCE_ROOTS, 'examples', 'test']) walk(top, 2);
  return found.sort();
}

/** Paths, sizes and times stand for contents here: cheap, and a wrong guess only costs a build that finds nothing to do. */
function stampOf(files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const { size, mtimeMs } = statSync(join(root, file));
    hash.update(`${file}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function sources() {
  const found = [];
  const walk = (folder) => {
    for (const entry of list(folder)) {
      if (skipped(entry.name)) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) walk(path);
      else if (/\.(ts|tsx|mts|json|css|html)$/.test(entry.name) && !entry.name.endsWith('.test.ts')) found.push(path);
    }
  };
  for (const top of SOURCE_ROOTS) walk(top);
  return found.sort();
}

function references() {
  return JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')).references.map((reference) => reference.path);
}

function rootFiles(pattern) {
  return list('.')
    .map((entry) => entry.name)
    .filter((name) => pattern.test(name))
    .sort();
}

function skipped(name) {
  return name === 'node_modules' || name === 'dist' || name.startsWith('.');
}

function list(folder) {
  try {
    return readdirSync(join(root, folder), { withFileTypes: true });
  } catch {
    return [];
  }
}

function exists(file) {
  return existsSync(join(root, file));
}

function readStamps() {
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8'));
  } catch {
    return {};
  }
}

function writeStamps(change) {
  mkdirSync(stampDir, { recursive: true });
  writeFileSync(stampFile, `${JSON.stringify({ ...readStamps(), ...change }, null, 2)}\n`);
}

async function install() {
  for (const [index, pnpm] of PNPM.entries()) {
    try {
      // CI=true: pnpm never asks, also when it has to replace an older node_modules.
      return await timed(`install (${pnpm})`, () =>
        run(['npx', '-y', pnpm, 'install', '--frozen-lockfile'], { CI: 'true' }),
      );
    } catch (error) {
      if (index === PNPM.length - 1)
        throw new Error(`${error.message}\nCould not install the packages. Is the npm registry reachable (npm ping)?`);
      process.stderr.write(`${error.message}\nTrying ${PNPM[index + 1]} instead.\n`);
    }
  }
}

/** Runs a command; its output is shown only when it fails. */
function run(command, env = {}) {
  return new Promise((resolve, reject) => {
    const [file, ...args] = command;
    const child = spawn(file, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32' && file === 'npx',
    });
    const output = [];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    child.on('error', (error) => reject(new Error(`cannot start ${file}: ${error.message}`)));
    child.on('close', (code, signal) => {
      if (code === 0) return resolve();
      reject(new Error(`${Buffer.concat(output)}\n${command.join(' ')} failed (${signal ?? `exit ${code}`})`));
    });
  });
}

async function timed(name, work) {
  const started = performance.now();
  say(`setup: ${name} ...`);
  await work();
  say(`setup: ${name} done in ${seconds(started)}`);
}

function seconds(started) {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`;
}

function say(line) {
  if (!quiet) process.stdout.write(`${line}\n`);
}

/** One setup at a time in a checkout: `npm start` and `npm test` may be typed in two terminals at once. */
async function lock() {
  mkdirSync(dirname(lockFile), { recursive: true });
  for (let told = false; ; ) {
    try {
      const handle = openSync(lockFile, 'wx');
      writeFileSync(handle, String(process.pid));
      closeSync(handle);
      const unlock = () => rmSync(lockFile, { force: true });
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
        process.once(signal, () => {
          unlock();
          process.exit(130);
        });
      }
      return unlock;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const owner = readOwner();
    if (owner !== undefined && !alive(owner)) {
      rmSync(lockFile, { force: true });
      continue;
    }
    if (!told) say('setup: another setup is running here, waiting for it ...');
    told = true;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Process id in the lock file; undefined while its owner is still writing it, 0 when that has taken too long. */
function readOwner() {
  try {
    const text = readFileSync(lockFile, 'utf8');
    if (text !== '') return Number(text);
    return Date.now() - statSync(lockFile).mtimeMs > 2000 ? 0 : undefined;
  } catch {
    return undefined;
  }
}

function alive(pid) {
  if (pid === 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
