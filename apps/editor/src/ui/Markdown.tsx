import { Fragment, type ReactNode } from 'react';
import { placed } from './Skeletons.js';

/** `code` and **strong** within a line; text is never turned into HTML. */
function inline(text: string): ReactNode[] {
  return placed(text.split(/(`[^`]+`|\*\*[^*]+\*\*)/)).map(({ item: part, key: n }) => {
    if (part.startsWith('`'))
      return (
        <code key={n} className="mono">
          {part.slice(1, -1)}
        </code>
      );
    if (part.startsWith('**')) return <b key={n}>{part.slice(2, -2)}</b>;
    return <Fragment key={n}>{part}</Fragment>;
  });
}

/** The little Markdown that operator docs use: paragraphs, lists, code blocks, headings. */
export function Markdown({ text }: { text: string }) {
  return (
    <div className="markdown">
      {text.split(/\n{2,}/).map((block, n) => {
        const key = n;
        if (block.startsWith('```'))
          return (
            <pre key={key} className="json mono">
              {block.replace(/^```\w*\n?|\n?```$/g, '')}
            </pre>
          );
        if (/^#{1,4} /.test(block))
          return (
            <h3 key={key} className="sec">
              {inline(block.replace(/^#+ /, ''))}
            </h3>
          );
        if (/^[-*] /.test(block))
          return (
            <ul key={key}>
              {placed(block.split(/\n(?=[-*] )/)).map(({ item, key: m }) => (
                <li key={m}>{inline(item.replace(/^[-*] /, ''))}</li>
              ))}
            </ul>
          );
        return <p key={key}>{inline(block.replace(/\n/g, ' '))}</p>;
      })}
    </div>
  );
}
