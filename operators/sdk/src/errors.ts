/** Whose fault it is: decides who is told and whether a retry can help. */
export type ErrorDomain = 'user' | 'external' | 'internal';

export interface ErrorInfo {
  /** Stable upper-case code, e.g. `EXPRESSION_TYPE`. Locale files turn code + params into a sentence. */
  code: string;
  params?: Record<string, unknown>;
  domain?: ErrorDomain;
  retry?: 'never' | 'backoff';
  nodeId?: string;
  /** What to do about it, one sentence. */
  hint?: string;
  cause?: unknown;
}

/** The one error class. The runtime reads `code`, `domain` and `retry`, never the message. */
export class MillraceError extends Error {
  readonly code: string;
  readonly params: Record<string, unknown>;
  readonly domain: ErrorDomain;
  readonly retry: 'never' | 'backoff';
  nodeId: string | undefined;
  readonly hint: string | undefined;

  constructor(message: string, info: ErrorInfo) {
    super(message, info.cause === undefined ? undefined : { cause: info.cause });
    this.name = 'MillraceError';
    this.code = info.code;
    this.params = info.params ?? {};
    this.domain = info.domain ?? 'user';
    this.retry = info.retry ?? (this.domain === 'external' ? 'backoff' : 'never');
    this.nodeId = info.nodeId;
    this.hint = info.hint;
  }
}

/** Turns anything thrown into a `MillraceError`; the one edge where unknown throws are named. Recognises foreign copies of the class by shape. */
export function toMillraceError(thrown: unknown, fallbackCode = 'OPERATOR_THREW'): MillraceError {
  if (thrown instanceof MillraceError) return thrown;
  if (thrown instanceof Error) {
    const like = thrown as Partial<ErrorInfo> & Error;
    if (
      typeof like.code === 'string' &&
      (like.domain === 'user' || like.domain === 'external' || like.domain === 'internal')
    ) {
      return new MillraceError(thrown.message, { ...(like as ErrorInfo), cause: thrown });
    }
    return new MillraceError(thrown.message, { code: fallbackCode, domain: 'user', cause: thrown });
  }
  return new MillraceError(String(thrown), { code: fallbackCode, domain: 'user' });
}

/**
 * A value a source could not turn into a record (a broken line, a wrong row). Put it into the batch in place of the value:
 * the runtime treats it like a record that failed at the source node (fail | skip | dead-letter).
 */
export class BadInput {
  constructor(
    readonly raw: string,
    readonly error: MillraceError,
  ) {}
}
