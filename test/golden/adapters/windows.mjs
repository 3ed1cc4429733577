// Windows by event time: where records belong, when results come, what is late.
import { checkAlive, NotOffered, offers, reader, start } from '../harness.mjs';
import { timeline } from '../times.mjs';
import { spansOf, windowOf } from './window-config.mjs';

const SUM = [{ fn: 'sum', field: 'v', as: 'v' }];

/** The windows of each record, alone in its stream. @param {import('../cases.mjs').Case} one */
function windowAssign({ config, input, expected }) {
  const clock = timeline([input, expected], spansOf(config));
  const actual = input.map(({ ts }) => {
    const windows = start('core.window-aggregate', { ...windowOf(config), aggregates: [{ fn: 'count' }] });
    windows.feed({ value: {}, time: clock.to(ts) }).end();
    checkAlive(windows);
    let rows = windows.output();
    if (config.kind === 'kafka_hopping') {
      // Kafka has no windows that begin before 1970; the same graph with a filter behind.
      const filter = start('core.filter', { where: 'windowStart >= 0' });
      rows = filter.feedAll(rows.map((value) => ({ value }))).output();
    }
    return rows.map((row) => [clock.from(row.windowStart), clock.from(row.windowEnd)]);
  });
  return { actual };
}

/** Sums of all keys together, after the whole input. @param {import('../cases.mjs').Case} one */
function windowSum({ config, input, expected }) {
  const clock = timeline([input, expected], spansOf(config));
  const windows = start('core.window-aggregate', { ...windowOf(config), aggregates: SUM });
  for (const { ts, key, v } of input) windows.feed({ value: { key, v }, time: clock.to(ts) });
  windows.end();
  checkAlive(windows);
  return { actual: windows.output().map((row) => [clock.from(row.windowStart), clock.from(row.windowEnd), row.v]) };
}

/** The pauses of the case with a pause per record. */
const DYNAMIC_GAP = "key == 'key1' ? 3000 : (v == 10 ? 1000 : 2000)";

/** @param {any} config */
function operatorConfig(config) {
  const { lateness = 0, gap } = config;
  const settings = { ...windowOf(config), groupBy: ['key'], aggregates: SUM };
  if (gap === 'dynamic') {
    if (!offers('core.window-aggregate', 'gapBy')) throw new NotOffered('sessions have one pause for all records');
    delete settings.gap;
    settings.gapBy = DYNAMIC_GAP;
  }
  if (lateness > 0) settings.allowedLateness = lateness;
  return settings;
}

/** @param {import('../cases.mjs').Case} one */
function windowOperator(one) {
  const { config, input, expected } = one;
  const [trigger, every] = String(config.trigger ?? 'event').split(':');
  if (trigger?.startsWith('count')) return countTriggered(one, Number(every), trigger.endsWith('_purging'));
  const purging = trigger?.endsWith('_purging') ?? false;
  const session = config.kind === 'session';
  const clock = timeline([input, expected], spansOf(config));
  const windows = start('core.window-aggregate', operatorConfig(config));
  const results = reader(windows);
  // A purging trigger forgets what it has sent; our results hold everything, so what is new is the difference.
  /** @type {Map<string, number>} */
  const sent = new Map();
  /** By key: what the results say that are taken back because their sessions became one. @type {Map<string, number>} */
  const replaced = new Map();
  /** @type {any[]} */
  const actual = [];
  const steps = [];
  let late = 0;
  let before = 0;
  const collect = () => {
    for (const { value, time, op } of results()) {
      const { key, v, windowStart, windowEnd } = value;
      const id = JSON.stringify([key, windowStart, windowEnd]);
      if (op === 'delete') {
        replaced.set(key, (replaced.get(key) ?? 0) + (sent.get(id) ?? 0));
        sent.delete(id);
        continue;
      }
      actual.push([
        key,
        purging ? v - (sent.get(id) ?? 0) - (replaced.get(key) ?? 0) : v,
        clock.from(windowStart),
        clock.from(windowEnd),
        clock.from(session ? time - 1 : time),
      ]);
      sent.set(id, v);
      replaced.delete(key);
    }
    for (const { value, time } of windows.late.slice(late))
      actual.push({ late: [value.key, value.v, clock.from(time)] });
    late = windows.late.length;
  };
  for (const step of input) {
    if (step.op === 'snapshot_restore') windows.snapshotRestore();
    else if (step.wm !== undefined) {
      const wm = clock.to(step.wm);
      // A record exactly `gap` after the last one belongs to the session, so ours closes 1 ms later (semantics 3.5); the watermark of
      // the case is therefore given 1 ms ahead, and the result's time is read 1 ms back.
      windows.watermark(session ? wm + 1 : wm);
    } else windows.feed({ value: { key: step.key, v: step.v }, time: clock.to(step.ts) });
    collect();
    if (step.wm !== undefined) {
      steps.push(actual.length - before);
      before = actual.length;
    }
  }
  steps.push(actual.length - before);
  return { actual, steps };
}

/**
 * A result for every n records of a window: totals per key and window that are sent on at every n-th, or windows of n records. The window
 * of a record is computed by `core.set-fields`.
 * @param {import('../cases.mjs').Case} one
 * @param {number} n
 * @param {boolean} purging
 */
function countTriggered({ config, input }, n, purging) {
  if (config.kind !== 'tumbling') throw new NotOffered(`results at every n-th record of a ${config.kind} window`);
  const { size, offset = 0 } = config;
  const begin = `floor((ts - ${offset}) / ${size}) * ${size} + ${offset}`;
  const assign = start('core.set-fields', { steps: [{ do: 'set', field: 'start', value: begin }] });
  const groups = { groupBy: ['key', 'start'], aggregates: [...SUM, { fn: 'count', as: 'n' }] };
  const totals = purging
    ? start('core.window-aggregate', { window: 'count', count: n, ...groups })
    : start('core.running-aggregate', groups);
  const filter = start('core.filter', { where: `n % ${n} == 0` });
  const assigned = reader(assign);
  const summed = reader(totals);
  for (const step of input) {
    if (step.op === 'snapshot_restore') totals.snapshotRestore();
    if (step.ts === undefined) continue;
    assign.feed({ value: { key: step.key, v: step.v, ts: step.ts }, time: step.ts });
    for (const { value, time } of assigned()) totals.feed({ value, time });
    for (const { value, time } of summed()) filter.feed({ value, time });
  }
  checkAlive(filter);
  return { actual: filter.output().map(({ key, v, start: from }) => [key, v, from, from + size, from + size - 1]) };
}

/**
 * Windows of processing time: a record's time is when it arrives, and time goes on with the clock. What a source without a time field does.
 * @param {import('../cases.mjs').Case} one
 */
function processingTime({ config, input }) {
  const session = config.kind === 'session';
  const windows = start('core.window-aggregate', { ...windowOf(config), groupBy: ['key'], aggregates: SUM });
  let now = 0;
  for (const step of input) {
    if (step.op === 'snapshot_restore') windows.snapshotRestore();
    else if (step.proc !== undefined) {
      now = step.proc;
      windows.clock(now).watermark(now - 1);
    } else windows.feed({ value: { key: step.key, v: step.v }, time: now });
  }
  checkAlive(windows);
  return { actual: windows.records('out').map(({ value, time }) => [value.key, value.v, session ? time - 1 : time]) };
}

export const windows = {
  window_assign: windowAssign,
  window_sum_bounded: windowSum,
  window_operator: windowOperator,
  processing_time_window: processingTime,
};
