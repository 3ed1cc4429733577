// Joins of two streams by time: bounds, windows, and Kafka's and Spark's rules on our interval join.
import { checkAlive, reader, start } from '../harness.mjs';

const KEYS = { leftKey: ['key'], rightKey: ['key'], select: 'nest' };
const portOf = (/** @type {string} */ side) => (side === 'L' ? 'left' : 'right');
const typeOf = (/** @type {string | undefined} */ type) => (type === 'outer' ? 'full' : (type ?? 'inner'));

/**
 * Ours counts the bounds from the left record (right in [left + lower, left + upper]), the case from the right one.
 * @param {number} lower
 * @param {number} upper
 */
const bounds = (lower, upper) => ({ lower: 0 - upper, upper: 0 - lower });

/** @param {any} value */
const timesOf = ({ left, right }) => [left?.ts ?? null, (left ?? right).key, right?.ts ?? null];

/**
 * Feeds records and watermarks of a case.
 * @param {import('@millrace/sdk/testing').OperatorHarness} join
 * @param {any[]} input
 * @param {number} [back] What is taken off the times of records.
 */
function feed(join, input, back = 0) {
  for (const { wm, op, side, ts, key, v = null } of input) {
    if (op === 'snapshot_restore') join.snapshotRestore();
    else if (wm !== undefined) join.watermark(wm);
    else join.feed({ port: portOf(side), value: { key, ts, v }, time: ts - back });
  }
  checkAlive(join);
}

/** @param {import('../cases.mjs').Case} one */
function intervalJoin({ config, input }) {
  const join = start('core.interval-join', {
    ...KEYS,
    ...bounds(config.lower, config.upper),
    type: typeOf(config.type),
  });
  feed(join, input);
  return { actual: join.output().map(timesOf) };
}

/**
 * Rows of these cases carry the end of their window as their time, and rows of the same end meet: windows of 1 ms before it. A case with a
 * size has records with a time of their own.
 * @param {import('../cases.mjs').Case} one
 */
function windowJoin({ config, input }) {
  const type = typeOf(config.type);
  const size = config.size ?? 1;
  const join = start('core.window-join', { ...KEYS, window: 'tumbling', size, type });
  feed(join, input, config.size === undefined ? 1 : 0);
  const leftOnly = type === 'semi' || type === 'anti';
  return { actual: join.output().map((value) => (leftOnly ? timesOf(value).slice(0, 2) : timesOf(value))) };
}

/**
 * |left - right| <= window. Stream time is moved by a record before it is joined, and a row without a partner is given up when stream time
 * > time + window + grace, which is a watermark `grace` behind. Records without a value are left out.
 * @param {import('../cases.mjs').Case} one
 */
function kafkaRows({ config, input }) {
  const { window, grace = 0 } = config;
  const filter = start('core.filter', { where: 'v != null && key != null' });
  const join = start('core.interval-join', { ...KEYS, lower: 0 - window, upper: window, type: typeOf(config.type) });
  const passed = reader(filter);
  let streamTime = Number.NEGATIVE_INFINITY;
  for (const { side, ts, v, key = 0 } of input) {
    filter.feed({ value: { key, v }, time: ts });
    for (const { value, time } of passed()) {
      streamTime = Math.max(streamTime, time);
      join.watermark(streamTime - grace - 1).feed({ port: portOf(side), value, time });
    }
  }
  checkAlive(join);
  return join.output();
}

/** @param {import('../cases.mjs').Case} one */
const kafkaJoin = (one) => ({ actual: kafkaRows(one).map(({ left, right }) => [left?.v ?? null, right?.v ?? null]) });
/** @param {import('../cases.mjs').Case} one */
const kafkaJoinKeyed = (one) => ({
  actual: kafkaRows(one).map(({ left, right }) => [(left ?? right).key, left?.v ?? null, right?.v ?? null]),
});

/**
 * left BETWEEN right + lo AND right + hi. The watermark of the query is the lower of both sides, computed after each batch; rows at or
 * before it are dropped.
 * @param {import('../cases.mjs').Case} one
 */
function sparkJoin({ config, input }) {
  const { delayL, delayR, lo, hi } = config;
  const join = start('core.interval-join', { ...KEYS, ...bounds(lo, hi), type: typeOf(config.type), dropLate: true });
  const reached = { L: 0, R: 0 };
  for (const { batch } of input) {
    for (const [side, ts] of batch) join.feed({ port: portOf(side), value: { key: 0, ts }, time: ts });
    for (const [side, ts] of batch) {
      if (side === 'L') reached.L = Math.max(reached.L, ts - delayL);
      else reached.R = Math.max(reached.R, ts - delayR);
    }
    join.watermark(Math.min(reached.L, reached.R));
  }
  checkAlive(join);
  return { actual: join.output().map(({ left, right }) => [left?.ts ?? null, right?.ts ?? null]) };
}

export const joins = {
  interval_join: intervalJoin,
  window_join: windowJoin,
  kafka_stream_join: kafkaJoin,
  kafka_stream_join_keyed: kafkaJoinKeyed,
  spark_interval_join: sparkJoin,
};
