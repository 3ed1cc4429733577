import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findFiles, isPattern, splitPattern } from './glob.js';

describe('findFiles', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'millrace-glob-'));
    for (const path of [
      'b.ndjson',
      'a.ndjson',
      'a.csv',
      '.hidden.ndjson',
      'x/1.ndjson',
      'x/y/2.ndjson',
      'x/.z/3.ndjson',
      'data[1].ndjson',
    ]) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), '');
    }
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  const find = (pattern: string): string[] => findFiles(dir, pattern.split('/'));

  it('fits * and ? and sets within one folder, sorted, without hidden files', () => {
    expect(find('*.ndjson')).toEqual(['a.ndjson', 'b.ndjson', 'data[1].ndjson']);
    expect(find('?.ndjson')).toEqual(['a.ndjson', 'b.ndjson']);
    expect(find('[b-d].*')).toEqual(['b.ndjson']);
    expect(find('[!b].nd*')).toEqual(['a.ndjson']);
    expect(find('.h*')).toEqual(['.hidden.ndjson']);
  });

  it('goes through folders with * and to any depth with **', () => {
    expect(find('*/*.ndjson')).toEqual(['x/1.ndjson']);
    expect(find('**/*.ndjson')).toEqual(['a.ndjson', 'b.ndjson', 'data[1].ndjson', 'x/1.ndjson', 'x/y/2.ndjson']);
    expect(find('x/**')).toEqual(['x/1.ndjson', 'x/y/2.ndjson']);
  });

  it('does not run in circles through links', () => {
    symlinkSync(dir, join(dir, 'x', 'loop'));
    expect(find('**/1.ndjson')).toEqual(['x/1.ndjson']);
  });

  it('answers at once for patterns that make others backtrack', () => {
    writeFileSync(join(dir, 'a'.repeat(200)), '');
    expect(find(`${'*a'.repeat(60)}*b`)).toEqual([]);
  });

  it('splits a pattern before its first wildcard', () => {
    expect(splitPattern('data/2024/*/x?.csv')).toEqual({ folder: 'data/2024', segments: ['*', 'x?.csv'] });
    expect(splitPattern('*.csv')).toEqual({ folder: '', segments: ['*.csv'] });
    expect(splitPattern('/*.csv')).toEqual({ folder: '/', segments: ['*.csv'] });
    expect([isPattern('a/b.csv'), isPattern('a/*.csv')]).toEqual([false, true]);
  });
});
