import { IconX } from '@tabler/icons-react';
import { reveal } from '../canvas/flow.js';
import { nodeLabel, operatorName } from '../canvas/names.js';
import { StatusIcon } from '../canvas/StatusIcon.js';
import { full, percent, rate, span } from '../format/numbers.js';
import { useT } from '../i18n/index.js';
import { sentenceOf } from '../problems/sentence.js';
import { useApp } from '../store/app.js';
import { select, useEditor } from '../store/editor.js';
import { byPlace } from '../store/findings.js';
import { metrics } from '../store/metrics.js';
import { useShownDoc } from '../store/shown.js';
import { useSample } from './use-sample.js';

/** Every node with the same numbers as its card, for those who cannot or would rather not use the canvas. */
export function NodeTable() {
  const { t, locale } = useT();
  const doc = useShownDoc();
  const live = useEditor((s) => s.mode === 'live');
  const selected = useEditor((s) => s.selection.nodes);
  const validation = useEditor((s) => s.validation);
  const manifests = useApp((s) => s.manifests);
  const sample = useSample();
  const findings = byPlace(validation);
  return (
    <section className="node-table" aria-label={t('table.label')}>
      <div className="problems-head">
        <h2 className="t13 b">{t('table.title', { count: doc.nodes.length })}</h2>
        <span className="grow" />
        <button
          type="button"
          className="ib s"
          aria-label={t('common.close')}
          onClick={() => useEditor.setState({ table: false })}
        >
          <IconX size={16} />
        </button>
      </div>
      <div className="table-box">
        <table className="table">
          <thead>
            <tr>
              <th>{t('table.node')}</th>
              <th>{t('table.operator')}</th>
              <th>{t('table.state')}</th>
              {live && (
                <>
                  <th className="r">{t('table.in')}</th>
                  <th className="r">{t('table.out')}</th>
                  <th className="r">{t('table.apt')}</th>
                  <th className="r">p50</th>
                  <th className="r">p95</th>
                  <th className="r">p99</th>
                  <th className="r">{t('table.busy')}</th>
                  <th className="r">{t('table.held')}</th>
                  <th className="r">{t('table.letters')}</th>
                </>
              )}
              {!live && <th>{t('table.words')}</th>}
            </tr>
          </thead>
          <tbody>
            {doc.nodes.map((node) => {
              const manifest = manifests.get(node.operator);
              const numbers = live ? sample?.nodes[node.id] : undefined;
              const first = findings.nodes.get(node.id)?.[0];
              const status = live
                ? metrics.status(node.id)
                : first
                  ? first.severity === 'error'
                    ? 'invalid'
                    : 'warning'
                  : undefined;
              return (
                <tr key={node.id} className={selected.includes(node.id) ? 'on' : ''}>
                  <td>
                    <button
                      type="button"
                      className="cell-link m"
                      onClick={() => {
                        select([node.id]);
                        reveal(node.id);
                        if (live) useEditor.setState({ drawer: node.id });
                      }}
                    >
                      {nodeLabel(node, manifest, locale)}
                    </button>
                  </td>
                  <td className="i2">{operatorName(manifest, node.operator, locale)}</td>
                  <td>
                    {status && (
                      <span className="row g6">
                        <StatusIcon kind={status} />
                        {t(`status.${status}`)}
                      </span>
                    )}
                  </td>
                  {live && (
                    <>
                      <td className="r">{numbers ? rate(numbers.inRate) : '…'}</td>
                      <td className="r">{numbers ? rate(numbers.outRate) : '…'}</td>
                      <td className="r">{numbers?.aptUs != null ? span(numbers.aptUs / 1000) : ''}</td>
                      <td className="r">{numbers?.latencyMs ? span(numbers.latencyMs.p50) : ''}</td>
                      <td className="r">{numbers?.latencyMs ? span(numbers.latencyMs.p95) : ''}</td>
                      <td className="r">{numbers?.latencyMs ? span(numbers.latencyMs.p99) : ''}</td>
                      <td className="r">{numbers ? percent(numbers.busy) : ''}</td>
                      <td className="r">{numbers ? percent(numbers.backPressured) : ''}</td>
                      <td className={`r ${numbers?.deadLettered ? 'bad' : ''}`}>
                        {numbers ? full(numbers.deadLettered, locale) : ''}
                      </td>
                    </>
                  )}
                  {!live && (
                    <td className={first?.severity === 'error' ? 'bad' : 'i2'}>
                      {first ? sentenceOf(first, locale) : (validation.nodes[node.id]?.summary ?? '')}
                    </td>
                  )}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}
