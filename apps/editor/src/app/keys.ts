import {
  align,
  duplicate,
  groupSelection,
  nudge,
  quickAddAtPointer,
  removeSelection,
  selectAll,
  selectStream,
  toggleDisabled,
  ungroupSelection,
  walk,
} from '../canvas/actions.js';
import { clipboardEvents } from '../canvas/clipboard-io.js';
import { fitAll, flow } from '../canvas/flow.js';
import { redoEdit, select, undoEdit, useEditor } from '../store/editor.js';
import { flushDraft } from '../store/session.js';
import { useUi } from './ui-state.js';

/** Is the person typing there? */
export const editable = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
/** Form inputs of the inspector write to the command bus, so its undo is theirs too. */
const onBus = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('.inspector') !== null;
const overlay = () => document.querySelector('.mantine-Modal-content, .mantine-Menu-dropdown') !== null;
const drawing = () => useEditor.getState().mode === 'draw';

let alignNext = false;

/** All keys of the editor; the cheat sheet lists them. Returns a stop function. */
export function listenKeys(): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented) return;
    const ctrl = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    const typing = editable(event.target);
    const done = () => event.preventDefault();
    if (ctrl && key === 's') {
      void flushDraft();
      return done();
    }
    if (overlay()) return;
    if (ctrl && (key === 'z' || key === 'y') && drawing() && (!typing || onBus(event.target))) {
      if (key === 'y' || event.shiftKey) redoEdit();
      else undoEdit();
      return done();
    }
    if (typing) {
      if (event.key === 'Escape') (event.target as HTMLElement).blur();
      return;
    }
    // Buttons, tabs and links keep their own Enter, Space and arrows; the canvas has the rest.
    const control =
      event.target instanceof Element &&
      event.target.closest('button, a, [role=tab], [role=option], summary, table') !== null;
    if (event.key === 'Escape') {
      const { edgePanel, drawer, quickAdd } = useEditor.getState();
      if (quickAdd || edgePanel || drawer)
        useEditor.setState({ quickAdd: undefined, edgePanel: undefined, drawer: undefined });
      else select([]);
      return done();
    }
    if (handleView(event, ctrl, key, control)) return done();
    if (drawing() && handleEdit(event, ctrl, key, control)) return done();
  };
  addEventListener('keydown', onKey);
  const stopClipboard = clipboardEvents(editable, drawing);
  return () => {
    removeEventListener('keydown', onKey);
    stopClipboard();
  };
}

function handleView(event: KeyboardEvent, ctrl: boolean, key: string, control: boolean): boolean {
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 120;
  const selected = useEditor.getState().selection.nodes[0];
  if (event.key === '?') useUi.setState({ cheatSheet: true });
  else if (ctrl && key === 'f') useUi.setState({ find: true, palette: true });
  else if (key === '+' || key === '=') void flow.current?.zoomIn({ duration: calm });
  else if (key === '-') void flow.current?.zoomOut({ duration: calm });
  else if (key === '0') void flow.current?.zoomTo(1, { duration: calm });
  else if (key === '1') fitAll();
  else if (event.shiftKey && event.key === 'F10' && selected) {
    const box = document.querySelector(`.node[data-id="${CSS.escape(selected)}"]`)?.getBoundingClientRect();
    if (box)
      document
        .querySelector(`.node[data-id="${CSS.escape(selected)}"]`)
        ?.dispatchEvent(
          new MouseEvent('contextmenu', { bubbles: true, clientX: box.left + 20, clientY: box.bottom - 10 }),
        );
  } else if (event.key.startsWith('Arrow') && !control) {
    const direction = event.key.slice(5).toLowerCase() as 'left' | 'right' | 'up' | 'down';
    const step = 18;
    if (event.altKey && drawing())
      nudge(
        direction === 'left' ? -step : direction === 'right' ? step : 0,
        direction === 'up' ? -step : direction === 'down' ? step : 0,
      );
    else if (event.shiftKey && (direction === 'left' || direction === 'right')) selectStream(direction);
    else walk(direction);
  } else if (event.key === 'Enter' && selected && !control) {
    if (drawing())
      document
        .querySelector<HTMLElement>('.inspector-body input, .inspector-body textarea, .inspector-body button')
        ?.focus();
    else useEditor.setState({ drawer: selected, edgePanel: undefined });
  } else return false;
  return true;
}

function handleEdit(event: KeyboardEvent, ctrl: boolean, key: string, control: boolean): boolean {
  const selected = useEditor.getState().selection.nodes[0];
  if (alignNext && !ctrl) {
    alignNext = false;
    const how = ({ l: 'left', r: 'right', t: 'top', b: 'bottom', h: 'horizontal', v: 'vertical' } as const)[key];
    if (how) {
      align(how);
      return true;
    }
  }
  const inPane = document.activeElement === document.body || document.activeElement?.closest('.canvas') !== null;
  if (event.key === 'Delete' || event.key === 'Backspace') removeSelection(ctrl);
  else if (ctrl && key === 'a') selectAll();
  else if (ctrl && key === 'd') duplicate();
  else if (ctrl && event.shiftKey && key === 'u') ungroupSelection();
  else if (ctrl && key === 'g') groupSelection();
  else if (key === 'd' && !ctrl && !event.altKey && selected) toggleDisabled();
  else if (event.altKey && key === 'a') alignNext = true;
  else if (event.key === 'Tab' && !event.shiftKey && !ctrl && !control && inPane) quickAddAtPointer();
  else if (event.key === 'F2' && selected) useEditor.setState({ renaming: selected });
  else if (key === 'c' && !ctrl && !event.altKey && selected) useEditor.setState({ connectFrom: selected });
  else return false;
  return true;
}
