import type { GraphDocument } from '../api/types.js';
import { applyOps, type Op } from './ops.js';

/** What an edit is called in menus and toasts; a key of the locale (`edit.<label>`). */
export type EditLabel =
  | 'add'
  | 'connect'
  | 'insert'
  | 'remove'
  | 'move'
  | 'config'
  | 'rename'
  | 'settings'
  | 'paste'
  | 'duplicate'
  | 'tidy'
  | 'fix'
  | 'restore'
  | 'merge'
  | 'note'
  | 'disable'
  | 'enable'
  | 'group'
  | 'ungroup'
  | 'import';

export interface Edit {
  label: EditLabel;
  ops: Op[];
  /** Edits with the same key that follow within `MERGE_MS` are one undo step (typing, nudging). */
  merge?: string;
}

interface Step {
  label: EditLabel;
  redo: Op[];
  undo: Op[];
  merge: string | undefined;
  at: number;
}

/** The document and the way there. Immutable; the only place where the document changes. */
export interface History {
  readonly doc: GraphDocument;
  readonly past: readonly Step[];
  readonly future: readonly Step[];
}

const MERGE_MS = 1200;
/** Steps kept for undo. A step is a few hundred bytes; a whole-graph tidy of 500 nodes about 100 kB. */
const MAX_STEPS = 1000;

export const startHistory = (doc: GraphDocument): History => ({ doc, past: [], future: [] });

/** Runs an edit. Gives the same history back when nothing changed. */
export function runEdit(history: History, edit: Edit, now: number): History {
  const { doc, inverse } = applyOps(history.doc, edit.ops);
  if (inverse.length === 0) return history;
  const last = history.past.at(-1);
  if (
    edit.merge !== undefined &&
    last?.merge === edit.merge &&
    now - last.at < MERGE_MS &&
    history.future.length === 0
  ) {
    const step: Step = { ...last, redo: [...last.redo, ...edit.ops], undo: [...inverse, ...last.undo], at: now };
    return { doc, past: [...history.past.slice(0, -1), step], future: [] };
  }
  const step: Step = { label: edit.label, redo: edit.ops, undo: inverse, merge: edit.merge, at: now };
  return { doc, past: [...history.past, step].slice(-MAX_STEPS), future: [] };
}

export function undo(history: History): History {
  const step = history.past.at(-1);
  if (!step) return history;
  return {
    doc: applyOps(history.doc, step.undo).doc,
    past: history.past.slice(0, -1),
    future: [step, ...history.future],
  };
}

export function redo(history: History): History {
  const step = history.future[0];
  if (!step) return history;
  // A redone step never merges with what is typed next.
  return {
    doc: applyOps(history.doc, step.redo).doc,
    past: [...history.past, { ...step, merge: undefined }],
    future: history.future.slice(1),
  };
}
