import { Select } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { kindTitle, loadConnections, useConnections } from '../connections/connections.js';
import { useT } from '../i18n/index.js';
import { useApp } from '../store/app.js';
import type { InputProps } from './form-parts.js';

const ConnectionDialog = lazy(() =>
  import('../connections/ConnectionDialog.js').then((m) => ({ default: m.ConnectionDialog })),
);

/** Chooses a kept connection of the system the node needs, or makes one in place. */
export function ConnectionInput({ field, value, path, set, id, invalid }: InputProps) {
  const { t } = useT();
  const { connections, kinds } = useConnections();
  const admin = useApp((s) => s.user?.role === 'admin');
  const [making, setMaking] = useState(false);
  useEffect(() => void loadConnections(), []);
  const kind = field.schema['x-connection'] ?? '';
  const system = kindTitle(kinds, kind);
  const names = (connections ?? [])
    .filter((one) => one.kind === kind || one.fromEnvironment)
    .map((one) => ({
      value: one.name,
      label: one.host === '' || one.host === one.name ? one.name : `${one.name} · ${one.host}`,
    }));
  // A name that is not there any more stays visible, with its finding below.
  const data =
    typeof value === 'string' && value !== '' && !names.some((one) => one.value === value)
      ? [...names, { value, label: value.includes('://') ? value.replace(/:[^:@/]*@/, ':***@') : value }]
      : names;
  return (
    <div className="connection-input">
      <Select
        id={id}
        aria-describedby={`${id}-error`}
        data={data}
        value={typeof value === 'string' && value !== '' ? value : null}
        error={invalid ?? false}
        placeholder={t('connections.choose')}
        nothingFoundMessage={t('connections.noneOfKind', { system })}
        searchable={data.length > 6}
        clearable={!field.required}
        allowDeselect={false}
        clearButtonProps={{ 'aria-label': t('form.clear') }}
        onChange={(next) => set(path, next ?? undefined)}
      />
      {connections !== undefined && names.length === 0 && (
        <p className="form-help">{t('connections.noneOfKind', { system })}</p>
      )}
      {admin ? (
        <button type="button" className="btn ghost s" onClick={() => setMaking(true)}>
          <IconPlus size={14} />
          {t('connections.createNew')}
        </button>
      ) : (
        names.length === 0 && <p className="form-help">{t('connections.viewer')}</p>
      )}
      {making && (
        <Suspense fallback={null}>
          <ConnectionDialog kind={kind} onClose={() => setMaking(false)} onSaved={(name) => set(path, name)} />
        </Suspense>
      )}
    </div>
  );
}
