import { Fragment, type ReactNode } from 'react';
import { type Block, blocksOf, inlineOf } from './markdown-blocks.js';
import { placed } from './Skeletons.js';

/** Text is never turned into HTML. */
function inline(text: string): ReactNode[] {
  return placed(inlineOf(text)).map(({ item: { kind, text: part }, key }) => {
    if (kind === 'code')
      return (
        <code key={key} className="mono">
          {part}
        </code>
      );
    if (kind === 'strong') return <b key={key}>{part}</b>;
    if (kind === 'em') return <em key={key}>{part}</em>;
    return <Fragment key={key}>{part}</Fragment>;
  });
}

function Table({ head, align, rows }: Extract<Block, { kind: 'table' }>) {
  const style = (n: number) => (align[n] === undefined ? undefined : { textAlign: align[n] });
  return (
    <table className="help-table">
      <thead>
        <tr>
          {placed(head).map(({ item, key, n }) => (
            <th key={key} scope="col" style={style(n)}>
              {inline(item)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {placed(rows).map(({ item: cells, key }) => (
          <tr key={key}>
            {placed(cells).map(({ item, key: cell, n }) => (
              <td key={cell} style={style(n)}>
                {inline(item)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function show(block: Block, key: string): ReactNode {
  switch (block.kind) {
    case 'code':
      return (
        <pre key={key} className="json mono">
          {block.text}
        </pre>
      );
    case 'heading':
      return (
        <h3 key={key} className="sec">
          {inline(block.text)}
        </h3>
      );
    case 'list':
      return (
        <ul key={key}>
          {placed(block.items).map(({ item, key: line }) => (
            <li key={line}>{inline(item)}</li>
          ))}
        </ul>
      );
    case 'table':
      return <Table key={key} {...block} />;
    default:
      return <p key={key}>{inline(block.text)}</p>;
  }
}

/** The little Markdown that operator docs use: paragraphs, lists, tables, code blocks, headings. */
export function Markdown({ text }: { text: string }) {
  return <div className="markdown">{placed(blocksOf(text)).map(({ item, key }) => show(item, key))}</div>;
}
