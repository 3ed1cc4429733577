import { Modal } from '@mantine/core';
import { IconArrowRight, IconSearch } from '@tabler/icons-react';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { api } from '../api/client.js';
import type { WorkflowListItem } from '../api/types.js';
import { addOperator, duplicate, selectAll, tidy } from '../canvas/actions.js';
import { fitAll, reveal } from '../canvas/flow.js';
import { nodeLabel, operatorName } from '../canvas/names.js';
import { LANGUAGES, setLanguage, useT } from '../i18n/index.js';
import { setTheme, useApp } from '../store/app.js';
import { redoEdit, select, undoEdit, useEditor } from '../store/editor.js';
import { Tile } from '../ui/icons.js';
import { useUi } from './ui-state.js';

interface Command {
  id: string;
  text: string;
  group: string;
  keys?: string;
  icon?: ReactNode;
  run: () => void;
}

/** Find a node, a workflow or an action by typing. Ctrl+F shows nodes only. */
export function CommandPalette() {
  const { t, locale } = useT();
  const [, go] = useLocation();
  const find = useUi((s) => s.find);
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const [workflows, setWorkflows] = useState<WorkflowListItem[]>([]);
  const list = useRef<HTMLDivElement>(null);
  const opened = useEditor((s) => s.id !== undefined);
  const live = useEditor((s) => s.mode === 'live');
  const doc = useEditor((s) => s.history.doc);
  const manifests = useApp((s) => s.manifests);
  const theme = useApp((s) => s.theme);
  useEffect(() => {
    api.workflows().then(
      (answer) => setWorkflows(answer.workflows),
      () => undefined,
    );
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another choice has to come into view
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  const commands = useMemo(() => {
    const made: Command[] = [];
    if (opened) {
      for (const node of doc.nodes) {
        const manifest = manifests.get(node.operator);
        made.push({
          id: `n:${node.id}`,
          group: t('command.nodes'),
          text: nodeLabel(node, manifest, locale),
          icon: <Tile name={manifest?.docs.icon} category={manifest?.docs.category ?? 'shape'} size={22} />,
          run: () => {
            select([node.id]);
            reveal(node.id);
          },
        });
      }
    }
    if (find) return made;
    const actions: Command[] = [];
    const add = (id: string, label: string, act: () => void, keys?: string) =>
      actions.push({ id, group: t('command.actions'), text: label, run: act, ...(keys ? { keys } : {}) });
    if (opened) {
      add('live', live ? t('top.draw') : t('top.live'), () => useEditor.setState({ mode: live ? 'draw' : 'live' }));
      add('fit', t('canvas.fit'), fitAll, '1');
      add('table', t('canvas.table'), () => useEditor.setState((s) => ({ table: !s.table })));
      if (!live) {
        add('undo', t('common.undo'), undoEdit, 'Ctrl Z');
        add('redo', t('common.redo'), redoEdit, 'Ctrl Y');
        add('tidy', t('canvas.tidy'), () => void tidy());
        add('all', t('menu.selectAll'), selectAll, 'Ctrl A');
        add('dup', t('menu.duplicate'), duplicate, 'Ctrl D');
        add('publish', t('publish.button'), () => useUi.setState({ publish: true }));
      }
      add('versions', t('menu.versions'), () => useUi.setState({ versions: true }));
    }
    add('theme', theme === 'dark' ? t('prefs.light') : t('prefs.dark'), () =>
      setTheme(theme === 'dark' ? 'light' : 'dark'),
    );
    for (const language of LANGUAGES)
      add(`lang:${language.code}`, language.name, () => {
        localStorage.setItem('millrace.language', language.code);
        void setLanguage(language.code);
      });
    add('keys', t('keys.title'), () => useUi.setState({ cheatSheet: true }), '?');
    const places: Command[] = [
      ['/', t('nav.home')],
      ['/workflows', t('nav.workflows')],
      ['/runs', t('nav.runs')],
      ['/views', t('nav.views')],
      ['/connections', t('nav.connections')],
    ].map(([href, label]) => ({ id: `go:${href}`, group: t('command.pages'), text: label!, run: () => go(href!) }));
    const others: Command[] = workflows.map((workflow) => ({
      id: `w:${workflow.id}`,
      group: t('nav.workflows'),
      text: workflow.name,
      run: () => go(`/workflows/${workflow.id}`),
    }));
    const operators: Command[] =
      opened && !live
        ? [...manifests.values()].map((manifest) => ({
            id: `o:${manifest.type}`,
            group: t('command.add'),
            text: operatorName(manifest, manifest.type, locale),
            icon: <Tile name={manifest.docs.icon} category={manifest.docs.category} size={22} />,
            run: () => void addOperator(manifest.type),
          }))
        : [];
    return [...actions, ...made, ...places, ...others, ...operators];
  }, [opened, live, doc, manifests, workflows, locale, theme, find, t, go]);
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = commands
    .filter((command) =>
      words.every((word) => command.text.toLowerCase().includes(word) || command.group.toLowerCase().includes(word)),
    )
    .slice(0, 60);
  const close = () => useUi.setState({ palette: false, find: false });
  const choose = (command: Command | undefined) => {
    if (!command) return;
    close();
    command.run();
  };
  return (
    <Modal
      opened
      onClose={close}
      withCloseButton={false}
      size={560}
      padding={0}
      classNames={{ body: 'command-body' }}
      yOffset="12vh"
      centered={false}
      aria-label={t('keys.palette')}
    >
      <label className="quick-add-head big">
        <IconSearch size={16} className="i3" />
        <input
          data-autofocus
          value={text}
          placeholder={find ? t('command.find') : t('command.placeholder')}
          aria-label={t('command.placeholder')}
          role="combobox"
          aria-expanded
          aria-controls="command-list"
          onChange={(event) => {
            setText(event.target.value);
            setActive(0);
          }}
          onKeyDown={(event) => {
            if (event.key === 'ArrowDown') setActive((n) => Math.min(n + 1, found.length - 1));
            else if (event.key === 'ArrowUp') setActive((n) => Math.max(n - 1, 0));
            else if (event.key === 'Enter') choose(found[active]);
            else return;
            event.preventDefault();
          }}
        />
      </label>
      <div className="quick-add-list tall" id="command-list" role="listbox" ref={list}>
        {found.length === 0 && <p className="i2 pad">{t('command.none', { text })}</p>}
        {found.map((command, n) => (
          <button
            type="button"
            key={command.id}
            role="option"
            tabIndex={-1}
            aria-selected={n === active}
            className={`quick-add-item slim ${n === active ? 'on' : ''}`}
            onPointerMove={() => setActive(n)}
            onClick={() => choose(command)}
          >
            {command.icon ?? <IconArrowRight size={15} className="i3" />}
            <span className="grow el">{command.text}</span>
            <span className="t12 i3">{command.group}</span>
            {command.keys && <span className="kbd">{command.keys}</span>}
          </button>
        ))}
      </div>
    </Modal>
  );
}
