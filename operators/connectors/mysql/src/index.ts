import type { AnyOperator } from '@millrace/sdk';
import { mysqlLookup } from './lookup.js';
import { mysqlRead } from './read.js';
import { mysqlWrite } from './write.js';

export { mysqlLookup, mysqlRead, mysqlWrite };

/** The operators of this package. */
export const mysqlOperators: readonly AnyOperator[] = [mysqlRead, mysqlWrite, mysqlLookup];
export default mysqlOperators;
