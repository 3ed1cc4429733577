import {
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap } from '@codemirror/commands';
import { bracketMatching } from '@codemirror/language';
import { type Diagnostic, setDiagnostics } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { EditorView, keymap, tooltips } from '@codemirror/view';
import { EXPRESSION_FUNCTIONS } from '@millrace/graph';
import { useEffect, useRef } from 'react';
import type { FieldType, Finding } from '../api/types.js';
import { sentenceOf } from '../problems/sentence.js';
import { cel, celColours } from './cel-language.js';

interface Props {
  id: string;
  label: string;
  value: string;
  fields: Array<{ name: string; type: FieldType }>;
  findings: readonly Finding[];
  locale: string;
  invalid: boolean;
  onChange: (value: string) => void;
}

const look = EditorView.theme({
  '&': {
    fontSize: '12px',
    backgroundColor: 'var(--mr-sunken)',
    borderRadius: '6px',
    border: '1px solid var(--mr-field)',
  },
  '&.cm-focused': { outline: '2px solid var(--mr-pri)', outlineOffset: '1px' },
  '.cm-content': {
    fontFamily: 'var(--mr-mono)',
    fontVariantLigatures: 'none',
    lineHeight: '20px',
    padding: '5px 0',
    caretColor: 'var(--mr-ink)',
    color: 'var(--mr-ink)',
  },
  '.cm-line': { padding: '0 10px' },
  '.cm-cursor': { borderLeftColor: 'var(--mr-ink)' },
  '.cm-selectionBackground, &.cm-focused .cm-selectionBackground': { backgroundColor: 'var(--mr-prit) !important' },
  '&.cm-editor .cm-scroller': { fontFamily: 'var(--mr-mono)' },
  '.cm-tooltip': {
    zIndex: '300',
    backgroundColor: 'var(--mr-raised)',
    color: 'var(--mr-ink)',
    border: 'none',
    borderRadius: '8px',
    boxShadow: 'var(--mr-sh2)',
    overflow: 'hidden',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': {
    padding: '3px 8px',
    lineHeight: '20px',
    fontFamily: 'var(--mr-mono)',
    fontSize: '12px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--mr-prit)',
    color: 'var(--mr-ink)',
  },
  '.cm-completionDetail': { color: 'var(--mr-ink3)', fontStyle: 'normal', marginLeft: '8px' },
  '.cm-matchingBracket': { backgroundColor: 'var(--mr-hover) !important' },
});

/** Does the text end within quotes? */
function inText(before: string): boolean {
  let open = '';
  for (let i = 0; i < before.length; i++) {
    const char = before[i]!;
    if (char === '\\') i++;
    else if (open === '' && (char === '"' || char === "'")) open = char;
    else if (char === open) open = '';
  }
  return open !== '';
}

/** The rich expression editor: colours, completion of fields and functions, errors at their place. A chunk of its own. */
export function CelEditor({ id, label, value, fields, findings, locale, invalid, onChange }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | undefined>(undefined);
  const known = useRef({ fields, onChange });
  known.current = { fields, onChange };

  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor is made once; later values are dispatched below
  useEffect(() => {
    const complete = (context: CompletionContext): CompletionResult | null => {
      const word = context.matchBefore(/[A-Za-z_][\w.]*/);
      if (!word && !context.explicit) return null;
      // Inside a text nothing is completed.
      if (inText(context.state.sliceDoc(0, context.pos))) return null;
      return {
        from: word?.from ?? context.pos,
        options: [
          ...known.current.fields.map((field) => ({
            label: field.name,
            type: 'variable',
            detail: field.type,
            boost: 2,
          })),
          ...EXPRESSION_FUNCTIONS.map((fn) => ({
            label: fn.name,
            type: 'function',
            detail: fn.signature.replace(/^\w+/, ''),
            info: fn.summary,
            apply: `${fn.name}(`,
          })),
        ],
        validFor: /^[\w.]*$/,
      };
    };
    const editor = new EditorView({
      parent: host.current!,
      state: EditorState.create({
        doc: value,
        extensions: [
          cel,
          celColours,
          bracketMatching(),
          autocompletion({ override: [complete], icons: false }),
          // No history of its own: Ctrl+Z is the command bus's, here too. Tab leaves the field, as everywhere in a form.
          keymap.of([...completionKeymap, ...defaultKeymap]),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ id, 'aria-label': label }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) known.current.onChange(update.state.doc.toString());
          }),
          look,
          tooltips({ parent: document.body, position: 'fixed' }),
        ],
      }),
    });
    view.current = editor;
    editor.focus();
    editor.dispatch({ selection: { anchor: editor.state.doc.length } });
    const insert = (event: Event) => {
      const name = (event as CustomEvent<string>).detail;
      editor.dispatch(editor.state.replaceSelection(name));
      editor.focus();
    };
    const box = host.current?.closest('.expression');
    box?.addEventListener('insert-field', insert);
    return () => {
      box?.removeEventListener('insert-field', insert);
      editor.destroy();
    };
  }, []);

  useEffect(() => {
    const editor = view.current;
    if (editor && editor.state.doc.toString() !== value)
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);

  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    const length = editor.state.doc.length;
    const marks = findings.map((finding): Diagnostic => {
      const from = Math.min(finding.range?.from ?? 0, length);
      return {
        from,
        to: Math.max(from, Math.min(finding.range?.to ?? length, length)),
        severity: finding.severity,
        message: sentenceOf(finding, locale),
      };
    });
    editor.dispatch(setDiagnostics(editor.state, marks));
  }, [findings, locale]);

  return <div ref={host} className={`cel ${invalid ? 'invalid' : ''}`} />;
}
