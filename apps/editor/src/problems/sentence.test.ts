import i18next from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../api/types.js';
import { zh, zhFindings } from '../i18n/zh.js';
import { sentenceOf } from './sentence.js';

beforeAll(async () => {
  await i18next.init({
    lng: 'zh-CN',
    resources: { 'zh-CN': { translation: zh, findings: zhFindings } },
    keySeparator: false,
    nsSeparator: false,
  });
});

const finding = (code: string, params: Finding['params']): Finding => ({ code, severity: 'error', params, path: '' });

describe('the sentence of a finding', () => {
  const own = finding('MONITOR_VALUE', { message: 'Say which number is watched.' });
  const foreign = finding('MOON', { message: 'The moon is full.' });

  it('is in Chinese for what an operator found, its words as the form has them', () => {
    const message = 'A tumbling window needs a size longer than 0, such as "1 h".';
    expect(sentenceOf(own, 'zh-CN')).toBe('请填写要监测的数字。');
    expect(sentenceOf(finding('WINDOW_SPAN_MISSING', { message }), 'zh-CN')).toBe(
      '滚动窗口的“大小”须大于 0，例如 1 小时。',
    );
  });

  it('is English for English readers, and where there is no Chinese', () => {
    expect(sentenceOf(own, 'en')).toBe('Say which number is watched.');
    expect(sentenceOf(foreign, 'zh-CN')).toBe('The moon is full.');
  });

  it('calls settings and ports by their Chinese titles where the graph found it', () => {
    const missing = finding('CONFIG_MISSING', { property: 'by', title: 'Same when equal' });
    expect(sentenceOf(missing, 'zh-CN')).toBe('缺少“by”（相同的依据），请填写。');
    expect(sentenceOf(missing, 'en')).toContain('Same when equal');
  });
});
