import { ApiError, api } from '../api/client.js';
import { live } from '../api/live.js';
import type { Validation, Workflow } from '../api/types.js';
import { useApp } from './app.js';
import { Autosave, type SaveFailure } from './autosave.js';
import { closeDocument, currentDoc, openDocument, run, useEditor } from './editor.js';
import { replaceDocument } from './edits.js';
import { findDraft, forgetAllDrafts, forgetDraft, keepDraft } from './local-drafts.js';
import { mergeDrafts } from './merge.js';
import { metrics } from './metrics.js';

let autosave: Autosave | undefined;

const explain = (thrown: unknown): SaveFailure => {
  if (!(thrown instanceof ApiError)) return { kind: 'refused', code: String(thrown) };
  if (thrown.status === 409 && thrown.body.theirs) return { kind: 'conflict', theirs: thrown.body.theirs };
  if (thrown.status === 0 || thrown.status === 429 || thrown.status >= 500 || thrown.status === 401)
    return { kind: 'again' };
  return { kind: 'refused', code: thrown.code };
};

/** Sends what is not saved yet. */
export const flushDraft = async () => autosave?.flush();
export const draftRevision = () => autosave?.revision ?? 0;
export const draftPending = () => autosave?.pending ?? false;

/** Opens a workflow for editing. Resolves with a function that closes it again. Throws `ApiError`. */
export async function openWorkflow(id: string, wanted?: 'draw' | 'live'): Promise<() => void> {
  const workflow = await api.workflow(id);
  const draft = findDraft(id);
  const same = !draft || JSON.stringify(draft.graph) === JSON.stringify(workflow.graph);
  if (same) forgetAllDrafts(id);
  openDocument(
    workflow,
    same ? workflow.graph : draft.graph,
    wanted ?? (workflow.run && active(workflow.run.status) ? 'live' : 'draw'),
  );
  const saver = new Autosave(
    {
      save: (revision, graph) => api.saveWorkflow(id, revision, graph),
      keep: (local) => keepDraft(id, local),
      forget: () => forgetDraft(id),
      onState: (save, detail) =>
        useEditor.setState({
          save,
          refused: detail?.code,
          ...(detail?.theirs ? { conflict: detail.theirs } : {}),
          ...(save === 'saved' ? { savedAt: Date.now(), conflict: undefined } : {}),
        }),
      now: Date.now,
      later: (work, ms) => {
        const timer = setTimeout(work, ms);
        return () => clearTimeout(timer);
      },
    },
    explain,
    same ? workflow.revision : draft.revision,
    same || draft.revision === workflow.revision ? workflow.graph : undefined,
  );
  autosave = saver;
  // A draft that an earlier tab could not save: send it. When someone else saved meanwhile, the 409 asks what to keep.
  if (!same) {
    saver.changed(draft.graph);
    forgetAllDrafts(id);
    keepDraft(id, draft);
  }
  const stops = [watchChanges(saver), watchFindings(), watchLive(saver, id), () => saver.stop()];
  const leave = () => void saver.flush();
  const online = () => void saver.flush();
  addEventListener('pagehide', leave);
  addEventListener('online', online);
  return () => {
    leave();
    removeEventListener('pagehide', leave);
    removeEventListener('online', online);
    for (const stop of stops) stop();
    if (autosave === saver) autosave = undefined;
    closeDocument();
    metrics.reset();
  };
}

export const active = (status: string) => status !== 'finished' && status !== 'failed' && status !== 'killed';

function watchChanges(saver: Autosave): () => void {
  return useEditor.subscribe((state, before) => {
    if (state.history.doc !== before.history.doc) saver.changed(state.history.doc);
  });
}

/** A node before whose input something is broken has no words for a while: what it said with the same config stays. */
function keepWords(next: Validation, before: Validation): Validation {
  for (const [id, info] of Object.entries(next.nodes)) {
    const old = before.nodes[id];
    if (info.summary === null && old?.summary && JSON.stringify(old.config) === JSON.stringify(info.config))
      info.summary = old.summary;
  }
  return next;
}

let recheck: () => void = () => undefined;
/** What the draft is checked against has changed (a connection was made): it is checked again. */
export const recheckDraft = () => recheck();

