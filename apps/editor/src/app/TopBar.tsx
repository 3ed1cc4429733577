import { Menu, Tooltip } from '@mantine/core';
import {
  IconActivity,
  IconAlertTriangle,
  IconArrowBackUp,
  IconArrowForwardUp,
  IconChevronDown,
  IconCloudCheck,
  IconCloudOff,
  IconCloudUp,
  IconCopy,
  IconDiamondFilled,
  IconDownload,
  IconFileImport,
  IconHistory,
  IconPencil,
  IconTrash,
  IconUpload,
} from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import { Link, useLocation } from 'wouter';
import { api } from '../api/client.js';
import { dateTime } from '../format/numbers.js';
import { useT } from '../i18n/index.js';
import { RunChip } from '../runs/RunChip.js';
import { RunControls } from '../runs/RunControls.js';
import { useApp } from '../store/app.js';
import { currentDoc, redoEdit, undoEdit, useEditor } from '../store/editor.js';
import { byPlace } from '../store/findings.js';
import { active } from '../store/session.js';
import { Logo } from '../ui/Logo.js';
import { downloadGraph, importGraph } from './files.js';
import { Preferences } from './Preferences.js';
import { useUi } from './ui-state.js';

const PublishDialog = lazy(() => import('../runs/PublishDialog.js').then((m) => ({ default: m.PublishDialog })));
const VersionsDialog = lazy(() => import('../runs/VersionsDialog.js').then((m) => ({ default: m.VersionsDialog })));
const DeleteDialog = lazy(() => import('../runs/DeleteDialog.js').then((m) => ({ default: m.DeleteDialog })));

export function TopBar({ id }: { id: string }) {
  const { t } = useT();
  const doc = useEditor((s) => s.history.doc);
  const live = useEditor((s) => s.mode === 'live');
  const run = useEditor((s) => s.run);
  const publish = useUi((s) => s.publish);
  const versions = useUi((s) => s.versions);
  const kill = useUi((s) => s.kill);
  const mode = (next: 'draw' | 'live') =>
    useEditor.setState({
      mode: next,
      edgePanel: undefined,
      drawer: undefined,
      ...(next === 'live' ? { quickAdd: undefined } : {}),
    });
  return (
    <header className="top">
      <Link href="/" aria-label={t('nav.home')} className="logo-link">
        <Logo />
      </Link>
      <WorkflowMenu id={id} name={doc.name} />
      {live ? <RunChip /> : <DraftChip />}
      <div className="center">
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out like this */}
        <div className="seg" role="group" aria-label={t('top.mode')}>
          <button type="button" aria-pressed={!live} className={live ? '' : 'on'} onClick={() => mode('draw')}>
            <IconPencil size={15} />
            {t('top.draw')}
          </button>
          <button type="button" aria-pressed={live} className={live ? 'on' : ''} onClick={() => mode('live')}>
            <IconActivity size={15} />
            {t('top.live')}
          </button>
        </div>
      </div>
      <span className="grow" />
      {live ? <LinkState /> : <SaveState />}
      <Preferences />
      <span className="rule" />
      {!live && <UndoButtons />}
      {(live || (run && active(run.status))) && <RunControls />}
      {!live && <PublishButton />}
      <Suspense fallback={null}>
        {publish && <PublishDialog id={id} />}
        {versions && <VersionsDialog id={id} />}
        {kill && <DeleteDialog id={id} />}
      </Suspense>
    </header>
  );
}

