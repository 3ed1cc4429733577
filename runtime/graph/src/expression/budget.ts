import type { MillraceError } from '@millrace/sdk';
import { expressionError } from './errors.js';
import type { Span } from './tree.js';

/** Longest text an expression may make, characters. */
export const MAX_TEXT = 1_048_576;
/** Longest list an expression may make. */
export const MAX_LIST = 10_000;
/** Work of one evaluation: loop rounds, plus the text that functions read in units of 64 characters. */
export const MAX_STEPS = 100_000;

let left = MAX_STEPS;

/** Begins the budget of one evaluation. Expressions are synchronous and never call one another, so one counter serves all. */
export function startBudget(): void {
  left = MAX_STEPS;
}

/** Takes `steps` from the budget of the running evaluation. */
export function charge(steps: number, source: string, at: Span): void {
  left -= steps;
  if (left < 0) throw limitError('steps', MAX_STEPS, source, at);
}

/** Refuses texts and lists that have grown beyond bounds, before they are made. */
export function checkLength(what: 'text' | 'list', length: number, source: string, at: Span): void {
  if (length > (what === 'text' ? MAX_TEXT : MAX_LIST)) {
    throw limitError(what, what === 'text' ? MAX_TEXT : MAX_LIST, source, at);
  }
}

/** Refuses an answer whose JSON would be larger than about 1 MiB: a loop can repeat a large text without ever copying it. */
export function checkResult(result: unknown, source: string): void {
  let size = 0;
  const todo: unknown[] = [result];
  while (todo.length > 0) {
    const value = todo.pop();
    if (typeof value === 'string') size += value.length;
    else if (typeof value === 'object' && value !== null) {
      if (Array.isArray(value)) for (const item of value) todo.push(item);
      else {
        for (const key of Object.keys(value)) {
          size += key.length;
          todo.push((value as { [name: string]: unknown })[key]);
        }
      }
    }
    size += 4;
    if (size > MAX_TEXT) throw limitError('text', MAX_TEXT, source, { from: 0, to: source.length });
  }
}

function limitError(what: 'steps' | 'text' | 'list', limit: number, source: string, at: Span): MillraceError {
  const message = {
    steps: 'The expression takes too long for this record',
    text: `A text of more than ${limit} characters would come out`,
    list: `A list of more than ${limit} items would come out`,
  }[what];
  return expressionError('EXPRESSION_LIMIT', message, source, at, { what, limit });
}
