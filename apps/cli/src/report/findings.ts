import { type Finding, messageOf } from '@millrace/graph';
import type { LoadedGraph } from '../graph/load-graph.js';
import { type Place, placeOf, valueAt } from '../graph/pointer.js';

/** A finding as `--json` shows it: with its sentence and its place in the file. */
export interface FindingReport extends Finding {
  message: string;
  line: number;
  column: number;
}

export function reportFinding(finding: Finding, graph: LoadedGraph): FindingReport {
  return { ...finding, message: messageOf(finding), ...placeInFile(finding, graph) };
}

/**
 * A finding for a person:
 *
 *     graph.json:12:30  error  There is no field "statsu". Did you mean "status"?  [EXPRESSION_FIELD]
 *       node paid, /nodes/1/config/where
 *         statsu == 'paid'
 *         ^^^^^^
 *       fix: set it to "status == 'paid'"
 */
export function findingLines(finding: Finding, graph: LoadedGraph): string {
  const { line, column } = placeInFile(finding, graph);
  const where = [
    finding.nodeId && `node ${finding.nodeId}`,
    finding.edgeId && `edge ${finding.edgeId}`,
    finding.path,
  ].filter(Boolean);
  const lines = [`${graph.shownFile}:${line}:${column}  ${finding.severity}  ${messageOf(finding)}  [${finding.code}]`];
  if (where.length > 0) lines.push(`  ${where.join(', ')}`);
  lines.push(...caret(finding, graph));
  if (finding.fix && finding.fix.value !== undefined)
    lines.push(`  fix: set ${finding.fix.path} to ${JSON.stringify(finding.fix.value)}`);
  return `${lines.join('\n')}\n`;
}

/** "No findings.", or "2 errors, 1 warning." */
export function findingCount(findings: readonly Finding[]): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.length - errors;
  const words = [];
  if (errors > 0) words.push(`${errors} ${errors === 1 ? 'error' : 'errors'}`);
  if (warnings > 0) words.push(`${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`);
  return words.length === 0 ? 'no findings' : words.join(', ');
}

/**
 * The place in the file as it was read: a value that came by `--set` is pointed at through what surrounds it. A text that is no
 * JSON has only the place that the parser tells.
 */
function placeInFile(finding: Finding, graph: LoadedGraph): Place {
  const { line, column } = finding.params;
  if (typeof line === 'number' && typeof column === 'number') return { line, column };
  return graph.valid ? placeOf(graph.text, finding.path) : { line: 1, column: 1 };
}

const WIDTH = 100;

/** The line of the text at fault with its range underlined; long lines are cut around it. */
function caret(finding: Finding, graph: LoadedGraph): string[] {
  if (finding.range === undefined) return [];
  const text = valueAt(graph.document, finding.path);
  if (typeof text !== 'string') return [];
  const from = Math.min(Math.max(0, finding.range.from), text.length);
  const lineStart = text.lastIndexOf('\n', from - 1) + 1;
  const lineEnd = text.indexOf('\n', from) < 0 ? text.length : text.indexOf('\n', from);
  const to = Math.min(Math.max(from + 1, finding.range.to), Math.max(lineEnd, from + 1));
  const cut = from - lineStart > WIDTH / 2 ? from - WIDTH / 2 : lineStart;
  const shown = text.slice(cut, Math.min(lineEnd, cut + WIDTH)).replaceAll('\t', ' ');
  return [`    ${shown}`, `    ${' '.repeat(from - cut)}${'^'.repeat(Math.max(1, Math.min(to, cut + WIDTH) - from))}`];
}
