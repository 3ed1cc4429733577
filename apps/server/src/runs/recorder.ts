import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { MetricsSample } from './engine.js';
import { MetricsHistory, MINUTES } from './history.js';

/** Histories of runs that are not live are kept in memory for this many runs. */
const KEPT = 20;

/** Keeps the metrics of runs: seconds in memory, finished minutes also in a file, so that a restart leaves no hole before it. */
export class MetricsRecorder {
  readonly #dir: string;
  readonly #logger: Logger;
  readonly #histories = new Map<string, MetricsHistory>();

  constructor(dir: string, logger: Logger) {
    this.#dir = dir;
    this.#logger = logger;
  }

  get(runId: string): MetricsHistory | undefined {
    return this.#histories.get(runId);
  }

  /** Makes the history of a run ready, with the minutes of its earlier lives. */
  async open(runId: string): Promise<void> {
    if (this.#histories.has(runId)) return;
    const minutes = await this.#load(runId);
    this.#histories.set(runId, new MetricsHistory(minutes));
  }

  /** Forgets the oldest of the histories whose runs are not live; their minutes stay on disk. */
  forgetBut(live: ReadonlyMap<string, unknown>): void {
    const idle = [...this.#histories.keys()].filter((id) => !live.has(id));
    for (const id of idle.slice(0, Math.max(0, idle.length - KEPT))) this.#histories.delete(id);
  }

  add(runId: string, sample: MetricsSample): void {
    const minute = this.#histories.get(runId)?.add(sample);
    if (minute === undefined) return;
    appendFile(this.#file(runId), `${JSON.stringify(minute)}\n`, { mode: 0o600 }).catch((error: unknown) => {
      this.#logger.warn({ err: error, run: runId }, 'a minute of metrics could not be kept');
    });
  }

  async remove(runId: string): Promise<void> {
    this.#histories.delete(runId);
    await rm(this.#file(runId), { force: true });
  }

  #file(runId: string): string {
    return join(this.#dir, `${runId}.ndjson`);
  }

  /** The last 24 hours; older lines are cut off on the way. */
  async #load(runId: string): Promise<MetricsSample[]> {
    const text = await readFile(this.#file(runId), 'utf8').catch(() => '');
    const lines = text.split('\n').filter((line) => line !== '');
    const kept = lines.slice(-MINUTES);
    const minutes = kept.flatMap((line) => parse(line) ?? []);
    if (kept.length < lines.length) await writeFile(this.#file(runId), `${kept.join('\n')}\n`, { mode: 0o600 });
    return minutes;
  }
}

/** A line that a crash left half written says nothing. */
function parse(line: string): MetricsSample | undefined {
  try {
    return JSON.parse(line) as MetricsSample;
  } catch {
    return undefined;
  }
}
