import { describe, expect, it } from 'vitest';
import { bytes, full, lasting, percent, rate, short, span } from './numbers.js';

const plain = (text: string) => text.replace(/\u2009/g, ' ');

describe('numbers', () => {
  it.each([
    [0, '0/s'],
    [0.4, '0.4/s'],
    [5.46, '5.5/s'],
    [34, '34/s'],
    [868.4, '868/s'],
    [999.6, '1k/s'],
    [1049, '1.05k/s'],
    [12_400, '12.4k/s'],
    [1_200_000, '1.2M/s'],
  ])('shows a rate of %s as %s', (value, text) => expect(rate(value)).toBe(text));
  it.each([
    [0, '0 ms'],
    [0.42, '0.42 ms'],
    [3.14, '3.1 ms'],
    [418, '418 ms'],
    [1020, '1.02 s'],
    [12_340, '12.3 s'],
    [130_000, '2 min 10 s'],
    [3_700_000, '1 h 2 min'],
    [400_000_000, '5 d'],
  ])('shows a span of %s ms as %s', (value, text) => expect(plain(span(value))).toBe(text));
  it.each([
    [1, '1'],
    [37, '37'],
    [814, '814'],
    [62_900, '62.9k'],
    [-1500, '\u22121.5k'],
    [3e9, '3G'],
  ])('shortens %s to %s', (value, text) => expect(short(value)).toBe(text));
  it('never shows a small share as nothing', () => {
    expect(percent(0)).toBe('0%');
    expect(percent(0.001)).toBe('<1%');
    expect(percent(0.914)).toBe('91%');
    expect(percent(1.2)).toBe('100%');
  });
  it('shows ledgers in full, bytes in powers of ten, spans in the reader\u2019s words', () => {
    expect(full(18_391_236, 'en')).toBe('18,391,236');
    expect(plain(bytes(1_920_000_000))).toBe('1.92 GB');
    expect(plain(lasting(18_300_000, 'en'))).toBe('5 h 05 min');
    expect(plain(lasting(120_000, 'zh-CN'))).toBe('2 分钟');
  });
});
