import { Modal } from '@mantine/core';
import { useEffect, useState } from 'react';
import { api } from '../api/client.js';
import type { Version } from '../api/types.js';
import { toast } from '../app/toast.js';
import { useUi } from '../app/ui-state.js';
import { dateTime } from '../format/numbers.js';
import { useT } from '../i18n/index.js';
import { changesSince } from '../store/changes.js';
import { currentDoc, run, undoEdit, useEditor } from '../store/editor.js';
import { replaceDocument } from '../store/edits.js';

/** Published versions; any of them can become the draft again, in one step that can be undone. */
export function VersionsDialog({ id }: { id: string }) {
  const { t, locale } = useT();
  const doc = useEditor((s) => s.history.doc);
  const current = useEditor((s) => s.publishedVersion);
  const [versions, setVersions] = useState<Version[]>();
  useEffect(() => {
    api.versions(id).then(
      (answer) => setVersions([...answer.versions].sort((a, b) => b.version - a.version)),
      () => setVersions([]),
    );
  }, [id]);
  const close = () => useUi.setState({ versions: false });
  const restore = (version: Version) => {
    run(replaceDocument(currentDoc(), version.graph, 'restore'));
    useEditor.setState({ mode: 'draw' });
    close();
    toast(t('versions.restored', { version: version.version }), { action: { label: t('common.undo'), run: undoEdit } });
  };
  return (
    <Modal
      opened
      onClose={close}
      size={620}
      title={t('menu.versions')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {versions === undefined && <div className="skeleton" style={{ height: 80 }} />}
      {versions?.length === 0 && <p className="i2">{t('versions.none')}</p>}
      {versions?.map((version) => (
        <div className="version-row" key={version.version}>
          <div className="grow">
            <p className="m">
              {t('versions.version', { version: version.version })}{' '}
              {version.version === current && <span className="chip ok">{t('versions.published')}</span>}
            </p>
            <p className="t12 i3">
              {dateTime(version.publishedAt, locale)} ·{' '}
              {t('workflow.counts', { nodes: version.graph.nodes.length, edges: version.graph.edges.length })} ·{' '}
              {t('versions.differs', { count: changesSince(version.graph, doc).count })}
            </p>
          </div>
          <button type="button" className="btn s" onClick={() => restore(version)}>
            {t('versions.restore')}
          </button>
        </div>
      ))}
    </Modal>
  );
}
