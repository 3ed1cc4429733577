import type { AnyOperator } from '@millrace/sdk';
import { read } from './read.js';
import { send } from './send.js';
import { write } from './write.js';

export { CHANNEL_NAME, CHANNELS_TOKEN, CHANNELS_URL } from './write.js';
export { read, send, write };

/** The operators of this package. */
export const websocketOperators: readonly AnyOperator[] = [read, write, send];
export default websocketOperators;
