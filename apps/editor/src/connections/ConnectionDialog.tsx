import { Modal, PasswordInput, Select, Switch, Textarea, TextInput } from '@mantine/core';
import { IconCircleCheck, IconPlugConnectedX } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { ApiError, api } from '../api/client.js';
import type { Connection, ConnectionOutcome } from '../api/types.js';
import { toast } from '../app/toast.js';
import { span } from '../format/numbers.js';
import { type Key, useT } from '../i18n/index.js';
import { kindTitle, reloadConnections, useConnections } from './connections.js';
import { joinParts, MASK, NO_PARTS, type Parts, secureByDefault, splitParts, takesToken } from './parts.js';

/** What the path of an address means to a system; undefined: it has none. */
const PATH_NAMES: { readonly [kind: string]: Key | null } = {
  http: 'connections.path.http',
  postgres: 'connections.path.database',
  mysql: 'connections.path.database',
  mongodb: 'connections.path.database',
  cassandra: 'connections.path.keyspace',
  rabbitmq: 'connections.path.vhost',
  redis: 'connections.path.number',
  kafka: null,
};

/** Makes a connection, or changes one. `kind` fixes the system (a form asks for it); `before` is the connection to change. */
export function ConnectionDialog(props: {
  kind?: string;
  before?: Connection;
  onClose: () => void;
  onSaved?: (name: string) => void;
}) {
  const { before, onClose } = props;
  const { t, locale } = useT();
  const kinds = useConnections((s) => s.kinds);
  const [kind, setKind] = useState(before?.kind ?? props.kind ?? kinds[0]?.kind ?? '');
  const example = kinds.find((one) => one.kind === kind)?.example ?? '';
  const [name, setName] = useState(before?.name ?? '');
  const [raw, setRaw] = useState(false);
  const [url, setUrl] = useState(before?.url ?? '');
  const [parts, setParts] = useState<Parts>(
    before ? splitParts(before.url) : { ...NO_PARTS, tls: secureByDefault(example) },
  );
  const [outcome, setOutcome] = useState<ConnectionOutcome | 'busy'>();
  const [failed, setFailed] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  const set = (change: Partial<Parts>) => {
    setParts({ ...parts, ...change });
    setOutcome(undefined);
  };
  const address = raw ? url : joinParts(parts, example);
  const complete = kind !== '' && name !== '' && (raw ? url !== '' : parts.host !== '');
  const flip = (next: boolean) => {
    if (next === raw) return;
    if (next) setUrl(joinParts(parts, example));
    else setParts(splitParts(url));
    setRaw(next);
  };
  const test = async () => {
    setOutcome('busy');
    try {
      setOutcome(await api.testAddress({ kind, url: address, ...(before && { name: before.name }) }));
    } catch (thrown) {
      setOutcome({ ok: false, error: asError(thrown) });
    }
  };
  const save = async () => {
    setBusy(true);
    setFailed(undefined);
    try {
      const saved = before
        ? await api.replaceConnection(before.name, address)
        : await api.createConnection({ name, kind, url: address });
      await reloadConnections();
      const count = before ? saved.usedBy.length : 0;
      toast(
        count > 0
          ? t('connections.savedRuns', { name: saved.name, count })
          : t('connections.saved', { name: saved.name }),
      );
      props.onSaved?.(saved.name);
      onClose();
    } catch (thrown) {
      setFailed(thrown instanceof ApiError ? thrown : new ApiError(0, 'UNKNOWN', String(thrown)));
    } finally {
      setBusy(false);
    }
  };
  const row = (id: string, label: string, input: ReactNode, help?: string) => (
    <div className="form-row" key={id}>
      <label className="form-label" htmlFor={`c-${id}`}>
        {label}
      </label>
      {input}
      {help && <p className="form-help">{help}</p>}
    </div>
  );
  const text = (part: 'host' | 'user' | 'path' | 'options', placeholder = '') => (
    <TextInput
      id={`c-${part}`}
      value={parts[part]}
      placeholder={placeholder}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => set({ [part]: event.currentTarget.value })}
    />
  );
  const secret = (part: 'password' | 'token') => (
    <PasswordInput
      id={`c-${part}`}
      value={parts[part] === MASK ? '' : parts[part]}
      placeholder={before && splitParts(before.url)[part] === MASK ? t('connections.kept') : ''}
      autoComplete="new-password"
      onChange={(event) => {
        const typed = event.currentTarget.value;
        set({ [part]: typed === '' && before ? splitParts(before.url)[part] : typed });
      }}
    />
  );
  const sample = splitParts(example);
  const pathName = kind in PATH_NAMES ? PATH_NAMES[kind] : 'connections.path';
  return (
    <Modal
      opened
      onClose={onClose}
      size={520}
      title={before ? t('connections.editTitle', { name: before.name }) : t('connections.createTitle')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form
        className="form connection-form"
        onSubmit={(event) => {
          event.preventDefault();
          // A dialog inside a node's form must not submit that one too.
          event.stopPropagation();
          void save();
        }}
      >
        {!before &&
          row(
            'kind',
            t('connections.system'),
            <Select
              id="c-kind"
              data={kinds.map((one) => ({ value: one.kind, label: one.title }))}
              value={kind}
              disabled={props.kind !== undefined}
              allowDeselect={false}
              searchable={kinds.length > 8}
              onChange={(next) => {
                if (!next) return;
                setKind(next);
                set({ tls: secureByDefault(kinds.find((one) => one.kind === next)?.example ?? '') });
              }}
            />,
          )}
        {!before &&
          row(
            'name',
            t('connections.name'),
            <TextInput
              id="c-name"
              value={name}
              placeholder={`shop-${kind}`}
              autoComplete="off"
              spellCheck={false}
              data-autofocus
              onChange={(event) => setName(event.currentTarget.value.toLowerCase())}
            />,
            t('connections.nameHelp'),
          )}
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out like this */}
        <div className="seg connection-mode" role="group" aria-label={t('connections.where')}>
          <button type="button" aria-pressed={!raw} className={raw ? '' : 'on'} onClick={() => flip(false)}>
            {t('connections.parts')}
          </button>
          <button type="button" aria-pressed={raw} className={raw ? 'on' : ''} onClick={() => flip(true)}>
            {t('connections.address')}
          </button>
        </div>
        {raw ? (
          row(
            'url',
            t('connections.address'),
            <TextInput
              id="c-url"
              value={url}
              placeholder={example}
              autoComplete="off"
              spellCheck={false}
              classNames={{ input: 'mono-input' }}
              onChange={(event) => {
                setUrl(event.currentTarget.value);
                setOutcome(undefined);
              }}
            />,
            t('connections.urlHelp', { example }),
          )
        ) : (
          <>
            {row('host', t('connections.host'), text('host', sample.host), t('connections.hostHelp'))}
            <div className="connection-pair">
              {row('user', t('connections.user'), text('user'))}
              {row('password', t('connections.password'), secret('password'))}
            </div>
            {takesToken(kind) && row('token', t('connections.token'), secret('token'), t('connections.tokenHelp'))}
            {pathName && row('path', t(pathName), text('path', sample.path))}
            <Switch
              label={t('connections.tls')}
              checked={parts.tls}
              onChange={(event) => set({ tls: event.currentTarget.checked })}
            />
            {parts.tls &&
              row(
                'ca',
                t('connections.ca'),
                <Textarea
                  id="c-ca"
                  value={parts.ca}
                  placeholder="-----BEGIN CERTIFICATE-----"
                  autosize
                  minRows={2}
                  maxRows={6}
                  autoComplete="off"
                  spellCheck={false}
                  classNames={{ input: 'mono-input' }}
                  onChange={(event) => set({ ca: event.currentTarget.value })}
                />,
                t('connections.caHelp'),
              )}
            {parts.options !== '' &&
              row('options', t('connections.options'), text('options'), t('connections.optionsHelp'))}
          </>
        )}
        {outcome && outcome !== 'busy' && <Outcome outcome={outcome} locale={locale} />}
        {failed && (
          <p className="banner bad" role="alert">
            <b>{failed.message}</b> {failed.body.hint ?? ''}
          </p>
        )}
        <div className="dialog-foot">
          <button type="button" className="btn" disabled={!complete || outcome === 'busy'} onClick={() => void test()}>
            {outcome === 'busy' ? t('connections.testing') : t('connections.test')}
          </button>
          <span className="grow t12 i3 el">{before && kindTitle(kinds, kind)}</span>
          <button type="button" className="btn" onClick={onClose}>
            {t('common.cancel')}
          </button>
          <button type="submit" className="btn p" disabled={!complete || busy}>
            {before ? t('connections.save') : t('connections.create')}
          </button>
        </div>
      </form>
    </Modal>
  );
}

/** What a test found: one line when it works, else what is wrong and what to do. */
export function Outcome({ outcome, locale }: { outcome: ConnectionOutcome; locale: string }) {
  const { t } = useT();
  if (outcome.ok)
    return (
      <p className="banner ok" role="status" lang={locale}>
        <IconCircleCheck size={17} />
        {t('connections.works', { ms: span(outcome.ms) })}
      </p>
    );
  return (
    <div className="banner bad row g8" role="alert">
      <IconPlugConnectedX size={17} />
      <span className="grow">
        <b>{outcome.error.message}</b> {outcome.error.hint ?? ''}
      </span>
    </div>
  );
}

export function asError(thrown: unknown): { code: string; message: string; hint?: string } {
  if (!(thrown instanceof ApiError)) return { code: 'UNKNOWN', message: String(thrown) };
  return {
    code: thrown.code,
    message: thrown.message,
    ...(thrown.body.hint !== undefined && { hint: thrown.body.hint }),
  };
}
