import { toast } from '../app/toast.js';
import { translate } from '../i18n/index.js';
import { pasteText, removeSelection, selectionText } from './actions.js';

/** Copies survive without clipboard permission inside this browser. */
const KEY = 'millrace.clip';

export async function copyOut(): Promise<boolean> {
  const text = selectionText();
  if (!text) return false;
  localStorage.setItem(KEY, text);
  await navigator.clipboard?.writeText(text).catch(() => undefined);
  return true;
}
export async function cutOut(): Promise<void> {
  if (await copyOut()) removeSelection();
}
export async function pasteIn(): Promise<void> {
  const text = (await navigator.clipboard?.readText().catch(() => undefined)) ?? '';
  if (!pasteText(text) && !pasteText(localStorage.getItem(KEY) ?? '')) toast(translate('toast.nothingToPaste'));
}

/** The browser's own copy, cut and paste events: they work without asking for permission. */
export function clipboardEvents(editable: (target: EventTarget | null) => boolean, drawing: () => boolean): () => void {
  const out = (event: ClipboardEvent) => {
    if (editable(event.target) || (getSelection()?.toString() ?? '') !== '') return;
    const text = selectionText();
    if (!text || !event.clipboardData) return;
    event.clipboardData.setData('text/plain', text);
    localStorage.setItem(KEY, text);
    event.preventDefault();
    if (event.type === 'cut' && drawing()) removeSelection();
  };
  const into = (event: ClipboardEvent) => {
    if (editable(event.target) || !drawing()) return;
    if (pasteText(event.clipboardData?.getData('text/plain') ?? '')) event.preventDefault();
  };
  addEventListener('copy', out);
  addEventListener('cut', out);
  addEventListener('paste', into);
  return () => {
    removeEventListener('copy', out);
    removeEventListener('cut', out);
    removeEventListener('paste', into);
  };
}
