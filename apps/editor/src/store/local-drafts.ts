import type { LocalDraft } from './autosave.js';

/** Drafts the server does not have yet, one key a tab so that two tabs never overwrite each other's. */
const PREFIX = 'millrace.draft.';

function tabId(): string {
  const had = sessionStorage.getItem('millrace.tab');
  if (had) return had;
  const fresh = crypto.getRandomValues(new Uint32Array(1))[0]!.toString(36);
  sessionStorage.setItem('millrace.tab', fresh);
  return fresh;
}
const keysOf = (workflow: string) => Object.keys(localStorage).filter((key) => key.startsWith(`${PREFIX}${workflow}.`));

/** False when the browser keeps no more (storage full or forbidden); the caller says so. */
export function keepDraft(workflow: string, draft: LocalDraft): boolean {
  try {
    localStorage.setItem(`${PREFIX}${workflow}.${tabId()}`, JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

export function forgetDraft(workflow: string): void {
  localStorage.removeItem(`${PREFIX}${workflow}.${tabId()}`);
}

export function forgetAllDrafts(workflow: string): void {
  for (const key of keysOf(workflow)) localStorage.removeItem(key);
}

/** The newest draft of a workflow that some tab left here. */
export function findDraft(workflow: string): LocalDraft | undefined {
  let newest: LocalDraft | undefined;
  for (const key of keysOf(workflow)) {
    try {
      const draft = JSON.parse(localStorage.getItem(key) ?? '') as LocalDraft;
      if (Array.isArray(draft?.graph?.nodes) && (!newest || draft.at > newest.at)) newest = draft;
    } catch {
      localStorage.removeItem(key);
    }
  }
  return newest;
}
