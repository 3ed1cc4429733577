/** The little Markdown that texts of operators use, as data. */
export type Inline = { kind: 'text' | 'code' | 'strong' | 'em'; text: string };
export type Align = 'left' | 'center' | 'right' | undefined;
export type Block =
  | { kind: 'paragraph' | 'heading'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'list'; items: string[] }
  | { kind: 'table'; head: string[]; align: Align[]; rows: string[][] };

/** Stars hug the words that they mark: `a * b * c` is a sum, and one within a word is a star. */
const INLINE = /(`[^`]+`|\*\*[^*\s](?:[^*]*[^*\s])?\*\*|(?<![\w*])\*[^*\s](?:[^*]*[^*\s])?\*(?![\w*]))/;

export function inlineOf(text: string): Inline[] {
  return text
    .split(INLINE)
    .filter((part) => part !== '')
    .map((part) => {
      if (/^`.+`$/s.test(part)) return { kind: 'code', text: part.slice(1, -1) };
      if (/^\*\*.+\*\*$/s.test(part)) return { kind: 'strong', text: part.slice(2, -2) };
      if (/^\*[^*].*\*$/s.test(part) || /^\*[^*]\*$/.test(part)) return { kind: 'em', text: part.slice(1, -1) };
      return { kind: 'text', text: part };
    });
}

/** The cells of a line of a table; `\|` and what stands in backquotes is no border. */
function cellsOf(line: string): string[] {
  const inner = line.trim().replace(/^\|/, '').replace(/\|$/, '');
  const cells = [''];
  for (const [part] of inner.matchAll(/`[^`]*`|\\\||\||[^`|\\]+|[\s\S]/g)) {
    if (part === '|') cells.push('');
    else cells[cells.length - 1] += part === '\\|' ? '|' : part;
  }
  return cells.map((cell) => cell.trim());
}

function alignOf(mark: string): Align {
  const [left, right] = [mark.startsWith(':'), mark.endsWith(':')];
  if (left && right) return 'center';
  return right ? 'right' : left ? 'left' : undefined;
}

const isDelimiter = (line: string | undefined) =>
  line !== undefined && /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/.test(line);

function blockOf(text: string): Block {
  if (text.startsWith('```')) return { kind: 'code', text: text.replace(/^```\w*\n?|\n?```$/g, '') };
  if (/^#{1,4} /.test(text)) return { kind: 'heading', text: text.replace(/^#+ /, '') };
  if (/^[-*] /.test(text))
    return { kind: 'list', items: text.split(/\n(?=[-*] )/).map((item) => item.replace(/^[-*] /, '')) };
  const lines = text.split('\n');
  if (text.startsWith('|') && isDelimiter(lines[1])) {
    const head = cellsOf(lines[0]!);
    const rows = lines.slice(2).map((line) => {
      const cells = cellsOf(line);
      return head.map((_title, n) => cells[n] ?? '');
    });
    return { kind: 'table', head, align: cellsOf(lines[1]!).map(alignOf), rows };
  }
  return { kind: 'paragraph', text: lines.join(' ') };
}

export function blocksOf(text: string): Block[] {
  return text
    .trim()
    .split(/\n{2,}/)
    .filter((block) => block !== '')
    .map(blockOf);
}
