import { create } from 'zustand';
import type { GraphDocument, NodeInfo, RunSummary, Validation, Workflow } from '../api/types.js';
import { useApp } from './app.js';
import type { SaveState } from './autosave.js';
import { type Changes, changesSince } from './changes.js';
import { type Edit, type History, redo, runEdit, startHistory, undo } from './history.js';
import type { Known } from './linking.js';

export interface Selection {
  nodes: readonly string[];
  edges: readonly string[];
}
export type Mode = 'draw' | 'live';

/** A list that opens at a place to choose an operator. */
export interface QuickAdd {
  /** Where the list opens, page px; where the node goes, flow px. */
  screen: { x: number; y: number };
  flow: { x: number; y: number };
  from?: { node: string; port: string };
  to?: { node: string; port: string };
  edge?: string;
}

interface EditorState {
  id: string | undefined;
  history: History;
  publishedVersion: number | null;
  published: GraphDocument | null;
  run: RunSummary | null;
  changes: Changes;
  selection: Selection;
  mode: Mode;
  validation: Validation;
  validated: boolean;
  save: SaveState;
  savedAt: number | undefined;
  refused: string | undefined;
  conflict: Workflow | undefined;
  quickAdd: QuickAdd | undefined;
  connectFrom: string | undefined;
  renaming: string | undefined;
  edgePanel: string | undefined;
  drawer: string | undefined;
  table: boolean;
  bottom: 'problems' | 'letters' | 'closed';
}

const EMPTY: GraphDocument = { schema: 1, name: '', nodes: [], edges: [] };
const NO_CHANGES: Changes = { nodes: new Set(), removed: [], count: 0 };
const NONE: Selection = { nodes: [], edges: [] };

const initial = (): EditorState => ({
  id: undefined,
  history: startHistory(EMPTY),
  publishedVersion: null,
  published: null,
  run: null,
  changes: NO_CHANGES,
  selection: NONE,
  mode: 'draw',
  validation: { findings: [], nodes: {} },
  validated: false,
  save: 'saved',
  savedAt: undefined,
  refused: undefined,
  conflict: undefined,
  quickAdd: undefined,
  connectFrom: undefined,
  renaming: undefined,
  edgePanel: undefined,
  drawer: undefined,
  table: false,
  bottom: 'problems',
});

export const useEditor = create<EditorState>(initial);

export const currentDoc = () => useEditor.getState().history.doc;

export function openDocument(workflow: Workflow, doc: GraphDocument, mode: Mode): void {
  useEditor.setState({
    ...initial(),
    id: workflow.id,
    history: startHistory(doc),
    publishedVersion: workflow.publishedVersion,
    published: workflow.publishedGraph,
    run: workflow.run,
    changes: changesSince(workflow.publishedGraph, doc),
    mode,
  });
}
export const closeDocument = () => useEditor.setState(initial());

function setHistory(history: History): void {
  const state = useEditor.getState();
  if (history === state.history) return;
  const nodes = new Set(history.doc.nodes.map((node) => node.id));
  const edges = new Set(history.doc.edges.map((edge) => edge.id));
  const kept = {
    nodes: state.selection.nodes.filter((id) => nodes.has(id)),
    edges: state.selection.edges.filter((id) => edges.has(id)),
  };
  const selection =
    kept.nodes.length === state.selection.nodes.length && kept.edges.length === state.selection.edges.length
      ? state.selection
      : kept;
  useEditor.setState({ history, selection, changes: changesSince(state.published, history.doc) });
}

/** The command bus: every change of the document goes through here. */
export function run(edit: Edit): void {
  setHistory(runEdit(useEditor.getState().history, edit, performance.now()));
}
export const undoEdit = () => setHistory(undo(useEditor.getState().history));
export const redoEdit = () => setHistory(redo(useEditor.getState().history));

export function select(nodes: readonly string[], edges: readonly string[] = []): void {
  useEditor.setState({ selection: { nodes, edges } });
}

export function setPublished(version: number, graph: GraphDocument, run: RunSummary): void {
  useEditor.setState((state) => ({
    publishedVersion: version,
    published: graph,
    run,
    changes: changesSince(graph, state.history.doc),
  }));
}

const NO_INFOS: { [id: string]: NodeInfo } = {};
export function known(): Known {
  return { manifests: useApp.getState().manifests, infos: useEditor.getState().validation.nodes ?? NO_INFOS };
}
