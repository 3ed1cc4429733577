import { IconPlayerPause, IconPlayerPlay, IconX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { ApiError, api } from '../api/client.js';
import type { SampleRecord } from '../api/types.js';
import { nodeLabel } from '../canvas/names.js';
import { clock, full, percent, rate } from '../format/numbers.js';
import { useT } from '../i18n/index.js';
import { useApp } from '../store/app.js';
import { useEditor } from '../store/editor.js';
import { shownDoc, useShownDoc } from '../store/shown.js';
import { Json } from '../ui/Json.js';
import { placed } from '../ui/Skeletons.js';
import { useSample } from './use-sample.js';

/** What passes an edge: its numbers and the last records seen, newest first. */
export function EdgePanel({ id }: { id: string }) {
  const { t, locale } = useT();
  const edge = useEditor((s) => shownDoc(s).edges.find((other) => other.id === id));
  const doc = useShownDoc();
  const run = useEditor((s) => s.run);
  const manifests = useApp((s) => s.manifests);
  const sample = useSample()?.edges[id];
  const [records, setRecords] = useState<SampleRecord[]>();
  const [held, setHeld] = useState(false);
  const [failed, setFailed] = useState<string>();
  const [open, setOpen] = useState<number>(0);
  const runId = run?.id;
  useEffect(() => {
    if (!runId || held) return;
    let gone = false;
    const load = () =>
      api.edgeSample(runId, id).then(
        (answer) => {
          if (gone) return;
          setRecords(answer.records);
          setFailed(undefined);
        },
        (thrown: unknown) => !gone && setFailed(thrown instanceof ApiError && thrown.status === 404 ? 'none' : 'error'),
      );
    void load();
    const timer = setInterval(load, 1000);
    return () => {
      gone = true;
      clearInterval(timer);
    };
  }, [runId, id, held]);
  const name = (nodeId: string | undefined) => {
    const node = doc.nodes.find((other) => other.id === nodeId);
    return node ? nodeLabel(node, manifests.get(node.operator), locale) : (nodeId ?? '');
  };
  const close = () => useEditor.setState({ edgePanel: undefined });
  if (!edge) return null;
  const columns = columnsOf(records ?? []);
  const first = records?.[0];
  return (
    <aside className="side-panel" aria-label={t('edge.panel')}>
      <div className="inspector-head">
        <div className="grow">
          <h2 className="t14 b el">
            {name(edge.source)} → {name(edge.target)}
          </h2>
          <div className="t12 i3 mono">
            {edge.sourceHandle ?? 'out'} → {edge.targetHandle ?? 'in'}
          </div>
        </div>
        {run && (
          <button type="button" className="btn s" aria-pressed={held} onClick={() => setHeld(!held)}>
            {held ? <IconPlayerPlay size={14} /> : <IconPlayerPause size={14} />}
            {held ? t('edge.go') : t('edge.hold')}
          </button>
        )}
        <button type="button" className="ib s" aria-label={t('common.close')} onClick={close}>
          <IconX size={17} />
        </button>
      </div>
      <div className="inspector-body bordered">
        {!run && <p className="i2">{t('edge.notRunning')}</p>}
        {sample && (
          <dl className="facts">
            <div>
              <dt>{t('edge.rate')}</dt>
              <dd>{rate(sample.rate)}</dd>
            </div>
            <div>
              <dt>{t('edge.sent')}</dt>
              <dd>{full(sample.sent, locale)}</dd>
            </div>
            <div>
              <dt>{t('edge.received')}</dt>
              <dd>{full(sample.received, locale)}</dd>
            </div>
            <div>
              <dt>{t('edge.waiting')}</dt>
              <dd>
                {full(sample.inFlight, locale)}
                {sample.fill !== null && sample.fill !== undefined ? ` · ${percent(sample.fill)}` : ''}
              </dd>
            </div>
          </dl>
        )}
        {run && records === undefined && !failed && <div className="skeleton" style={{ height: 160 }} />}
        {run && (failed === 'none' || records?.length === 0) && <p className="i2">{t('edge.noRecords')}</p>}
        {failed === 'error' && <p className="bad">{t('edge.failed')}</p>}
        {records && records.length > 0 && (
          <div className="table-box">
            <table className="table">
              <thead>
                <tr>
                  <th>{t('edge.time')}</th>
                  {columns.map((column) => (
                    <th key={column} className="mono">
                      {column}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {placed(records.slice(0, 50)).map(({ item: record, key, n }) => (
                  <tr
                    key={key}
                    className={n === open ? 'on' : ''}
                    onClick={() => {
                      setOpen(n);
                      setHeld(true);
                    }}
                  >
                    <td className="i3">{clock(record.at, locale)}</td>
                    {columns.map((column) => (
                      <td key={column} className={`mono ${typeof record.value?.[column] === 'number' ? 'r' : ''}`}>
                        {cell(record.value?.[column])}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        {(records?.[open] ?? first) && <Json value={(records?.[open] ?? first)!.value} />}
      </div>
    </aside>
  );
}

export const cell = (value: unknown): string =>
  value === undefined || value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
function columnsOf(records: readonly SampleRecord[]): string[] {
  const names = new Set<string>();
  for (const record of records.slice(0, 20))
    if (record.value && typeof record.value === 'object') for (const name of Object.keys(record.value)) names.add(name);
  return [...names].slice(0, 6);
}
