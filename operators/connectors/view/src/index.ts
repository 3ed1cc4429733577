import type { AnyOperator } from '@millrace/sdk';
import { table } from './table.js';

export { table } from './table.js';

/** Live tables: the latest value of each key, read while the workflow runs. */
export const viewOperators: readonly AnyOperator[] = [table];

export default viewOperators;
