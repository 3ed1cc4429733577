// Watermarks: made by a source input, merged by the valve, idle sources.
import { WatermarkValve } from '@millrace/engine';
import { SourceInput } from '@millrace/engine/testing';
import { MIN_TIME } from '@millrace/sdk';
import { ManualClock } from '@millrace/sdk/testing';
import { duration, toLong } from '../times.mjs';

/**
 * A source partition that gives what is put into `queue`.
 * @param {{ live: boolean, clock: ManualClock, time: any }} options
 */
function sourceInput({ live, clock, time }) {
  /** @type {any[]} */
  const queue = [];
  const source = /** @type {any} */ ({
    live,
    partitions: () => ['p'],
    open: () => ({
      poll: () => (queue.length === 0 ? null : { values: queue.splice(0), position: 0 }),
    }),
  });
  const failed = (/** @type {any} */ _record, /** @type {Error} */ error) => {
    throw error;
  };
  const options = { time, interval: 1, clock, pollSize: 100, failed };
  const input = new SourceInput('source/p', /** @type {any} */ (undefined), 0, 'p', source, options);
  /** Reads what is there; gives the watermarks it makes. @param {any[]} values */
  const read = async (values) => {
    queue.push(...values);
    const watermarks = [];
    input.wake();
    while (await input.fill()) {
      for (const mark of input.take(1000).marks) if (mark.kind === 'watermark') watermarks.push(mark.value);
    }
    return watermarks;
  };
  return { input, read };
}

/** The watermark after all records. @param {import('../cases.mjs').Case} one */
async function bounded({ config, input: records }) {
  const { input, read } = sourceInput({
    live: true,
    clock: new ManualClock(0),
    time: { field: 'ts', disorder: config.bound },
  });
  await input.open();
  const made = await read(records.map(({ ts }) => ({ ts })));
  return { actual: [toLong(made.at(-1) ?? MIN_TIME)] };
}

/** @param {import('../cases.mjs').Case} one */
function valve({ config, input }) {
  const merged = new WatermarkValve(config.channels);
  /** @type {any[]} */
  const actual = [];
  let { watermark, idle } = merged;
  for (const { ch, wm, status } of input) {
    if (wm !== undefined) merged.advance(ch, typeof wm === 'bigint' ? Number(wm) : wm);
    else if (status === 'idle') merged.setIdle(ch);
    else merged.setActive(ch);
    if (merged.watermark !== watermark) actual.push(['wm', merged.watermark]);
    if (merged.idle !== idle) actual.push(['status', merged.idle ? 'idle' : 'active']);
    watermark = merged.watermark;
    idle = merged.idle;
  }
  return { actual };
}

/** @param {import('../cases.mjs').Case} one */
async function idleness({ config, input: steps }) {
  const clock = new ManualClock(0);
  const { input, read } = sourceInput({
    live: true,
    clock,
    time: { field: 'ts', idleAfter: duration(config.timeout) },
  });
  await input.open();
  let now = 0;
  let idle = false;
  const actual = [];
  for (const { op, advance } of steps) {
    if (advance !== undefined) {
      now += advance;
      clock.set(now);
    } else if (op === 'activity') {
      await read([{ ts: 0 }]);
      idle = false;
    } else {
      for (const { kind } of input.quiet(now)) if (kind === 'idle' || kind === 'active') idle = kind === 'idle';
      actual.push(idle);
    }
  }
  return { actual };
}

export const watermarks = { watermark_bounded: bounded, watermark_valve: valve, idleness_timer: idleness };
