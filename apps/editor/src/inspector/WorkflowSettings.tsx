import { Autocomplete, NumberInput, Textarea, TextInput } from '@mantine/core';
import { IconSettings } from '@tabler/icons-react';
import { useT } from '../i18n/index.js';
import { run, useEditor } from '../store/editor.js';

/** Shown when nothing is selected: the workflow's own settings. */
export function WorkflowSettings() {
  const { t } = useT();
  const doc = useEditor((s) => s.history.doc);
  const patch = (change: Partial<typeof doc> | { [name: string]: undefined }, key: string) =>
    run({ label: 'settings', ops: [{ kind: 'doc.patch', patch: change }], merge: `doc:${key}` });
  const setting = (name: 'parallelism' | 'timeZone', value: number | string | undefined) => {
    const next: { [name: string]: unknown } = { ...doc.settings, [name]: value };
    if (value === undefined) delete next[name];
    patch({ settings: next as NonNullable<typeof doc.settings> }, name);
  };
  const zones = Intl.supportedValuesOf?.('timeZone') ?? [];
  return (
    <>
      <div className="inspector-head">
        <span className="tile plain" aria-hidden>
          <IconSettings size={18} />
        </span>
        <div className="grow">
          <h2 className="t14 b">{t('workflow.settings')}</h2>
          <div className="t12 i3">{t('workflow.counts', { nodes: doc.nodes.length, edges: doc.edges.length })}</div>
        </div>
      </div>
      <div className="inspector-body bordered">
        <div className="form">
          <div className="form-row">
            <label className="form-label" htmlFor="wf-name">
              {t('workflow.name')}
            </label>
            <TextInput
              id="wf-name"
              value={doc.name}
              onChange={(event) => patch({ name: event.currentTarget.value }, 'name')}
            />
          </div>
          <div className="form-row">
            <label className="form-label" htmlFor="wf-about">
              {t('workflow.description')}
            </label>
            <Textarea
              id="wf-about"
              autosize
              minRows={2}
              maxRows={8}
              value={doc.description ?? ''}
              onChange={(event) =>
                patch(
                  { description: event.currentTarget.value || undefined } as { description: undefined },
                  'description',
                )
              }
            />
          </div>
          <div className="form-row">
            <label className="form-label" htmlFor="wf-par">
              {t('workflow.parallelism')}
            </label>
            <NumberInput
              id="wf-par"
              min={1}
              max={64}
              allowDecimal={false}
              placeholder="1"
              value={doc.settings?.parallelism ?? ''}
              onChange={(next) => setting('parallelism', next === '' ? undefined : Math.max(1, Number(next)))}
            />
            <p className="form-help">{t('workflow.parallelismHelp')}</p>
          </div>
          <div className="form-row">
            <label className="form-label" htmlFor="wf-zone">
              {t('workflow.timeZone')}
            </label>
            <Autocomplete
              id="wf-zone"
              data={['UTC', ...zones.filter((zone) => zone !== 'UTC')]}
              limit={60}
              placeholder="UTC"
              value={doc.settings?.timeZone ?? ''}
              onChange={(next) => setting('timeZone', next === '' ? undefined : next)}
            />
            <p className="form-help">{t('workflow.timeZoneHelp')}</p>
          </div>
        </div>
      </div>
    </>
  );
}
