import type { RunReport } from '@millrace/embedded';
import type { Io } from '../io.js';
import { count, rate } from './numbers.js';

/**
 * One line at the bottom of the terminal that is drawn over again. Everything else that is written while it shows goes
 * through `above`, so that lines never mix. On anything but a terminal it writes nothing.
 */
export class Progress {
  #shown = false;

  constructor(
    private readonly io: Io,
    private readonly sources: readonly string[],
  ) {}

  /** Draws the numbers of now. */
  draw(report: RunReport): void {
    if (!this.io.terminal) return;
    this.io.err(`\r\x1b[2K${progressLine(report, this.sources, this.io.columns)}`);
    this.#shown = true;
  }

  /** Takes the line away and runs `write`; the next `draw` puts it back below. */
  above(write: () => void): void {
    this.clear();
    write();
  }

  clear(): void {
    if (this.#shown) this.io.err('\r\x1b[2K');
    this.#shown = false;
  }
}

/** `[#####-----]  52 %  1,234 records  56.7 k/s  12.3 s`, cut to the width of the terminal. */
export function progressLine(report: RunReport, sources: readonly string[], columns: number): string {
  let records = 0;
  let perSecond = 0;
  let dead = 0;
  for (const id of sources) {
    records += report.nodes[id]?.out ?? 0;
    perSecond += report.nodes[id]?.throughput ?? 0;
  }
  for (const node of Object.values(report.nodes)) dead += node.deadLettered;
  const words = [
    report.status === 'running' ? '' : report.status,
    report.progress === undefined ? '' : `${Math.floor(report.progress * 100)} %`.padStart(5),
    `${count(records)} records`,
    `${rate(perSecond)}/s`,
    `${(report.durationMs / 1000).toFixed(1)} s`,
    dead > 0 ? `${count(dead)} dead letters` : '',
    report.restarts > 0 ? `${report.restarts} restarts` : '',
    ...Object.entries(report.nodes).flatMap(([id, { problem }]) => (problem ? [`${id}: ${problem.message}`] : [])),
  ].filter((word) => word !== '');
  const text = words.join('  ');
  const room = Math.min(30, columns - text.length - 5);
  if (report.progress === undefined || room < 5) return text.slice(0, columns - 1);
  const filled = Math.round(room * Math.min(1, report.progress));
  return `[${'#'.repeat(filled)}${'-'.repeat(room - filled)}] ${text}`;
}
