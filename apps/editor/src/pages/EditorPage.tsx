import { lazy, Suspense, useEffect, useState } from 'react';
import { ApiError } from '../api/client.js';
import { CheatSheet } from '../app/CheatSheet.js';
import { ConflictDialog } from '../app/ConflictDialog.js';
import { listenKeys } from '../app/keys.js';
import { TopBar } from '../app/TopBar.js';
import { Canvas } from '../canvas/Canvas.js';
import { ConnectPicker } from '../canvas/ConnectPicker.js';
import { useT } from '../i18n/index.js';
import { Palette } from '../palette/Palette.js';
import { QuickAdd } from '../palette/QuickAdd.js';
import { ProblemsPanel } from '../problems/ProblemsPanel.js';
import { useEditor } from '../store/editor.js';
import { openWorkflow } from '../store/session.js';

// The forms bring most of the input components; the canvas is there before them.
const Inspector = lazy(() => import('../inspector/Inspector.js').then((m) => ({ default: m.Inspector })));
const KpiStrip = lazy(() => import('../runs/KpiStrip.js').then((m) => ({ default: m.KpiStrip })));
const LivePanels = lazy(() => import('../runs/LivePanels.js').then((m) => ({ default: m.LivePanels })));
const NodeTable = lazy(() => import('../runs/NodeTable.js').then((m) => ({ default: m.NodeTable })));

export function EditorPage({ id }: { id: string }) {
  const { t } = useT();
  const [failed, setFailed] = useState<ApiError>();
  const opened = useEditor((s) => s.id === id);
  const live = useEditor((s) => s.mode === 'live');
  const edgePanel = useEditor((s) => s.edgePanel !== undefined);
  const table = useEditor((s) => s.table);
  const name = useEditor((s) => s.history.doc.name);
  useEffect(() => {
    let close: (() => void) | undefined;
    let gone = false;
    let retry: ReturnType<typeof setTimeout> | undefined;
    const open = () => {
      openWorkflow(id, new URLSearchParams(location.search).get('mode') === 'draw' ? 'draw' : undefined).then(
        (stop) => {
          setFailed(undefined);
          if (gone) stop();
          else close = stop;
        },
        (thrown: unknown) => {
          if (gone) return;
          setFailed(thrown instanceof ApiError ? thrown : new ApiError(0, 'UNKNOWN', String(thrown)));
          if (!(thrown instanceof ApiError) || thrown.status === 0 || thrown.status >= 500)
            retry = setTimeout(open, 2000);
        },
      );
    };
    open();
    const stopKeys = listenKeys();
    return () => {
      gone = true;
      clearTimeout(retry);
      stopKeys();
      close?.();
    };
  }, [id]);
  useEffect(() => {
    document.title = name ? `${name} · Millrace` : 'Millrace';
  }, [name]);
  if (failed && !opened) {
    return (
      <div className="editor">
        <TopBar id={id} />
        <main className="page-error">
          <h1 className="t20 b">{failed.status === 404 ? t('error.noWorkflow') : t('error.open')}</h1>
          <p className="i2">{failed.status === 404 ? t('error.noWorkflowText') : failed.message}</p>
          <a className="btn" href="/workflows">
            {t('nav.workflows')}
          </a>
        </main>
      </div>
    );
  }
  if (!opened) return <EditorSkeleton />;
  return (
    <div className={`editor ${live ? 'mode-live' : 'mode-draw'}`}>
      <TopBar id={id} />
      {live && (
        <Suspense fallback={<div className="kpis" />}>
          <KpiStrip />
        </Suspense>
      )}
      <div className="editor-body">
        {!live && <Palette />}
        <main className="editor-main">
          <Canvas />
          {table && (
            <Suspense fallback={null}>
              <NodeTable />
            </Suspense>
          )}
          {!live && <ProblemsPanel />}
          {live && (
            <Suspense fallback={null}>
              <LivePanels />
            </Suspense>
          )}
        </main>
        {!live && !edgePanel && (
          <Suspense fallback={<aside className="inspector" style={{ width: 344 }} />}>
            <Inspector />
          </Suspense>
        )}
        {!live && edgePanel && (
          <Suspense fallback={null}>
            <LivePanels />
          </Suspense>
        )}
      </div>
      <QuickAdd />
      <ConnectPicker />
      <ConflictDialog />
      <CheatSheet />
    </div>
  );
}

/** Nothing for 200 ms, then the shapes of the editor in their final size. */
function EditorSkeleton() {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 200);
    return () => clearTimeout(timer);
  }, []);
  if (!shown) return null;
  return (
    <div className="editor" aria-busy="true">
      <div className="top" />
      <div className="editor-body">
        <div className="palette" />
        <div className="canvas grow" />
      </div>
    </div>
  );
}
