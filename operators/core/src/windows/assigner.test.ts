import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Assigner } from './assigner.js';
import { calendar } from './calendar.js';
import { cumulating } from './cumulating.js';
import { hopping } from './hopping.js';
import { tumbling } from './tumbling.js';

const utc = (text: string) => Date.parse(`${text}Z`);

/** Windows [start, end) of a time, earliest first. */
function windowsOf(windows: Assigner, time: number): [number, number][] {
  const pane = windows.pane(time);
  if (Number.isNaN(pane)) return [];
  const found: [number, number][] = [];
  for (let end = windows.firstEnd(pane, -1e15); end <= windows.lastEnd(pane); end = windows.firstEnd(pane, end)) {
    found.push([windows.startOf(end), end]);
    if (windows.paneSize === undefined) break;
  }
  return found;
}

describe('tumbling windows', () => {
  it.each([
    [0, 5000, 0, [0, 5000]],
    [4999, 5000, 0, [0, 5000]],
    [5000, 5000, 0, [5000, 10000]],
    [-1, 5000, 0, [-5000, 0]],
    [-5000, 5000, 0, [-5000, 0]],
    [-5001, 5000, 0, [-10000, -5000]],
    [0, 5000, 100, [-4900, 100]],
    [100, 5000, 100, [100, 5100]],
    [21, 12, 0, [12, 24]],
  ] as const)('%i in windows of %i at offset %i is in %j', (time, size, offset, window) => {
    expect(windowsOf(tumbling(size, offset), time)).toEqual([window]);
  });

  it('stays exact at the ends of the calendar', () => {
    for (const time of [8.64e15, 8.64e15 - 1, -8.64e15, -8.64e15 + 1]) {
      const [[start, end]] = windowsOf(tumbling(1000, 0), time) as [[number, number]];
      expect([start <= time && time < end, end - start]).toEqual([true, 1000]);
    }
  });
});

describe('hopping windows', () => {
  it.each([
    [
      0,
      5000,
      1000,
      [
        [-4000, 1000],
        [-3000, 2000],
        [-2000, 3000],
        [-1000, 4000],
        [0, 5000],
      ],
    ],
    [
      4999,
      5000,
      1000,
      [
        [0, 5000],
        [1000, 6000],
        [2000, 7000],
        [3000, 8000],
        [4000, 9000],
      ],
    ],
    [
      21,
      12,
      5,
      [
        [10, 22],
        [15, 27],
        [20, 32],
      ],
    ],
    [7, 6, 5, [[5, 11]]],
    [
      5,
      6,
      5,
      [
        [0, 6],
        [5, 11],
      ],
    ],
    [
      0,
      10,
      5,
      [
        [-5, 5],
        [0, 10],
      ],
    ],
  ] as const)('%i in windows of %i every %i is in %j', (time, size, slide, expected) => {
    expect(windowsOf(hopping(size, slide, 0), time)).toEqual(expected);
  });

  it('leaves out what lies between windows with gaps', () => {
    expect([0, 4, 5, 9, 10].map((time) => windowsOf(hopping(5, 10, 0), time))).toEqual([
      [[0, 5]],
      [[0, 5]],
      [],
      [],
      [[10, 15]],
    ]);
  });

  it('holds exactly the windows that the definition gives, for any size, slide, offset and time', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 0, max: 59 }),
        fc.integer({ min: -500, max: 500 }),
        (size, slide, offset, time) => {
          const expected: [number, number][] = [];
          for (let k = -1200; k <= 1200; k++) {
            const start = k * slide + offset;
            if (start <= time && time < start + size) expected.push([start, start + size]);
          }
          expect(windowsOf(hopping(size, slide, offset), time)).toEqual(expected);
        },
      ),
    );
  });
});

describe('cumulating windows', () => {
  it('start together and end step by step', () => {
    const windows = cumulating(30, 10, 0);
    expect(windowsOf(windows, 5)).toEqual([
      [0, 10],
      [0, 20],
      [0, 30],
    ]);
    expect(windowsOf(windows, 25)).toEqual([[0, 30]]);
    expect(windowsOf(windows, -1)).toEqual([[-30, 0]]);
    expect([windows.nextEnd(20), windows.nextEnd(30), windows.keepFrom(20), windows.keepFrom(30)]).toEqual([
      30,
      undefined,
      0,
      30,
    ]);
  });
});

describe('calendar windows', () => {
  const hours = (unit: 'day' | 'week' | 'month', zone: string, text: string) => {
    const [[start, end]] = windowsOf(calendar(unit, zone), utc(text)) as [[number, number]];
    return [new Date(start).toISOString(), (end - start) / 3_600_000];
  };

  it('follow the clocks of a zone', () => {
    expect(hours('day', 'Europe/Berlin', '2024-03-31T12:00')).toEqual(['2024-03-30T23:00:00.000Z', 23]);
    expect(hours('day', 'Europe/Berlin', '2024-10-27T12:00')).toEqual(['2024-10-26T22:00:00.000Z', 25]);
    expect(hours('week', 'UTC', '2024-01-07T23:59')).toEqual(['2024-01-01T00:00:00.000Z', 168]);
    expect(hours('month', 'Asia/Shanghai', '2024-02-29T15:59')).toEqual(['2024-01-31T16:00:00.000Z', 29 * 24]);
    expect(hours('day', 'America/Sao_Paulo', '2018-11-04T12:00')).toEqual(['2018-11-04T03:00:00.000Z', 23]);
  });

  it('cover every time once, also when asked in any order', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('day', 'week', 'month' as const),
        fc.constantFrom('UTC', 'Europe/Berlin', 'America/Sao_Paulo', 'Australia/Lord_Howe', 'Asia/Kathmandu'),
        fc.array(fc.integer({ min: utc('2015-01-01'), max: utc('2026-01-01') }), { minLength: 1, maxLength: 20 }),
        (unit, zone, times) => {
          const windows = calendar(unit, zone);
          for (const time of times) {
            const [[start, end]] = windowsOf(windows, time) as [[number, number]];
            expect(start <= time && time < end).toBe(true);
            expect(windowsOf(windows, end)[0]![0]).toBe(end);
            expect(windowsOf(windows, start - 1)[0]![1]).toBe(start);
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});
