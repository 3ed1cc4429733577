/** @module The operators that shape and combine any stream. The default export is what a host loads. */
import { explode } from './explode.js';
import { filter } from './filter.js';
import { print } from './print.js';
import { route } from './route.js';
import { runningAggregate } from './running-aggregate.js';
import { setFields } from './set-fields.js';
import { union } from './union.js';
import { windowAggregate } from './window-aggregate.js';

export const coreOperators = [filter, setFields, route, union, explode, windowAggregate, runningAggregate, print];
export default coreOperators;

export { explode, filter, print, route, runningAggregate, setFields, union, windowAggregate };
