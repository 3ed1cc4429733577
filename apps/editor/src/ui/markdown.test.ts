import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { Markdown } from './Markdown.js';
import { blocksOf, inlineOf } from './markdown-blocks.js';

const html = (text: string) => renderToStaticMarkup(createElement(Markdown, { text }));
const marked = (text: string) => inlineOf(text).map(({ kind, text: part }) => (kind === 'text' ? part : [kind, part]));

describe('help texts', () => {
  it('mark words as strong, as emphasis and as code', () => {
    expect(marked('the **best** of *all* `a * b`, *and more*.')).toEqual([
      'the ',
      ['strong', 'best'],
      ' of ',
      ['em', 'all'],
      ' ',
      ['code', 'a * b'],
      ', ',
      ['em', 'and more'],
      '.',
    ]);
    expect(marked('最近 *平均值*、**频率**')).toEqual(['最近 ', ['em', '平均值'], '、', ['strong', '频率']]);
  });

  it('leave a star that multiplies, and one that nobody closes, as it is', () => {
    for (const text of ['price * quantity * 2', 'a*b*c', '3 *4', 'any*', '2 ** 3 ** 4', '*', '**', '***'])
      expect(marked(text), text).toEqual([text]);
  });

  it('show a table with its headings, as a table', () => {
    expect(html('Before.\n\n| Code | What is wrong |\n|---|--:|\n| `a`, `b` | **two** things |\n| c | 1 |')).toBe(
      '<div class="markdown"><p>Before.</p><table class="help-table"><thead><tr>' +
        '<th scope="col">Code</th><th scope="col" style="text-align:right">What is wrong</th></tr></thead><tbody><tr>' +
        '<td><code class="mono">a</code>, <code class="mono">b</code></td><td style="text-align:right"><b>two</b> things</td></tr>' +
        '<tr><td>c</td><td style="text-align:right">1</td></tr></tbody></table></div>',
    );
  });

  it('take a border within code or behind a backslash for text, fill short rows and cut long ones', () => {
    expect(blocksOf('a | b\n\n| x | y |\n| :-: | :-- |\n| `p | q` | r \\| s |\n| one |\n| 1 | 2 | 3 |')).toEqual([
      { kind: 'paragraph', text: 'a | b' },
      {
        kind: 'table',
        head: ['x', 'y'],
        align: ['center', 'left'],
        rows: [
          ['`p | q`', 'r | s'],
          ['one', ''],
          ['1', '2'],
        ],
      },
    ]);
  });

  it('never become HTML', () => {
    expect(html('| <b>x</b> |\n|---|\n| *<img src=x>* |')).not.toMatch(/<img|<b>x/);
  });
});
