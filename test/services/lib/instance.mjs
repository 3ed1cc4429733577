// A running server of test/services: started, found again by other processes, killed, bounced and stopped.
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { serverNamed } from './catalogue.mjs';
import { birth, daemon, freePorts, gone, signalTree, tree } from './process.mjs';

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
const states = join(root, '.millrace', 'services');
const stateFile = (id) => join(states, `${id}.json`);

/**
 * @typedef {object} State what other processes need to find a server again
 * @property {string} id
 * @property {string} server
 * @property {number} pid
 * @property {string} birth
 * @property {string} url
 * @property {string} folder
 * @property {number[]} ports the first one is that of the URL
 * @property {Record<string, string>} options
 * @property {Record<string, string>} env variables that hand the server to tests and programs
 */

/**
 * Installs what is missing, starts a server of its own in a temporary folder and waits until it answers.
 * @param {string} name
 * @param {{ id?: string, options?: Record<string, string> }} [settings] `options` are settings of the server itself
 * @returns {Promise<Instance>}
 */
export async function startServer(name, { id, options = {} } = {}) {
  const server = serverNamed(name);
  const known = id ?? `${server.name}-${process.pid}-${Math.random().toString(36).slice(2, 6)}`;
  await server.install();
  const folder = mkdtempSync(join(tmpdir(), `millrace-${server.name}-`));
  // Servers that refuse root run as a user of their own and must get through.
  chmodSync(folder, 0o755);
  const ports = await freePorts(server.ports ?? 1);
  const state = { id: known, server: server.name, pid: 0, birth: '', folder, ports, options, url: '', env: {} };
  state.url = server.url(state);
  state.env = { [server.env]: state.url, ...server.moreEnv?.(state) };
  const instance = new Instance(state);
  try {
    await server.prepare?.(state);
    await instance.launch();
    await server.seed?.(state);
    return instance;
  } catch (error) {
    const log = existsSync(join(folder, 'server.log'))
      ? readFileSync(join(folder, 'server.log'), 'utf8').slice(-3000)
      : '';
    await instance.stop();
    throw new Error(`${server.name} did not start: ${error.message}\n${log}`, { cause: error });
  }
}

/** A server that was started before, by any process of this checkout. Undefined when it does not run (any more). */
export function runningServer(id) {
  if (!existsSync(stateFile(id))) return undefined;
  const instance = new Instance(JSON.parse(readFileSync(stateFile(id), 'utf8')));
  return instance.alive ? instance : undefined;
}

/** All servers of this checkout that have a state file, dead ones too. */
export function knownServers() {
  if (!existsSync(states)) return [];
  return readdirSync(states)
    .filter((file) => file.endsWith('.json'))
    .map((file) => new Instance(JSON.parse(readFileSync(join(states, file), 'utf8'))));
}

export class Instance {
  /** @param {State} state */
  constructor(state) {
    this.state = state;
    this.server = serverNamed(state.server);
  }

  get url() {
    return this.state.url;
  }

  get env() {
    return this.state.env;
  }

  get port() {
    return this.state.ports[0];
  }

  get alive() {
    return this.state.pid !== 0 && birth(this.state.pid) === this.state.birth;
  }

  /** Starts the process on the folder and the ports that it has, and waits until it answers. */
  async launch() {
    const log = openSync(join(this.state.folder, 'server.log'), 'a');
    const child = daemon(await this.server.command(this.state), log);
    closeSync(log);
    await new Promise((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    this.state.pid = child.pid;
    this.state.birth = birth(child.pid) ?? '';
    mkdirSync(states, { recursive: true });
    writeFileSync(stateFile(this.state.id), `${JSON.stringify(this.state, undefined, 2)}\n`);
    await this.ready();
  }

  /** Waits until the server does real work for a client that logs in. */
  async ready(timeout = this.server.startTimeout ?? 60_000) {
    const until = Date.now() + timeout;
    for (;;) {
      try {
        await this.server.ready(this.state);
        return;
      } catch (error) {
        if (!this.alive) throw new Error(`the process ended before it was ready (${error.message})`);
        if (Date.now() > until) throw new Error(`not ready after ${timeout / 1000} s (${error.message})`);
        await pause(100);
      }
    }
  }

  /** `kill -9` of the whole server, as when its machine loses power. Folder and ports stay. */
  async kill() {
    if (!this.alive) return;
    await gone(signalTree(this.state.pid, 'SIGKILL'));
    await this.server.afterKill?.(this.state);
  }

  /** Kills it and starts it again on the same port and data. @param {{ down?: number }} [options] ms between the two */
  async bounce({ down = 0 } = {}) {
    await this.kill();
    await pause(down);
    await this.launch();
  }

  /** Stops the process from running (SIGSTOP): connections stay open and nothing answers. */
  freeze() {
    signalTree(this.state.pid, 'SIGSTOP');
  }

  thaw() {
    signalTree(this.state.pid, 'SIGCONT');
  }

  /** Resident memory of the whole tree in bytes. */
  memory() {
    let pages = 0;
    for (const pid of tree(this.state.pid)) {
      try {
        pages += Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
      } catch {
        // Gone meanwhile.
      }
    }
    return pages * 4096;
  }

  /** Ends the server and removes its folder and its state file. */
  async stop() {
    try {
      if (this.alive) await this.kill();
      await this.server.afterStop?.(this.state);
    } finally {
      rmSync(this.state.folder, { recursive: true, force: true, maxRetries: 5 });
      rmSync(stateFile(this.state.id), { force: true });
    }
  }
}
