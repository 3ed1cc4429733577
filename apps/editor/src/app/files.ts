import type { GraphDocument } from '../api/types.js';
import { translate } from '../i18n/index.js';
import { readClip } from '../store/clipboard.js';
import { currentDoc, run, undoEdit } from '../store/editor.js';
import { replaceDocument } from '../store/edits.js';
import { toast } from './toast.js';

/** Saves a graph as a file; the same file runs with `millrace run`. */
export function downloadGraph(doc: GraphDocument): void {
  const url = URL.createObjectURL(new Blob([`${JSON.stringify(doc, null, 2)}\n`], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${
    doc.name
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-|-$/g, '') || 'workflow'
  }.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** A graph document out of a file's text; undefined when it is none. */
export function readGraph(text: string): GraphDocument | undefined {
  const clip = readClip(text);
  if (!clip) return undefined;
  const raw = JSON.parse(text) as Partial<GraphDocument>;
  return {
    schema: 1,
    name: typeof raw.name === 'string' ? raw.name : '',
    ...(typeof raw.description === 'string' ? { description: raw.description } : {}),
    ...(raw.settings && typeof raw.settings === 'object' ? { settings: raw.settings } : {}),
    nodes: clip.nodes,
    edges: clip.edges,
  };
}

export function pickFile(accept: string, take: (file: File) => void): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = accept;
  input.onchange = () => {
    const file = input.files?.[0];
    if (file) take(file);
  };
  input.click();
}

/** Replaces the draft by a graph from a file: one step that can be undone. */
export function importGraph(): void {
  pickFile('.json,application/json', async (file) => {
    const graph = readGraph(await file.text());
    if (!graph) {
      toast(translate('toast.notAGraph', { file: file.name }), { tone: 'bad' });
      return;
    }
    run(replaceDocument(currentDoc(), { ...graph, name: graph.name || currentDoc().name }, 'import'));
    toast(translate('toast.imported', { file: file.name }), {
      action: { label: translate('common.undo'), run: undoEdit },
    });
  });
}
