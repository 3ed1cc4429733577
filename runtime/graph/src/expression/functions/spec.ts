import type { FieldType, MillraceError, Value } from '@millrace/sdk';

/** Kinds a parameter takes. `time` in a signature is ms or ISO text. */
export type Kind = FieldType | 'null';
export type ParamKind = 'text' | 'number' | 'boolean' | 'list' | 'object' | 'any' | 'moment';

export interface Param {
  readonly name: string;
  readonly kinds: readonly ParamKind[];
  readonly optional?: boolean;
}

/** What a function sees of its call when the expression is compiled. */
export interface Call {
  readonly source: string;
  readonly zone: string;
  readonly args: number;
  /** The value of an argument written as a literal, else undefined. */
  literal(index: number): string | number | boolean | null | undefined;
  /** An error at an argument (or at the whole call with -1). */
  error(index: number, code: string, message: string, params?: Record<string, unknown>, hint?: string): MillraceError;
  /** Takes work off the budget: one step for 64 characters. */
  read(text: string): void;
  /** Refuses a text or list that would be too long. */
  length(what: 'text' | 'list', length: number): void;
}

/** Arguments have the declared kinds and are not null (unless `acceptsNull`). */
// biome-ignore lint/suspicious/noExplicitAny: argument types follow from `params`, which the compiler cannot see
export type Implementation = (...args: any[]) => Value;

/**
 * One function of the language. `name(a, b)` and `a.name(b)` are the same. A null argument makes the answer null, unless the function
 * says that it takes nulls itself.
 */
export interface FunctionSpec {
  readonly name: string;
  readonly params: readonly Param[];
  /** The last parameter may be repeated. */
  readonly rest?: boolean;
  readonly returns: Kind | ((args: readonly Kind[]) => Kind);
  readonly acceptsNull?: boolean;
  /** One sentence for completion and docs. */
  readonly summary: string;
  /** Called once per call site; may refuse a literal argument by throwing `call.error`. */
  prepare(call: Call): Implementation;
}

export function param(name: string, ...kinds: readonly ParamKind[]): Param {
  return { name, kinds };
}

export function optional(name: string, ...kinds: readonly ParamKind[]): Param {
  return { name, kinds, optional: true };
}

/** `replace(text, from, to)`. */
export function signatureOf(spec: FunctionSpec): string {
  const params = spec.params.map(({ name, optional: may }) => (may ? `[${name}]` : name));
  return `${spec.name}(${params.join(', ')}${spec.rest ? ', …' : ''})`;
}
