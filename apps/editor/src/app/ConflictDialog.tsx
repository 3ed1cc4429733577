import { Modal } from '@mantine/core';
import { dateTime } from '../format/numbers.js';
import { useT } from '../i18n/index.js';
import { changesSince } from '../store/changes.js';
import { useEditor } from '../store/editor.js';
import { mergeWith, resolveConflict } from '../store/session.js';

/** Someone else saved meanwhile: both drafts side by side, nothing is thrown away without a choice. */
export function ConflictDialog() {
  const { t, locale } = useT();
  const theirs = useEditor((s) => s.conflict);
  const doc = useEditor((s) => s.history.doc);
  if (!theirs) return null;
  const changes = changesSince(theirs.graph, doc);
  const names = [...changes.nodes].map((id) => doc.nodes.find((node) => node.id === id)?.label ?? id);
  const clashes = mergeWith(theirs).clashes.map((id) => doc.nodes.find((node) => node.id === id)?.label || id);
  const gone = changes.removed.map((id) => theirs.graph.nodes.find((node) => node.id === id)?.label ?? id);
  return (
    <Modal
      opened
      onClose={() => undefined}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      size={640}
      title={t('conflict.title')}
    >
      <p className="i2">{t('conflict.text')}</p>
      <div className="conflict">
        <section className="box">
          <h3 className="t14 b">{t('conflict.mine')}</h3>
          <p className="t12 i3">{t('workflow.counts', { nodes: doc.nodes.length, edges: doc.edges.length })}</p>
          {names.length > 0 && <p className="t12">{t('conflict.differs', { nodes: names.slice(0, 6).join(', ') })}</p>}
        </section>
        <section className="box">
          <h3 className="t14 b">{t('conflict.theirs')}</h3>
          <p className="t12 i3">
            {t('workflow.counts', { nodes: theirs.graph.nodes.length, edges: theirs.graph.edges.length })} ·{' '}
            {dateTime(theirs.updatedAt, locale)}
          </p>
          {gone.length > 0 && <p className="t12">{t('conflict.onlyTheirs', { nodes: gone.slice(0, 6).join(', ') })}</p>}
        </section>
      </div>
      <p className="t12 i2">
        {clashes.length > 0
          ? t('conflict.clashes', { nodes: clashes.slice(0, 6).join(', ') })
          : t('conflict.mergeable')}
      </p>
      <div className="dialog-foot">
        <span className="t12 i3 grow">{t('conflict.undo')}</span>
        <button type="button" className="btn" onClick={() => resolveConflict('theirs')}>
          {t('conflict.takeTheirs')}
        </button>
        <button type="button" className="btn" onClick={() => resolveConflict('mine')}>
          {t('conflict.keepMine')}
        </button>
        <button type="button" className="btn p" onClick={() => resolveConflict('merge')}>
          {t('conflict.merge')}
        </button>
      </div>
    </Modal>
  );
}
