import { HighlightStyle, StreamLanguage, syntaxHighlighting } from '@codemirror/language';
import { tags } from '@lezer/highlight';
import { EXPRESSION_FUNCTIONS } from '@millrace/graph';

const NAMES = new Set(EXPRESSION_FUNCTIONS.map((fn) => fn.name));

/** Colours for CEL: a tokenizer is all it needs, the server's parser has the last word. */
export const cel = StreamLanguage.define<null>({
  startState: () => null,
  token(stream) {
    if (stream.eatSpace()) return null;
    if (stream.match(/^\/\/.*/)) return 'comment';
    if (stream.match(/^[rb]?"(?:[^"\\]|\\.)*"?/) || stream.match(/^[rb]?'(?:[^'\\]|\\.)*'?/)) return 'string';
    if (stream.match(/^\d+(\.\d+)?([eE][+-]?\d+)?u?/)) return 'number';
    const word = stream.match(/^[A-Za-z_]\w*/) as RegExpMatchArray | null;
    if (word) {
      if (word[0] === 'true' || word[0] === 'false' || word[0] === 'null') return 'atom';
      if (word[0] === 'in') return 'keyword';
      if (NAMES.has(word[0]) && stream.peek() === '(') return 'keyword';
      return 'variableName';
    }
    if (stream.match(/^(&&|\|\||[=!<>]=|[<>+\-*/%!?:])/)) return 'operator';
    stream.next();
    return null;
  },
});

export const celColours = syntaxHighlighting(
  HighlightStyle.define([
    { tag: tags.string, color: 'var(--mr-sink)' },
    { tag: tags.number, color: 'var(--mr-commerce)' },
    { tag: tags.keyword, color: 'var(--mr-combine)' },
    { tag: tags.atom, color: 'var(--mr-combine)' },
    { tag: tags.operator, color: 'var(--mr-ink3)' },
    { tag: tags.comment, color: 'var(--mr-ink3)' },
    { tag: tags.variableName, color: 'var(--mr-ink)' },
  ]),
);
