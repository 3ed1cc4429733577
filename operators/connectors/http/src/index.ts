import type { AnyOperator } from '@millrace/sdk';
import { enrich } from './enrich.js';
import { ingest } from './ingest.js';
import { poll } from './poll.js';
import { webhook } from './webhook.js';

export { isPrivateAddress, urlProblem } from './guard.js';
export { type SecretRef, secretText } from './secret.js';
export { enrich, ingest, poll, webhook };

/** The operators of this package. */
export const httpOperators: readonly AnyOperator[] = [ingest, poll, enrich, webhook];
export default httpOperators;
