import type { FieldType } from '@millrace/sdk';
import type { Kind, ParamKind } from './functions/spec.js';

/** What is known of a value at design time. `time` is ISO text or ms; `any` is not known. */
export type { Kind };

/** True when a value of this kind could be of that one. Null fits everything: it only makes results null. */
export function mayBe(kind: Kind, wanted: FieldType): boolean {
  // Personal data has any shape: the tag says nothing about it.
  if (kind === 'any' || kind === 'personal' || kind === 'null') return true;
  if (wanted === 'any' || wanted === 'personal' || kind === wanted) return true;
  if (kind === 'time') return wanted === 'text' || wanted === 'number';
  return wanted === 'time' && (kind === 'text' || kind === 'number');
}

export function fitsParam(kind: Kind, wanted: readonly ParamKind[]): boolean {
  return wanted.some((one) => (one === 'moment' ? mayBe(kind, 'text') || mayBe(kind, 'number') : mayBe(kind, one)));
}

/** True when two kinds can be compared. */
export function comparable(a: Kind, b: Kind): boolean {
  return a === 'null' || b === 'null' || mayBe(a, b as FieldType);
}

/** The kind of a value that is one or the other. */
export function either(a: Kind, b: Kind): Kind {
  if (a === 'null') return b;
  return b === 'null' || a === b ? a : 'any';
}
