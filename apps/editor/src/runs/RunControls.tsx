import { Menu, Modal } from '@mantine/core';
import {
  IconChevronDown,
  IconDeviceFloppy,
  IconFlagCheck,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerStop,
} from '@tabler/icons-react';
import { useState } from 'react';
import { ApiError, api } from '../api/client.js';
import type { RunSummary } from '../api/types.js';
import { toast } from '../app/toast.js';
import { useT } from '../i18n/index.js';
import { useEditor } from '../store/editor.js';
import { active } from '../store/session.js';

/** Pause, resume, finish, savepoint and kill. Kill asks, because what is in flight is lost. */
export function RunControls() {
  const { t } = useT();
  const run = useEditor((s) => s.run);
  const [asking, setAsking] = useState<'kill' | 'finish'>();
  const [busy, setBusy] = useState(false);
  if (!run || !active(run.status)) return null;
  const act = async (action: 'pause' | 'resume' | 'finish' | 'kill' | 'savepoint') => {
    setAsking(undefined);
    setBusy(true);
    try {
      const answer = await api.runAction(run.id, action);
      if (action === 'savepoint') toast(t('run.savepointDone'));
      else {
        const summary =
          answer && typeof (answer as RunSummary).status === 'string' ? (answer as RunSummary) : await api.run(run.id);
        useEditor.setState({ run: summary });
      }
    } catch (thrown) {
      toast(thrown instanceof ApiError ? `${thrown.message} ${thrown.body.hint ?? ''}` : String(thrown), {
        tone: 'bad',
      });
    } finally {
      setBusy(false);
    }
  };
  const paused = run.status === 'paused';
  return (
    <span className="split-btn">
      <button
        type="button"
        className="btn"
        disabled={busy || run.status === 'pausing'}
        onClick={() => void act(paused ? 'resume' : 'pause')}
      >
        {paused ? <IconPlayerPlay size={16} /> : <IconPlayerPause size={16} />}
        {paused ? t('run.resume') : t('run.pause')}
      </button>
      <Menu position="bottom-end">
        <Menu.Target>
          <button type="button" className="btn more" aria-label={t('run.more')}>
            <IconChevronDown size={15} />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconDeviceFloppy size={15} />} onClick={() => void act('savepoint')}>
            {t('run.savepoint')}
          </Menu.Item>
          <Menu.Item leftSection={<IconFlagCheck size={15} />} onClick={() => setAsking('finish')}>
            {t('run.finish')}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item leftSection={<IconPlayerStop size={15} />} color="var(--mr-bad)" onClick={() => setAsking('kill')}>
            {t('run.kill')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={asking !== undefined}
        onClose={() => setAsking(undefined)}
        title={asking === 'kill' ? t('kill.title') : t('finish.title')}
        size="md"
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        <p className="i2">{asking === 'kill' ? t('kill.text') : t('finish.text')}</p>
        <div className="dialog-foot">
          <span className="grow" />
          <button type="button" className="btn" onClick={() => setAsking(undefined)}>
            {t('common.cancel')}
          </button>
          <button
            type="button"
            className={`btn ${asking === 'kill' ? 'p danger' : 'p'}`}
            onClick={() => asking && void act(asking)}
          >
            {asking === 'kill' ? t('kill.do') : t('finish.do')}
          </button>
        </div>
      </Modal>
    </span>
  );
}
