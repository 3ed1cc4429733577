import type { StreamRecord, Value } from '@millrace/sdk';

/** A compiled part of an expression. Answers null, never undefined. */
export type Evaluate = (value: Value, record: StreamRecord | undefined) => Value;

/** What one compilation shares between its closures. */
export interface Scope {
  readonly source: string;
  /** IANA zone of local times. */
  readonly zone: string;
  /** Current values of the loop variables, by nesting. One evaluation runs at a time. */
  readonly slots: Value[];
}
