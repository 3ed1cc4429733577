import type { DeadLetterRow } from '@millrace/engine';
import type { DeadLetterPage } from './engine.js';

/** Ids of dead letters are `<node>:<number>`; node ids hold no colon. */
export function letterPlace(id: string | undefined): { node: string; number: number } | undefined {
  const [node, number] = id?.split(':') ?? [];
  return node !== undefined && number !== undefined && /^\d+$/.test(number)
    ? { node, number: Number(number) }
    : undefined;
}

/** What to ask a backend for: the letters after a cursor. */
export function letterQuery(
  limit: number,
  cursor: string | undefined,
): { after?: { node: string; number: number }; limit: number } {
  const after = letterPlace(cursor);
  return { limit, ...(after && { after }) };
}

/** Letters as the API tells of them; a full page names the last one as cursor for the next. */
export function letterPage(rows: readonly DeadLetterRow[], limit: number): DeadLetterPage {
  const letters = rows.map((row) => ({
    id: `${row.node}:${row.number}`,
    nodeId: row.node,
    port: row.port,
    code: row.code,
    message: row.message,
    ...(row.hint !== null && { hint: row.hint }),
    value: row.value,
    time: row.time,
    at: row.at,
    status: row.status ?? 'open',
  }));
  const last = letters.at(-1);
  return { letters, ...(letters.length === limit && last && { next: last.id }) };
}
