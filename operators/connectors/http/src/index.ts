import type { AnyOperator } from '@millrace/sdk';
import { ingest } from './ingest.js';
import { webhook } from './webhook.js';

export { isPrivateAddress, urlProblem } from './guard.js';
export { type SecretRef, secretText } from './secret.js';
export { ingest, webhook };

/** The operators of this package. */
export const httpOperators: readonly AnyOperator[] = [ingest, webhook];
export default httpOperators;
