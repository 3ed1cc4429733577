import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { type CheckedGraph, type Finding, type GraphDocument, parseDocument, validateGraph } from '@millrace/graph';
import { type Catalogue, MillraceError } from '@millrace/sdk';
import { setValues } from './set-values.js';

/** A graph file, read and checked. */
export interface LoadedGraph {
  /** Absolute path, and the one to show. */
  file: string;
  shownFile: string;
  /** Its folder: relative paths in configs start here. */
  folder: string;
  text: string;
  /** Is the text JSON? If not, nothing in it has a place. */
  valid: boolean;
  /** The document with the `--set` values in it, as far as it could be read. */
  document: unknown;
  findings: readonly Finding[];
  /** Present when no finding is an error. */
  checked?: CheckedGraph;
}

/** Reads, changes (`--set`) and validates a graph file. Throws MillraceError GRAPH_FILE or SET_…; what is wrong inside is findings. */
export function loadGraph(file: string, settings: readonly string[], catalogue: Catalogue, cwd: string): LoadedGraph {
  const absolute = resolve(cwd, file);
  const text = read(absolute, file);
  const graph = { file: absolute, shownFile: relative(cwd, absolute), folder: dirname(absolute), text };
  const { value, findings } = parseDocument(text);
  if (value === undefined) return { ...graph, valid: isJson(text), document: undefined, findings };
  if (settings.length > 0 && isShaped(value)) setValues(value, settings, catalogue, cwd);
  const result = validateGraph(value, catalogue);
  return {
    ...graph,
    valid: true,
    document: value,
    findings: result.findings,
    ...(result.graph ? { checked: result.graph } : {}),
  };
}

function read(absolute: string, shown: string): string {
  try {
    return readFileSync(absolute, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : message;
    throw new MillraceError(`The graph ${shown} could not be read: ${reason}.`, {
      code: 'GRAPH_FILE',
      params: { file: absolute, reason },
      hint:
        code === 'EISDIR'
          ? `Name the file in it, for example ${shown.replace(/\/$/, '')}/graph.json.`
          : `Looked for ${absolute}.`,
    });
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Settings need a document with nodes that are objects; anything else is the validator's to explain. */
function isShaped(value: unknown): value is GraphDocument {
  const nodes = (value as { nodes?: unknown } | null)?.nodes;
  return (
    Array.isArray(nodes) && nodes.every((node) => node !== null && typeof node === 'object' && !Array.isArray(node))
  );
}