/** Asks the checker about the draft 200 ms after a change; only the answer to the newest question counts. */
function watchFindings(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked: AbortController | undefined;
  let stopped = false;
  const ask = async () => {
    asked?.abort();
    const mine = new AbortController();
    asked = mine;
    try {
      const validation = await api.validate(currentDoc(), mine.signal);
      if (!mine.signal.aborted)
        useEditor.setState((state) => ({ validation: keepWords(validation, state.validation), validated: true }));
    } catch (thrown) {
      if (stopped || mine.signal.aborted) return;
      // The draft's shape is refused, or nobody answers: what was known stays on screen, and it is asked again.
      if (thrown instanceof ApiError && (thrown.status === 0 || thrown.status >= 500)) timer = setTimeout(ask, 3000);
      else if (thrown instanceof ApiError && thrown.body.findings)
        useEditor.setState((s) => ({
          validation: { ...s.validation, findings: thrown.body.findings! },
          validated: true,
        }));
    }
  };
  void ask();
  recheck = () => void ask();
  const unsubscribe = useEditor.subscribe((state, before) => {
    if (state.history.doc === before.history.doc) return;
    clearTimeout(timer);
    timer = setTimeout(ask, 200);
  });
  return () => {
    stopped = true;
    recheck = () => undefined;
    clearTimeout(timer);
    asked?.abort();
    unsubscribe();
  };
}

/** Follows the workflow's run and other people's saves. */
function watchLive(saver: Autosave, id: string): () => void {
  let watched: string | undefined;
  let unwatch: (() => void) | undefined;
  const follow = (runId: string | undefined) => {
    if (runId === watched) return;
    unwatch?.();
    watched = runId;
    unwatch = runId ? live.watchRun(runId) : undefined;
    metrics.reset();
    if (runId)
      void api.metrics(runId, Date.now() - 15 * 60_000).then(
        (answer) => watched === runId && metrics.prime(answer.samples),
        () => undefined,
      );
  };
  const refresh = async () => {
    const workflow = await api.workflow(id).catch(() => undefined);
    if (!workflow || useEditor.getState().id !== id) return;
    useEditor.setState({
      run: workflow.run,
      publishedVersion: workflow.publishedVersion,
      published: workflow.publishedGraph,
    });
    if (workflow.revision > saver.revision && !saver.pending) take(workflow);
  };
  const take = (workflow: Workflow) => {
    saver.resolve('theirs', workflow);
    run(replaceDocument(currentDoc(), workflow.graph, 'restore'));
    saver.resolve('theirs', workflow);
  };
  const stops = [
    live.watchWorkflows(),
    live.listen((message) => {
      if (message.type === 'metrics' && message.runId === watched) metrics.push(message, Date.now());
      else if (message.type === 'run' && message.run.workflowId === id) useEditor.setState({ run: message.run });
      else if (message.type === 'workflow' && message.id === id && message.revision > saver.revision && !saver.pending)
        void refresh();
    }),
    useEditor.subscribe((state) => follow(state.run?.id)),
    useApp.subscribe((state, before) => {
      if (state.linkUp && !before.linkUp) {
        void saver.flush();
        void refresh();
      }
    }),
  ];
  follow(useEditor.getState().run?.id);
  return () => {
    for (const stop of stops) stop();
    unwatch?.();
  };
}

/** What a merge of the draft with the version of someone else would give, and the nodes that both changed in the same place. */
export const mergeWith = (theirs: Workflow) => mergeDrafts(autosave?.base, currentDoc(), theirs.graph);

/** Ends a conflict with the version of someone else; taking theirs or merging is one step that can be undone. */
export function resolveConflict(choice: 'mine' | 'theirs' | 'merge'): void {
  const theirs = useEditor.getState().conflict;
  if (!theirs || !autosave) return;
  useEditor.setState({ conflict: undefined });
  if (choice === 'mine') {
    autosave.resolve('mine', theirs);
    return;
  }
  const next = choice === 'theirs' ? theirs.graph : mergeWith(theirs).graph;
  run(replaceDocument(currentDoc(), next, choice === 'theirs' ? 'restore' : 'merge'));
  autosave.resolve(choice === 'theirs' ? 'theirs' : 'mine', theirs);
}
