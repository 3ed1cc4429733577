import { Modal } from '@mantine/core';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { ApiError, api } from '../api/client.js';
import { useUi } from '../app/ui-state.js';
import { useT } from '../i18n/index.js';
import { useEditor } from '../store/editor.js';
import { active } from '../store/session.js';

/** Deleting cannot be undone: while it runs, its name has to be typed. */
export function DeleteDialog({ id }: { id: string }) {
  const { t } = useT();
  const [, go] = useLocation();
  const name = useEditor((s) => s.history.doc.name);
  const running = useEditor((s) => s.run !== null && active(s.run.status));
  const [typed, setTyped] = useState('');
  const [failed, setFailed] = useState('');
  const close = () => useUi.setState({ kill: false });
  const remove = async () => {
    try {
      await api.deleteWorkflow(id, running ? typed : undefined);
      close();
      go('/workflows');
    } catch (thrown) {
      setFailed(thrown instanceof ApiError ? thrown.message : String(thrown));
    }
  };
  return (
    <Modal
      opened
      onClose={close}
      size="md"
      title={t('delete.title', { name })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <p className="i2">{running ? t('delete.running') : t('delete.text')}</p>
      {running && (
        <input
          className="inp wide"
          value={typed}
          aria-label={t('delete.type')}
          placeholder={name}
          onChange={(event) => setTyped(event.target.value)}
        />
      )}
      {failed && (
        <p className="bad" role="alert">
          {failed}
        </p>
      )}
      <div className="dialog-foot">
        <span className="grow" />
        <button type="button" className="btn" onClick={close}>
          {t('common.cancel')}
        </button>
        <button
          type="button"
          className="btn p danger"
          disabled={running && typed !== name}
          onClick={() => void remove()}
        >
          {t('delete.do')}
        </button>
      </div>
    </Modal>
  );
}
