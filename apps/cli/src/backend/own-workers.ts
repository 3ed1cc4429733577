import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

interface Options {
  count: number;
  slots: number;
  plugins: readonly string[];
  log(level: 'warn', message: string, fields?: { [name: string]: unknown }): void;
}

/** A worker that ends sooner than this did not get far, ms. */
const SHORT_LIFE = 2_000;
const SHORT_LIVES = 5;

/** Worker processes of one command: they take no other run, and end with the command, however it ends. */
export class OwnWorkers {
  readonly pool = `own-${randomBytes(6).toString('hex')}`;
  readonly count: number;
  readonly #options: Options;
  readonly #children = new Set<ChildProcess>();
  #closing = false;
  #shortLives = 0;
  #hopeless: () => void = () => undefined;

  constructor(options: Options) {
    this.#options = options;
    this.count = options.count;
    for (let i = 0; i < options.count; i++) this.#spawn();
  }

  /** Called when workers end again and again as soon as they have started. */
  whenHopeless(act: () => void): void {
    this.#hopeless = act;
  }

  #spawn(): void {
    const { slots, plugins, log } = this.#options;
    const started = performance.now();
    const root = join(dirname(createRequire(import.meta.url).resolve('@millrace/cli/package.json')), '../..');
    const words = ['worker', '--slots', String(slots), '--pool', this.pool, '--exit-with-stdin'];
    for (const plugin of plugins) words.push('--operators', plugin);
    const child = spawn(process.execPath, [join(root, 'bin/millrace.mjs'), ...words], {
      stdio: ['pipe', 'ignore', 'inherit'],
      // Out of the terminal's reach: Ctrl-C is for the command, which pauses the run.
      detached: true,
    });
    this.#children.add(child);
    child.on('error', () => undefined);
    child.on('exit', (code, signal) => {
      this.#children.delete(child);
      if (this.#closing) return;
      this.#shortLives = performance.now() - started < SHORT_LIFE ? this.#shortLives + 1 : 0;
      log('warn', 'a worker has ended', { pid: child.pid, code: code ?? undefined, signal: signal ?? undefined });
      if (this.#shortLives < SHORT_LIVES) this.#spawn();
      else this.#hopeless();
    });
  }

  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all(
      [...this.#children].map(
        (child) =>
          new Promise<void>((resolve) => {
            const late = setTimeout(() => child.kill('SIGKILL'), 7_000);
            child.once('exit', () => {
              clearTimeout(late);
              resolve();
            });
            child.kill('SIGTERM');
          }),
      ),
    );
  }
}
