import { Modal } from '@mantine/core';
import { IconPencil, IconPlug, IconPlus, IconTrash } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import { ApiError, api } from '../api/client.js';
import type { Connection, ConnectionOutcome } from '../api/types.js';
import { toast } from '../app/toast.js';
import { asError, ConnectionDialog, Outcome } from '../connections/ConnectionDialog.js';
import { kindTitle, loadConnections, useConnections } from '../connections/connections.js';
import { dateTime } from '../format/numbers.js';
import { useT } from '../i18n/index.js';
import { useApp } from '../store/app.js';
import { Shell } from './Shell.js';

type Open = { dialog: 'create' } | { dialog: 'edit' | 'delete'; connection: Connection } | undefined;

/** Named addresses of outside systems: made once, chosen in forms. Secrets go in and never come out. */
export function ConnectionsPage() {
  const { t } = useT();
  const { connections, failed } = useConnections();
  const admin = useApp((s) => s.user?.role === 'admin');
  const [open, setOpen] = useState<Open>();
  useEffect(() => void loadConnections(), []);
  const close = () => setOpen(undefined);
  return (
    <Shell>
      <header className="page-head">
        <div className="grow">
          <h1 className="t20 b">{t('nav.connections')}</h1>
          <p className="i2">{admin ? t('connections.text') : t('connections.viewer')}</p>
        </div>
        {admin && connections !== undefined && connections.length > 0 && (
          <button type="button" className="btn p" onClick={() => setOpen({ dialog: 'create' })}>
            <IconPlus size={16} />
            {t('connections.new')}
          </button>
        )}
      </header>
      <section className="box">
        {failed && !connections && <p className="banner bad">{t('error.list')}</p>}
        {!connections && !failed && <div className="skeleton" style={{ height: 140, margin: 16 }} />}
        {connections?.length === 0 && (
          <div className="home-none pad">
            <p className="t14 b">{t('connections.none')}</p>
            <p className="i2">{t('connections.noneText')}</p>
            {admin && (
              <p>
                <button type="button" className="btn p" onClick={() => setOpen({ dialog: 'create' })}>
                  <IconPlus size={16} />
                  {t('connections.new')}
                </button>
              </p>
            )}
          </div>
        )}
        {connections && connections.length > 0 && (
          <table className="table roomy">
            <thead>
              <tr>
                <th>{t('connections.name')}</th>
                <th>{t('connections.system')}</th>
                <th>{t('connections.where')}</th>
                <th>{t('connections.used')}</th>
                <th>{t('connections.changed')}</th>
                <th aria-label={t('common.more')} />
              </tr>
            </thead>
            <tbody>
              {connections.map((connection) => (
                <Row key={connection.name} connection={connection} admin={admin} open={setOpen} />
              ))}
            </tbody>
          </table>
        )}
      </section>
      {open?.dialog === 'create' && <ConnectionDialog onClose={close} />}
      {open?.dialog === 'edit' && <ConnectionDialog before={open.connection} onClose={close} />}
      {open?.dialog === 'delete' && <DeleteConnection connection={open.connection} onClose={close} />}
    </Shell>
  );
}

function Row({ connection, admin, open }: { connection: Connection; admin: boolean; open: (next: Open) => void }) {
  const { t, locale } = useT();
  const kinds = useConnections((s) => s.kinds);
  const editor = useApp((s) => s.user?.role === 'admin' || s.user?.role === 'editor');
  const [outcome, setOutcome] = useState<ConnectionOutcome | 'busy'>();
  const { name, kind, host, user, path, usedBy, updatedAt, fromEnvironment } = connection;
  const test = async () => {
    setOutcome('busy');
    try {
      setOutcome(await api.testConnection(name));
    } catch (thrown) {
      setOutcome({ ok: false, error: asError(thrown) });
    }
  };
  return (
    <>
      <tr data-connection={name}>
        <td className="m">{name}</td>
        <td>{kind === '' ? <span className="i3">{t('connections.given')}</span> : kindTitle(kinds, kind)}</td>
        <td>
          <span className="mono">{path === '' ? host : `${host}/${path}`}</span>
          {user !== null && <div className="t12 i3">{`${t('connections.user')} ${user}`}</div>}
        </td>
        <td>
          {usedBy.length === 0 && <span className="i3">{t('connections.usedNone')}</span>}
          {usedBy.map((workflow) => (
            <div key={workflow.id}>
              <Link href={`/workflows/${workflow.id}`} className="cell-link">
                {workflow.name || t('workflow.unnamed')}
              </Link>
            </div>
          ))}
        </td>
        <td className="i2">{updatedAt === null ? '' : dateTime(updatedAt, locale)}</td>
        <td className="r nw">
          {editor && !fromEnvironment && (
            <button type="button" className="btn s" disabled={outcome === 'busy'} onClick={() => void test()}>
              <IconPlug size={14} />
              {outcome === 'busy' ? t('connections.testing') : t('connections.test')}
            </button>
          )}
          {admin && !fromEnvironment && (
            <>
              <button
                type="button"
                className="ib s"
                aria-label={`${t('connections.edit')} ${name}`}
                onClick={() => open({ dialog: 'edit', connection })}
              >
                <IconPencil size={16} />
              </button>
              <button
                type="button"
                className="ib s"
                aria-label={`${t('connections.delete')} ${name}`}
                onClick={() => open({ dialog: 'delete', connection })}
              >
                <IconTrash size={16} />
              </button>
            </>
          )}
        </td>
      </tr>
      {outcome && outcome !== 'busy' && (
        <tr className="connection-outcome">
          <td colSpan={6}>
            <Outcome outcome={outcome} locale={locale} />
          </td>
        </tr>
      )}
    </>
  );
}

function DeleteConnection({ connection, onClose }: { connection: Connection; onClose: () => void }) {
  const { t, locale } = useT();
  const [failed, setFailed] = useState('');
  const { name, usedBy } = connection;
  const used = usedBy.length > 0;
  const remove = async () => {
    try {
      await api.deleteConnection(name);
      await loadConnections();
      toast(t('connections.deleted', { name }));
      onClose();
    } catch (thrown) {
      setFailed(
        thrown instanceof ApiError ? [thrown.message, thrown.body.hint].filter(Boolean).join(' ') : String(thrown),
      );
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size="md"
      title={t('connections.deleteTitle', { name })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <p className={used ? 'banner warn' : 'i2'}>
        {used
          ? t('connections.deleteUsed', {
              workflows: new Intl.ListFormat(locale).format(usedBy.map((one) => one.name)),
            })
          : t('connections.deleteText')}
      </p>
      {failed && (
        <p className="banner bad" role="alert">
          {failed}
        </p>
      )}
      <div className="dialog-foot">
        <span className="grow" />
        <button type="button" className="btn" onClick={onClose}>
          {t('common.cancel')}
        </button>
        <button type="button" className="btn p danger" disabled={used} onClick={() => void remove()}>
          {t('connections.delete')}
        </button>
      </div>
    </Modal>
  );
}
