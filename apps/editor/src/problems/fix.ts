import type { Finding, GraphDocument, Value } from '../api/types.js';
import type { Edit } from '../store/history.js';

const unescapePointer = (part: string) => part.replace(/~1/g, '/').replace(/~0/g, '~');

/** A copy of a JSON value with the place at `path` set; undefined removes it. Missing objects on the way are made. */
export function setAt(target: Value, path: readonly (string | number)[], value: Value): Value {
  if (path.length === 0) return value;
  const [head, ...rest] = path;
  if (Array.isArray(target)) {
    const copy = [...target];
    const index = Number(head);
    if (rest.length === 0 && value === undefined) copy.splice(index, 1);
    else copy[index] = setAt(copy[index], rest, value);
    return copy;
  }
  const copy: { [name: string]: Value } = { ...(typeof target === 'object' && target !== null ? target : {}) };
  if (rest.length === 0 && value === undefined) delete copy[head as string];
  else copy[head as string] = setAt(copy[head as string], rest, value);
  return copy;
}
export function getAt(target: Value, path: readonly (string | number)[]): Value {
  let here = target;
  for (const part of path) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = here[part];
  }
  return here;
}

/** The edit that applies a finding's own remedy, when it is a value to set within one node or the settings. */
export function fixEdit(doc: GraphDocument, finding: Finding): Edit | undefined {
  const fix = finding.fix;
  if (!fix || fix.value === undefined) return undefined;
  const parts = fix.path.split('/').slice(1).map(unescapePointer);
  if (parts[0] === 'nodes') {
    const node = doc.nodes[Number(parts[1])];
    const property = parts[2];
    if (!node || property === undefined || property === 'id') return undefined;
    const next = setAt(node, parts.slice(2), fix.value);
    return { label: 'fix', ops: [{ kind: 'node.patch', id: node.id, patch: { [property]: next[property] } }] };
  }
  if (parts[0] === 'settings')
    return {
      label: 'fix',
      ops: [{ kind: 'doc.patch', patch: { settings: setAt(doc.settings ?? {}, parts.slice(1), fix.value) } }],
    };
  return undefined;
}
