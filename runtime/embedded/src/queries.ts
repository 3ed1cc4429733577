import { type DeadLetterRow, type DeadLetterSummary, decodeBlob } from '@millrace/engine';
import { keyOf, partsOf, unseal } from '@millrace/engine/savepoint';
import type { Environment } from './environment.js';

export function readDeadLetters(
  environment: Environment,
  options: { after?: { node: string; number: number }; limit?: number },
): DeadLetterRow[] {
  environment.resetReadTxn();
  const { after, limit = 100 } = options;
  const rows: DeadLetterRow[] = [];
  const start = after ? keyOf('d', after.node, after.number + 1) : keyOf('d');
  for (const { key, value } of environment.getRange({ start, end: keyOf('e'), limit })) {
    const [, node, number] = partsOf(key) as [string, string, number];
    const letter = decodeBlob(unseal(key, value), 'A dead letter') as Omit<DeadLetterRow, 'number'>;
    rows.push({ ...letter, node, number });
  }
  return rows;
}

/** Reasons, most frequent first, of up to 10,000 letters. */
export function summarise(environment: Environment): DeadLetterSummary[] {
  const groups = new Map<string, DeadLetterSummary>();
  for (const { node, code, message } of readDeadLetters(environment, { limit: 10_000 })) {
    const id = `${node} ${code}`;
    const group = groups.get(id);
    if (group) group.count++;
    else groups.set(id, { nodeId: node, code, message, count: 1 });
  }
  return [...groups.values()].sort((a, b) => b.count - a.count);
}

/** The rows of a view: the `row` of each cell of its task state `rows`. */
export function readView(environment: Environment, node: string): unknown[] {
  environment.resetReadTxn();
  const rows: unknown[] = [];
  for (const { key, value } of environment.getRange({
    start: keyOf('s', node, 'rows'),
    end: keyOf('s', node, 'rows\u0001'),
  })) {
    if (partsOf(key)[1] !== node) break;
    const [, cell] = decodeBlob(unseal(key, value), 'A view row') as [number, { row: unknown }];
    rows.push(cell.row);
  }
  return rows;
}
