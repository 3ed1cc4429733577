/**
 * CEL identifiers are ASCII words. Field names of real data are not: `Customer ID`, `订单号`, `package`. Here a name in backticks, or a
 * word with letters of any script, is replaced by an ASCII stand-in before parsing; positions are mapped back afterwards.
 */
export interface Quoted {
  /** What the parser gets. */
  readonly text: string;
  /** The real name of an identifier of the parsed text. */
  nameOf(identifier: string): string;
  /** Offset in the original of an offset in `text`. */
  original(offset: number): number;
}

interface Replaced {
  at: number;
  length: number;
  from: number;
  to: number;
}

const NEEDED = /[`\u0080-\uffff]/;
const WORD = /[\p{L}_][\p{L}\p{N}\p{M}_]*/uy;
const ASCII_WORD = /^[A-Za-z0-9_]*$/;

/** The end of the text literal that starts with the quote at `at`. */
export function endOfText(source: string, at: number): number {
  const quote = source[at]!;
  const triple = source.startsWith(quote.repeat(3), at);
  const close = triple ? quote.repeat(3) : quote;
  let i = at + close.length;
  while (i < source.length) {
    if (source[i] === '\\') i += 2;
    else if (source.startsWith(close, i)) return i + close.length;
    else i++;
  }
  return source.length;
}

const plainly = (source: string): Quoted => ({ text: source, nameOf: (name) => name, original: (offset) => offset });

export function quoteNames(source: string): Quoted {
  if (!NEEDED.test(source)) return plainly(source);
  let prefix = 'q_';
  while (source.includes(prefix)) prefix += '_';
  const names = new Map<string, string>();
  const replaced: Replaced[] = [];
  let text = '';
  let i = 0;
  const replace = (name: string, to: number) => {
    const stand = `${prefix}${names.size}`;
    names.set(stand, name);
    replaced.push({ at: text.length, length: stand.length, from: i, to });
    text += stand;
    i = to;
  };
  const copy = (to: number) => {
    text += source.slice(i, to);
    i = to;
  };
  while (i < source.length) {
    const c = source[i]!;
    if (c === '"' || c === "'") copy(endOfText(source, i));
    else if (c === '/' && source[i + 1] === '/') {
      const end = source.indexOf('\n', i);
      copy(end < 0 ? source.length : end);
    } else if (c === '`') {
      const end = source.indexOf('`', i + 1);
      if (end > i + 1) replace(source.slice(i + 1, end), end + 1);
      else copy(i + 1);
    } else {
      WORD.lastIndex = i;
      const word = WORD.exec(source)?.[0];
      if (word === undefined) copy(i + 1);
      else if (ASCII_WORD.test(word)) copy(i + word.length);
      else replace(word, i + word.length);
    }
  }
  return {
    text,
    nameOf: (name) => names.get(name) ?? name,
    original(offset) {
      let shift = 0;
      for (const { at, length, from, to } of replaced) {
        if (offset < at) break;
        if (offset < at + length) return offset === at ? from : to;
        shift = to - (at + length);
      }
      return offset + shift;
    },
  };
}

/** How a field name is written in an expression: as it is, or in backticks. */
export function writeName(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !RESERVED.has(name) ? name : `\`${name}\``;
}

/** Words that the language keeps; a field of that name needs backticks. */
export const RESERVED: ReadonlySet<string> = new Set(
  'as break const continue else for function if import let loop package namespace return var void while true false null in'.split(
    ' ',
  ),
);
