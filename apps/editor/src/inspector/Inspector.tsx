import { Menu } from '@mantine/core';
import { IconCopy, IconCopyPlus, IconDots, IconLink, IconPencil, IconTrash, IconX } from '@tabler/icons-react';
import { type PointerEvent, useState } from 'react';
import { clipboardText } from '../app/clipboard-text.js';
import { duplicate, removeSelection } from '../canvas/actions.js';
import { nodeLabel, operatorName } from '../canvas/names.js';
import { useT } from '../i18n/index.js';
import { useApp } from '../store/app.js';
import { run, select, useEditor } from '../store/editor.js';
import { setNode } from '../store/edits.js';
import { Tile } from '../ui/icons.js';
import { DataTab } from './DataTab.js';
import { FailTab } from './FailTab.js';
import { HelpTab } from './HelpTab.js';
import { SettingsTab } from './SettingsTab.js';
import { WorkflowSettings } from './WorkflowSettings.js';

const TABS = ['settings', 'data', 'fails', 'help'] as const;
type Tab = (typeof TABS)[number];

/** The right side: the selected node, or the workflow itself when nothing is selected. */
export function Inspector() {
  const { t } = useT();
  const selected = useEditor((s) => (s.selection.nodes.length === 1 ? s.selection.nodes[0] : undefined));
  const many = useEditor((s) => s.selection.nodes.length);
  const [width, setWidth] = useState(() => Number(localStorage.getItem('millrace.inspector')) || 344);
  const resize = (event: PointerEvent<HTMLDivElement>) => {
    const start = event.clientX;
    const element = event.currentTarget;
    element.setPointerCapture(event.pointerId);
    const onMove = (moving: globalThis.PointerEvent) =>
      setWidth(Math.max(320, Math.min(560, width + start - moving.clientX)));
    const onUp = () => {
      element.removeEventListener('pointermove', onMove);
      element.removeEventListener('pointerup', onUp);
      setWidth((now) => {
        localStorage.setItem('millrace.inspector', String(now));
        return now;
      });
    };
    element.addEventListener('pointermove', onMove);
    element.addEventListener('pointerup', onUp);
  };
  return (
    <aside
      className={`inspector ${selected || many > 1 ? '' : 'rest'}`}
      style={{ width }}
      aria-label={t('inspector.label')}
    >
      {/* biome-ignore lint/a11y/useFocusableInteractive: the width is a convenience for the mouse */}
      {/* biome-ignore lint/a11y/useSemanticElements: a rule cannot be dragged */}
      <div
        className="resize"
        onPointerDown={resize}
        role="separator"
        aria-orientation="vertical"
        aria-label={t('inspector.resize')}
      />
      {selected ? (
        <NodeInspector key={selected} id={selected} />
      ) : many > 1 ? (
        <p className="pad i2">{t('inspector.many', { count: many })}</p>
      ) : (
        <WorkflowSettings />
      )}
    </aside>
  );
}

function NodeInspector({ id }: { id: string }) {
  const { t, locale } = useT();
  const [tab, setTab] = useState<Tab>('settings');
  const node = useEditor((s) => s.history.doc.nodes.find((other) => other.id === id));
  const manifest = useApp((s) => s.manifests.get(node?.operator ?? ''));
  const renaming = useEditor((s) => s.renaming === id);
  if (!node) return null;
  const label = nodeLabel(node, manifest, locale);
  const stopRename = () => useEditor.setState({ renaming: undefined });
  return (
    <>
      <div className="inspector-head">
        <Tile name={manifest?.docs.icon} category={manifest?.docs.category ?? 'shape'} size={32} />
        <div className="grow">
          {renaming ? (
            <input
              className="inp rename"
              // biome-ignore lint/a11y/noAutofocus: renaming was asked for
              autoFocus
              defaultValue={label}
              aria-label={t('menu.rename')}
              onFocus={(event) => event.target.select()}
              onBlur={(event) => {
                if (event.target.value.trim() !== label)
                  run(setNode(id, { label: event.target.value.trim() || undefined }, 'rename'));
                stopRename();
              }}
              onKeyDown={(event) => {
                event.stopPropagation();
                if (event.key === 'Enter') event.currentTarget.blur();
                if (event.key === 'Escape') stopRename();
              }}
            />
          ) : (
            <button
              type="button"
              className="inspector-title t14 b el"
              title={t('menu.rename')}
              onClick={() => useEditor.setState({ renaming: id })}
            >
              {label}
            </button>
          )}
          <div className="t12 i3 el">
            {operatorName(manifest, node.operator, locale)} · <span className="mono t11">{id}</span>
          </div>
        </div>
        <Menu position="bottom-end">
          <Menu.Target>
            <button type="button" className="ib s" aria-label={t('common.more')}>
              <IconDots size={17} />
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => useEditor.setState({ renaming: id })}>
              {t('menu.rename')}
            </Menu.Item>
            <Menu.Item leftSection={<IconLink size={15} />} onClick={() => useEditor.setState({ connectFrom: id })}>
              {t('menu.connect')}
            </Menu.Item>
            <Menu.Item leftSection={<IconCopyPlus size={15} />} onClick={duplicate}>
              {t('menu.duplicate')}
            </Menu.Item>
            <Menu.Item
              leftSection={<IconCopy size={15} />}
              onClick={() => void clipboardText(JSON.stringify(node, null, 2))}
            >
              {t('menu.copyJson')}
            </Menu.Item>
            <Menu.Item leftSection={<IconTrash size={15} />} color="var(--mr-bad)" onClick={() => removeSelection()}>
              {t('menu.remove')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
        <button type="button" className="ib s" aria-label={t('common.close')} onClick={() => select([])}>
          <IconX size={17} />
        </button>
      </div>
      <div className="tabs" role="tablist" aria-label={t('inspector.label')}>
        {TABS.map((one) => (
          <button
            type="button"
            role="tab"
            key={one}
            id={`tab-${one}`}
            aria-selected={tab === one}
            aria-controls="inspector-panel"
            className={tab === one ? 'on' : ''}
            onClick={() => setTab(one)}
          >
            {t(`inspector.${one}`)}
          </button>
        ))}
      </div>
      <div
        className="inspector-body"
        role="tabpanel"
        id="inspector-panel"
        aria-labelledby={`tab-${tab}`}
        // Help is text alone: without this nobody could scroll it with the keys.
        tabIndex={tab === 'help' ? 0 : undefined}
      >
        {tab === 'settings' && <SettingsTab node={node} manifest={manifest} />}
        {tab === 'data' && <DataTab node={node} manifest={manifest} />}
        {tab === 'fails' && <FailTab node={node} manifest={manifest} />}
        {tab === 'help' && manifest && <HelpTab manifest={manifest} />}
      </div>
    </>
  );
}
