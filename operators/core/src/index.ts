/** @module The operators that shape and combine any stream. The default export is what a host loads. */
import { dedupe } from './dedupe.js';
import { explode } from './explode.js';
import { filter } from './filter.js';
import { latest } from './latest.js';
import { mask } from './mask.js';
import { pattern } from './pattern.js';
import { print } from './print.js';
import { route } from './route.js';
import { runningAggregate } from './running-aggregate.js';
import { sample } from './sample.js';
import { setFields } from './set-fields.js';
import { sort } from './sort.js';
import { throttle } from './throttle.js';
import { topN } from './top-n.js';
import { union } from './union.js';
import { windowAggregate } from './window-aggregate.js';

export const coreOperators = [
  filter,
  setFields,
  route,
  union,
  explode,
  windowAggregate,
  runningAggregate,
  dedupe,
  latest,
  mask,
  pattern,
  sample,
  sort,
  throttle,
  topN,
  print,
];
export default coreOperators;

export {
  dedupe,
  explode,
  filter,
  latest,
  mask,
  pattern,
  print,
  route,
  runningAggregate,
  sample,
  setFields,
  sort,
  throttle,
  topN,
  union,
  windowAggregate,
};
