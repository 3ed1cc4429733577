import { Tooltip } from '@mantine/core';
import { IconHierarchy2, IconMaximize, IconMinus, IconPlus, IconTable } from '@tabler/icons-react';
import { useReactFlow, useStore } from '@xyflow/react';
import type { ReactNode } from 'react';
import { useT } from '../i18n/index.js';
import { useEditor } from '../store/editor.js';
import { tidy } from './actions.js';
import { fitAll } from './flow.js';

/** Zoom, fit, tidy, and the same nodes as a table. */
export function CanvasControls() {
  const { t } = useT();
  const { zoomIn, zoomOut, zoomTo } = useReactFlow();
  const zoom = useStore((state) => state.transform[2]);
  const live = useEditor((s) => s.mode === 'live');
  const table = useEditor((s) => s.table);
  const button = (label: string, icon: ReactNode, act: () => void, on = false) => (
    <Tooltip label={label}>
      <button
        type="button"
        className={`ib s ${on ? 'on' : ''}`}
        aria-label={label}
        aria-pressed={on || undefined}
        onClick={act}
      >
        {icon}
      </button>
    </Tooltip>
  );
  return (
    <div className="float controls">
      {button(t('canvas.zoomOut'), <IconMinus size={15} />, () => void zoomOut({ duration: 120 }))}
      <button
        type="button"
        className="zoom t12 i2"
        title={t('canvas.zoomReset')}
        onClick={() => void zoomTo(1, { duration: 120 })}
      >
        {Math.round(zoom * 100)}%
      </button>
      {button(t('canvas.zoomIn'), <IconPlus size={15} />, () => void zoomIn({ duration: 120 }))}
      {button(t('canvas.fit'), <IconMaximize size={15} />, fitAll)}
      {!live && button(t('canvas.tidy'), <IconHierarchy2 size={15} className="turn" />, () => void tidy())}
      {button(t('canvas.table'), <IconTable size={15} />, () => useEditor.setState({ table: !table }), table)}
      {live && (
        <span className="legend t12 i2">
          <i className="busy" /> {t('legend.busy')} <i className="held" /> {t('legend.held')} <i className="free" />{' '}
          {t('legend.free')}
        </span>
      )}
    </div>
  );
}
