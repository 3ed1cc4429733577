import { NotOffered } from '../harness.mjs';

/** @param {number} a @param {number} n */
export const floorMod = (a, n) => ((a % n) + n) % n;

/**
 * The window part of our config for the window of a case. Offsets repeat with the size, so a negative one has a positive equal.
 * @param {any} config
 * @returns {any}
 */
export function windowOf(config) {
  const { kind, size, gap, offset = 0 } = config;
  const slide = config.slide ?? config.advance ?? config.step;
  const full = size ?? config.max ?? config.maxSize ?? config.max_size;
  /** @param {number} period */
  const moved = (period) => (floorMod(offset, period) === 0 ? {} : { offset: floorMod(offset, period) });
  switch (kind) {
    case 'tumbling':
      return { window: 'tumbling', size, ...moved(size) };
    case 'sliding':
    case 'hopping':
    case 'kafka_hopping':
      return { window: 'hopping', size, slide, ...moved(slide) };
    case 'cumulate':
    case 'cumulating':
      return { window: 'cumulating', size: full, slide, ...moved(full) };
    case 'session':
      return { window: 'session', gap };
    default:
      throw new NotOffered(`there is no window called "${kind}"`);
  }
}

/** Spans that starts of windows are multiples of. @param {any} config */
export const spansOf = (config) =>
  [config.size, config.slide, config.step, config.advance].filter((n) => typeof n === 'number');
