// Windows as Kafka Streams and Spark define them, on ours: the watermark is driven by their rule, the windows are ours.
import { checkAlive, reader, start } from '../harness.mjs';
import { windowOf } from './window-config.mjs';

const COUNT = [{ fn: 'count', as: 'n' }];

/** Kafka: windows that begin before 1970 do not exist. @param {any} value */
const afterEpoch = (value) => value.windowStart >= 0;

/**
 * Kafka's stream time: the largest time so far, moved by every record before it is looked at; a window is closed when
 * end + grace <= stream time.
 * @param {import('../cases.mjs').Case} one
 */
function kafkaWindow({ config, input }) {
  const { size, grace = 0, emit } = config;
  const slide = config.advance ?? config.slide ?? size;
  // With results at every record the watermark runs ahead, so that every window has fired when its record comes, and the allowed
  // lateness makes up for it.
  const ahead = emit === 'update' ? size + grace + 1 : 0;
  const windows = start('core.window-aggregate', {
    ...windowOf({ kind: 'hopping', size, slide }),
    groupBy: ['key'],
    aggregates: COUNT,
    ...(ahead > 0 && { allowedLateness: ahead }),
  });
  let streamTime = Number.NEGATIVE_INFINITY;
  for (const { key, ts } of input) {
    streamTime = Math.max(streamTime, ts);
    windows.watermark(streamTime - grace - 1 + ahead).feed({ value: { key }, time: ts });
  }
  checkAlive(windows);
  const rows = windows.output().filter(afterEpoch);
  return { actual: rows.map(({ key, n, windowStart, windowEnd }) => [key, windowStart, windowEnd, n]) };
}

/** Sessions end with their last record in Kafka. A row that is taken back has no value. @param {any} record @param {number} gap */
const kafkaSessionRow = ({ value, op }, gap) => [
  value.key,
  value.windowStart,
  value.windowEnd - gap,
  op === 'delete' ? null : value.n,
];

/** @param {any} config @param {number} [allowedLateness] */
const sessions = ({ gap }, allowedLateness = 0) =>
  start('core.window-aggregate', {
    window: 'session',
    gap,
    groupBy: ['key'],
    aggregates: COUNT,
    ...(allowedLateness > 0 && { allowedLateness }),
  });

/** Sessions are closed when last + gap + grace < stream time. @param {import('../cases.mjs').Case} one */
function kafkaSession({ config, input }) {
  const { gap, grace = 0, emit } = config;
  // As for windows: with results at every record the watermark runs ahead.
  const ahead = emit === 'update' ? gap + grace + 1 : 0;
  const windows = sessions(config, ahead);
  let streamTime = Number.NEGATIVE_INFINITY;
  for (const { key, ts } of input) {
    streamTime = Math.max(streamTime, ts);
    windows.watermark(streamTime - grace - 1 + ahead).feed({ value: { key }, time: ts });
  }
  checkAlive(windows);
  return { actual: windows.records('out').map((record) => kafkaSessionRow(record, gap)) };
}

/**
 * What the session store holds. It keeps closed sessions, so a record is dropped only when the session it would make is over:
 * its end + gap + grace < stream time. The sessions are ours, and none is closed before the input ends.
 * @param {import('../cases.mjs').Case} one
 */
function kafkaSessionState({ config, input }) {
  const { gap, grace = 0 } = config;
  const windows = sessions(config);
  /** @type {Map<any, number[]>} */
  const accepted = new Map();
  let streamTime = Number.NEGATIVE_INFINITY;
  for (const { key, ts } of input) {
    streamTime = Math.max(streamTime, ts);
    const times = accepted.get(key) ?? [];
    if (lastOfSession(times, ts, gap) + gap + grace < streamTime) continue;
    accepted.set(key, [...times, ts]);
    windows.feed({ value: { key }, time: ts });
  }
  windows.end();
  checkAlive(windows);
  return { actual: windows.records('out').map((record) => kafkaSessionRow(record, gap)) };
}

/** Time of the last record of the session that a record at `time` belongs to. @param {readonly number[]} times @param {number} time @param {number} gap */
function lastOfSession(times, time, gap) {
  let last = time;
  for (const later of [...times].sort((a, b) => a - b)) if (later > last && later <= last + gap) last = later;
  return last;
}

/**
 * Spark's batches: the watermark is computed after a batch, at most `delay` behind the largest time, and then closes windows with
 * end <= watermark.
 * @param {number} delay
 */
function sparkTime(delay) {
  let watermark = 0;
  return (/** @type {readonly number[]} */ times) => {
    for (const time of times) watermark = Math.max(watermark, time - delay);
    return watermark;
  };
}

/** @param {import('../cases.mjs').Case} one */
function sparkWindow({ config, input }) {
  const { size, slide = size, delay, mode } = config;
  const all = input.flatMap(({ batch }) => batch);
  const ahead = mode === 'update' ? Math.max(0, ...all) + size + delay + 1 : 0;
  const windows = start('core.window-aggregate', {
    ...windowOf({ kind: 'hopping', size, slide }),
    aggregates: COUNT,
    ...(ahead > 0 && { allowedLateness: ahead }),
  });
  const results = reader(windows);
  const after = sparkTime(delay);
  const actual = [];
  windows.watermark(ahead - 1);
  for (const { batch } of input) {
    for (const time of batch) windows.feed({ value: {}, time });
    windows.watermark(after(batch) - 1 + ahead);
    // In update mode a batch tells the last state of every window it changed.
    const rows = new Map(
      results().map(({ value }, i) => [mode === 'update' ? value.windowStart : i, [value.windowStart, value.n]]),
    );
    actual.push([...rows.values()]);
  }
  return { actual };
}

/** @param {import('../cases.mjs').Case} one */
function sparkSession({ config, input }) {
  const { gap, delay } = config;
  const windows = sessions({ gap });
  const results = reader(windows);
  const after = sparkTime(delay);
  const actual = input.map(({ batch }) => {
    for (const [key, time] of batch) windows.feed({ value: { key }, time });
    // Ours close 1 ms later than Spark's (see the rule for a record exactly `gap` after the last).
    windows.watermark(after(batch.map((/** @type {any[]} */ row) => row[1])));
    return results().map(({ value }) => [value.key, value.windowStart, value.windowEnd, value.n]);
  });
  return { actual };
}

export const otherWindows = {
  kafka_window: kafkaWindow,
  kafka_session: kafkaSession,
  kafka_session_state: kafkaSessionState,
  spark_window: sparkWindow,
  spark_session: sparkSession,
};
