import type { AnyOperator } from '@millrace/sdk';
import { shop } from './shop-source.js';

export type { ShopPosition } from './shop-reader.js';
export { shop } from './shop-source.js';

/** Sources that make up their data. */
export const generatorOperators: readonly AnyOperator[] = [shop];

export default generatorOperators;
