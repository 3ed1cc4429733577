import type { NodeReport, RunReport } from '@millrace/embedded';
import { count, rate, span } from './numbers.js';

interface Column {
  title: string;
  cell(node: NodeReport): string;
  /** Left out when no node has anything to say. */
  fate?: (node: NodeReport) => number;
}

const COLUMNS: readonly Column[] = [
  { title: 'in', cell: (node) => count(node.in) },
  { title: 'out', cell: (node) => count(node.out) },
  { title: 'filtered', cell: (node) => count(node.filtered), fate: (node) => node.filtered },
  { title: 'late', cell: (node) => count(node.late), fate: (node) => node.late },
  { title: 'skipped', cell: (node) => count(node.skipped), fate: (node) => node.skipped },
  { title: 'dead letters', cell: (node) => count(node.deadLettered), fate: (node) => node.deadLettered },
  { title: 'records/s', cell: (node) => rate(node.throughput) },
  { title: 'APT', cell: (node) => `${node.aptUs < 10 ? node.aptUs.toFixed(2) : Math.round(node.aptUs)} µs` },
  { title: 'p50', cell: (node) => span(node.latencyMs.p50) },
  { title: 'p95', cell: (node) => span(node.latencyMs.p95) },
  { title: 'p99', cell: (node) => span(node.latencyMs.p99) },
];

/** One line per node: fates, throughput, average processing time (APT) and latency. Fates nobody met are left out. */
export function nodeTable(report: RunReport): string {
  const nodes = Object.entries(report.nodes);
  const columns = COLUMNS.filter(({ fate }) => fate === undefined || nodes.some(([, node]) => fate(node) > 0));
  const rows = [
    ['node', ...columns.map(({ title }) => title)],
    ...nodes.map(([id, node]) => [id, ...columns.map(({ cell }) => cell(node))]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  '),
  );
  return `${lines.join('\n')}\n`;
}

/** What kept nodes from going on when the run ended; empty when nothing did. */
export function problemLines(report: RunReport): string {
  return Object.entries(report.nodes)
    .flatMap(([id, { problem }]) => (problem ? [problemLine(id, problem)] : []))
    .join('');
}

/** One line for a person who waits: what is wrong at a node, and what to do. */
export function problemLine(id: string, { code, message, hint }: NonNullable<NodeReport['problem']>): string {
  return `${id}: ${message}${hint === undefined ? '' : ` ${hint}`} [${code}]\n`;
}

/** What went to the dead letters, most frequent first; empty when nothing did. */
export function deadLetterLines(report: RunReport, limit = 10): string {
  if (report.deadLetters.length === 0) return '';
  const sorted = [...report.deadLetters].sort((a, b) => b.count - a.count);
  const lines = sorted
    .slice(0, limit)
    .map(({ nodeId, code, message, count: n }) => `  ${count(n)} × ${nodeId}: ${message} [${code}]`);
  if (sorted.length > limit) lines.push(`  and ${sorted.length - limit} more kinds`);
  return `Dead letters (records a node could not process):\n${lines.join('\n')}\n`;
}
