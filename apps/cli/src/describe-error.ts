import type { MillraceError } from '@millrace/sdk';

/**
 * An error as lines for the terminal: the sentence, its node and code, and the hint. Errors are recognised by shape, because
 * a plugin may carry its own copy of the sdk. Only an error without a code is ours to explain: it keeps its stack.
 */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return `error: ${String(error)}\n`;
  const { code, hint, nodeId, domain } = error as Partial<MillraceError>;
  if (typeof code !== 'string' || typeof domain !== 'string') return `error: ${error.stack ?? error.message}\n`;
  return errorLines({ code, message: error.message, hint, nodeId });
}

/** The same for an error that came as data, as in a run's report. */
export function errorLines(error: {
  code: string;
  message: string;
  hint?: string | undefined;
  nodeId?: string | undefined;
}): string {
  const where = error.nodeId === undefined ? '' : ` (node ${error.nodeId})`;
  return `error: ${error.message}${where} [${error.code}]\n${error.hint ? `  ${error.hint}\n` : ''}`;
}