function WorkflowMenu({ id, name }: { id: string; name: string }) {
  const { t } = useT();
  const [, go] = useLocation();
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <button type="button" className="wf-name t14 b">
          <span className="el">{name || t('workflow.unnamed')}</span>
          <IconChevronDown size={14} className="i3" />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconHistory size={15} />} onClick={() => useUi.setState({ versions: true })}>
          {t('menu.versions')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconCopy size={15} />}
          onClick={() =>
            void api
              .createWorkflow({
                name: t('workflow.copyOf', { name }),
                graph: { ...currentDoc(), name: t('workflow.copyOf', { name }) },
              })
              .then((made) => go(`/workflows/${made.id}`))
          }
        >
          {t('menu.copyWorkflow')}
        </Menu.Item>
        <Menu.Item leftSection={<IconDownload size={15} />} onClick={() => downloadGraph(currentDoc())}>
          {t('menu.download')}
        </Menu.Item>
        <Menu.Item leftSection={<IconFileImport size={15} />} onClick={importGraph}>
          {t('menu.import')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconTrash size={15} />}
          color="var(--mr-bad)"
          onClick={() => useUi.setState({ kill: true })}
          data-id={id}
        >
          {t('menu.deleteWorkflow')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function DraftChip() {
  const { t } = useT();
  const version = useEditor((s) => s.publishedVersion);
  const count = useEditor((s) => s.changes.count);
  if (version === null) return <span className="chip">{t('top.neverPublished')}</span>;
  if (count === 0) return <span className="chip">{t('top.asPublished', { version })}</span>;
  return (
    <span className="chip">
      <IconDiamondFilled size={11} className="pri" />
      {t('top.changes', { count, version })}
    </span>
  );
}

function SaveState() {
  const { t, locale } = useT();
  const save = useEditor((s) => s.save);
  const savedAt = useEditor((s) => s.savedAt);
  const refused = useEditor((s) => s.refused);
  const icon =
    save === 'saved' ? (
      <IconCloudCheck size={16} />
    ) : save === 'offline' ? (
      <IconCloudOff size={16} />
    ) : save === 'refused' || save === 'conflict' ? (
      <IconAlertTriangle size={16} />
    ) : (
      <IconCloudUp size={16} />
    );
  const title =
    save === 'saved' && savedAt
      ? t('save.at', { time: dateTime(savedAt, locale) })
      : save === 'refused'
        ? (refused ?? '')
        : '';
  return (
    <span
      className={`save t12 ${save === 'offline' || save === 'conflict' ? 'warn' : save === 'refused' ? 'bad' : 'i3'}`}
      role="status"
      title={title}
      data-save={save}
    >
      {icon}
      <span className="save-text">{t(`save.${save}`)}</span>
    </span>
  );
}

function LinkState() {
  const { t } = useT();
  const up = useApp((s) => s.linkUp);
  return (
    <span className={`link-state t12 ${up ? '' : 'i3'}`}>
      <i className={up ? 'dot ok' : 'dot'} />
      {up ? t('live.linked') : t('live.notLinked')}
    </span>
  );
}

function UndoButtons() {
  const { t } = useT();
  const past = useEditor((s) => s.history.past.at(-1)?.label);
  const future = useEditor((s) => s.history.future[0]?.label);
  return (
    <span className="row g2">
      <Tooltip label={past ? t('top.undo', { what: t(`edit.${past}`) }) : t('common.undo')}>
        <button type="button" className="ib" aria-label={t('common.undo')} disabled={!past} onClick={undoEdit}>
          <IconArrowBackUp size={18} />
        </button>
      </Tooltip>
      <Tooltip label={future ? t('top.redo', { what: t(`edit.${future}`) }) : t('common.redo')}>
        <button type="button" className="ib" aria-label={t('common.redo')} disabled={!future} onClick={redoEdit}>
          <IconArrowForwardUp size={18} />
        </button>
      </Tooltip>
    </span>
  );
}

function PublishButton() {
  const { t } = useT();
  const errors = useEditor((s) => byPlace(s.validation).errors);
  const empty = useEditor((s) => s.history.doc.nodes.length === 0);
  const reachable = useApp((s) => s.reachable);
  const why = !reachable
    ? t('publish.offline')
    : empty
      ? t('publish.empty')
      : errors > 0
        ? t('problems.fixFirst', { count: errors })
        : '';
  return (
    <Tooltip label={why} disabled={why === ''}>
      <button
        type="button"
        className="btn p"
        aria-disabled={why !== ''}
        onClick={() => why === '' && useUi.setState({ publish: true })}
      >
        <IconUpload size={16} />
        {t('publish.button')}
      </button>
    </Tooltip>
  );
}
