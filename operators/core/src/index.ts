/** @module The operators that shape and combine any stream. The default export is what a host loads. */
import { dedupe } from './dedupe.js';
import { explode } from './explode.js';
import { filter } from './filter.js';
import { intervalJoin } from './interval-join.js';
import { join } from './join.js';
import { latest } from './latest.js';
import { lookupJoin } from './lookup-join.js';
import { mask } from './mask.js';
import { pattern } from './pattern.js';
import { print } from './print.js';
import { route } from './route.js';
import { runningAggregate } from './running-aggregate.js';
import { sample } from './sample.js';
import { setFields } from './set-fields.js';
import { sort } from './sort.js';
import { temporalJoin } from './temporal-join.js';
import { throttle } from './throttle.js';
import { topN } from './top-n.js';
import { union } from './union.js';
import { windowAggregate } from './window-aggregate.js';
import { windowJoin } from './window-join.js';

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
  intervalJoin,
  windowJoin,
  join,
  temporalJoin,
  lookupJoin,
  print,
];
export default coreOperators;

export {
  dedupe,
  explode,
  filter,
  intervalJoin,
  join,
  latest,
  lookupJoin,
  mask,
  pattern,
  print,
  route,
  runningAggregate,
  sample,
  setFields,
  sort,
  temporalJoin,
  throttle,
  topN,
  union,
  windowAggregate,
  windowJoin,
};
