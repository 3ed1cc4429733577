// State with a time to live, key groups, restarts.
import { Backoff, FailureRate, FixedDelay } from '@millrace/engine';
import { defineOperator, KEY_GROUPS, keyGroupRange, Type } from '@millrace/sdk';
import { runOperator } from '@millrace/sdk/testing';
import { checkAlive } from '../harness.mjs';
import { duration } from '../times.mjs';

/** A value per key that is set and read on request; reading writes it again where reads keep it alive. @param {number} ttl @param {boolean} onRead */
const cell = (ttl, onRead) =>
  defineOperator({
    type: 'golden.cell',
    version: 1,
    docs: { title: 'Cell', summary: 'Keeps a value for a time.', category: 'shape' },
    config: Type.Object({}),
    inputs: { in: {} },
    outputs: { out: {} },
    key: () => ['key'],
    traits: { partitioning: 'by-key', deterministic: false },
    state: { cell: { kind: 'value', ttl: () => ttl } },
    examples: [{ title: 'none', config: {} }],
    create: () => ({
      onRecord({ value }, _port, ctx) {
        if (value.set !== undefined) return ctx.state.cell.set(value.set);
        const found = ctx.state.cell.get();
        if (onRead && found !== undefined) ctx.state.cell.set(found);
        ctx.emit('out', found ?? null);
      },
    }),
  });

/** Every step is followed by a snapshot and a restore: the time of the last access survives them. @param {import('../cases.mjs').Case} one */
function ttl({ config, input }) {
  const harness = runOperator(cell(duration(config.ttl), config.update === 'read'), {});
  for (const { t, set, get } of input) {
    harness.clock(t);
    if (set !== undefined) harness.feed({ value: { key: 'k', set } });
    else if (get) harness.feed({ value: { key: 'k' } });
    harness.snapshotRestore();
  }
  checkAlive(harness);
  return { actual: harness.output() };
}

/** @param {import('../cases.mjs').Case} one */
function keyGroupRanges({ config }) {
  return { actual: Array.from({ length: config.p }, (_, task) => keyGroupRange(task, config.p, config.max)) };
}

/** @param {import('../cases.mjs').Case} one */
const defaultMaxParallelism = ({ input }) => ({ actual: input.map(() => KEY_GROUPS) });

/** @param {import('../cases.mjs').Case} one */
function restartFixed({ config, input }) {
  const strategy = new FixedDelay(config.attempts, config.delay);
  const next = () => strategy.next();
  return { actual: input.map(next).map((delay) => (delay === undefined ? ['fail'] : ['restart', delay])) };
}

/** @param {import('../cases.mjs').Case} one */
function restartExponential({ config, input }) {
  const { initial, multiplier, max, reset, attempts = Number.POSITIVE_INFINITY } = config;
  const strategy = new Backoff({ initial, multiplier, max, reset, attempts });
  return { actual: input.map(({ t }) => strategy.next(t) ?? 'fail') };
}

/** @param {import('../cases.mjs').Case} one */
function restartFailureRate({ config, input }) {
  const strategy = new FailureRate(config.max, config.interval);
  return { actual: input.map(({ t }) => (strategy.next(t) === undefined ? 'fail' : 'restart')) };
}

export const stateCases = {
  state_ttl: ttl,
  key_group_ranges: keyGroupRanges,
  default_max_parallelism: defaultMaxParallelism,
  restart_fixed: restartFixed,
  restart_exponential: restartExponential,
  restart_failure_rate: restartFailureRate,
};
