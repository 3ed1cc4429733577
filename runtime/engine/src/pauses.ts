import { MAX_TIME } from '@millrace/sdk';
import type { NodeRunner } from './node-runner.js';

/** ms until something may have to happen without new input. */
export function patience(nodes: readonly NodeRunner[], now: number): number {
  let next = now + 500;
  for (const node of nodes) {
    const due = node.clockTimers?.peekTime() ?? MAX_TIME;
    if (due < next) next = due;
  }
  return Math.max(1, next - now);
}

/** Lets messages in (pause, commit replies) while the loop is busy. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
