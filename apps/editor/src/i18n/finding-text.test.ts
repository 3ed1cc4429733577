import { describe, expect, it } from 'vitest';
import { translator } from './finding-text.js';
import { zhChoices } from './zh-choices.js';
import { zhFindings } from './zh-findings.js';

const inChinese = translator(zhFindings, (word) => zhChoices[word] ?? word);

describe('what operators find, in Chinese', () => {
  it('is looked up by the English sentence', () => {
    expect(inChinese('Say which number is watched.')).toBe('请填写要监测的数字。');
  });

  it('has its values where the Chinese sentence wants them', () => {
    expect(inChinese('The shop has the products SKU-0001 to SKU-0200.')).toBe('商城的商品为 SKU-0001 至 SKU-0200。');
    const other = translator({ 'From {a} to {b}, {a} first.': '到 {b}，从 {a}。' }, (word) => word);
    expect(other('From x to y, x first.')).toBe('到 y，从 x。');
  });

  it.each(['订单', 'a "b" c', '{name}', '{index} $& $1', 'a.*(b', 'two\nlines', '', '" is listed twice.'])(
    'keeps the value %j as it is',
    (name) => {
      expect(inChinese(`"${name}" is listed twice.`)).toBe(`“${name}”列出了两次。`);
      expect(inChinese(`Two fields would be called "${name}".`)).toBe(`会有两个字段都叫“${name}”。`);
    },
  );

  it('says words of the form in Chinese, and words of the user as they were written', () => {
    expect(inChinese('A hopping window needs "Every" longer than 0, such as "1 h".')).toBe(
      '滑动窗口的“每”须大于 0，例如 1 小时。',
    );
    expect(inChinese('Say which field "sum" is computed of.')).toBe('请填写“求和”对哪个字段计算。');
    expect(inChinese('"sum" cannot be a field name here.')).toBe('“sum”在此处不能作为字段名。');
  });

  it('takes the sentence that says most where two fit', () => {
    const two = translator({ '{a} here.': '此处{a}。', '{a} is not here.': '{a}不在此处。' }, (word) => word);
    expect(two('X is not here.')).toBe('X不在此处。');
  });

  it('stays English when there is no Chinese, as for a plugin', () => {
    for (const sentence of ['The moon is full.', 'constructor', '', 'Say which number is watched'])
      expect(inChinese(sentence)).toBe(sentence);
  });
});
