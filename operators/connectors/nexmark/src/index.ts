import type { AnyOperator } from '@millrace/sdk';
import { events } from './events.js';

export { type Kind, kindOf, lastAuction, lastPerson } from './ids.js';
export type { Auction, Bid, Person } from './records.js';
export { Timeline } from './timeline.js';
export { events };

/** The auction of the Nexmark benchmark as a source. */
export const nexmarkOperators: readonly AnyOperator[] = [events];

export default nexmarkOperators;
