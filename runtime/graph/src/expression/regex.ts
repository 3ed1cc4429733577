import { RE2JS } from 're2js';
import type { Call } from './functions/spec.js';

/** Longest pattern, characters. */
const MAX_PATTERN = 256;
/** Largest compiled pattern: matching costs at most its size times the length of the text. */
const MAX_PROGRAM = 2000;

/** Compiles the pattern written at an argument. It must be a literal, so that it is compiled once and checked at design time. Linear time whatever it says. */
export function compilePattern(call: Call, index: number): RE2JS {
  const pattern = call.literal(index);
  if (typeof pattern !== 'string') {
    throw call.error(
      index,
      'EXPRESSION_PATTERN',
      'The pattern must be written as text in quotes, not computed',
      { problem: 'computed' },
      'Use contains, startsWith or split for texts that come from the record.',
    );
  }
  const refuse = (problem: string) =>
    call.error(index, 'EXPRESSION_PATTERN', `The pattern cannot be used: ${problem}`, { problem, pattern });
  if (pattern.length > MAX_PATTERN) throw refuse(`it is longer than ${MAX_PATTERN} characters`);
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(pattern);
  } catch (error) {
    throw refuse((error as Error).message.replace(/^error parsing regexp: /, ''));
  }
  if (compiled.programSize() > MAX_PROGRAM) throw refuse('its repetitions make it too large');
  return compiled;
}

/** The group an `extract` answers with. */
export function groupOf(call: Call, index: number, pattern: RE2JS): number {
  const groups = pattern.groupCount();
  if (call.args <= index) return groups > 0 ? 1 : 0;
  const group = call.literal(index);
  if (typeof group === 'number' && Number.isInteger(group) && group >= 0 && group <= groups) return group;
  throw call.error(index, 'EXPRESSION_ARGUMENT', `The group must be a whole number from 0 to ${groups}`, {
    function: 'extract',
    expected: `0…${groups}`,
  });
}
