import { encodeKey } from '@millrace/sdk';
import { expect, it } from 'vitest';
import { KeyFilter } from './key-filter.js';

it('knows every key that was added, over several parts, and few others', () => {
  const filter = new KeyFilter();
  const added = 2_500_000;
  let refused = 0;
  for (let n = 0; n < added; n++) if (!filter.add(encodeKey([n]))) refused++;
  expect(refused).toBe(0);
  let missing = 0;
  for (let n = 0; n < added; n += 7) if (!filter.mayHold(encodeKey([n]))) missing++;
  expect(missing).toBe(0);
  let strange = 0;
  for (let n = added; n < added + 100_000; n++) if (filter.mayHold(encodeKey([n]))) strange++;
  expect(strange / 100_000).toBeLessThan(0.06);
});

it('tells texts apart that differ in one place', () => {
  const filter = new KeyFilter();
  for (let n = 0; n < 100_000; n++) filter.add(`customer-${n}@shop.example`);
  let strange = 0;
  for (let n = 0; n < 100_000; n++) if (filter.mayHold(`customer-${n}@shop.exampls`)) strange++;
  expect(strange / 100_000).toBeLessThan(0.02);
});
