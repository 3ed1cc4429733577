import type { ReactNode } from 'react';
import type { Value } from '../api/types.js';

/** A record as coloured JSON; text is set as text, never as HTML. */
export function Json({ value }: { value: Value }) {
  const text = JSON.stringify(value, null, 2) ?? 'null';
  const parts: ReactNode[] = [];
  const pattern = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
  let last = 0;
  for (const match of text.matchAll(pattern)) {
    parts.push(text.slice(last, match.index));
    const kind = match[2] ? 'key' : match[1] ? 'str' : match[3] ? 'atom' : 'num';
    parts.push(
      <span key={match.index} className={`json-${kind}`}>
        {match[1] ?? match[0]}
      </span>,
      match[2] ?? '',
    );
    last = match.index + match[0].length;
  }
  parts.push(text.slice(last));
  return <pre className="json mono">{parts}</pre>;
}
