import { IconRefresh } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { ApiError, api } from '../api/client.js';
import type { GraphNode, Manifest, RecordType, Value } from '../api/types.js';
import { portTitle } from '../canvas/names.js';
import { useT } from '../i18n/index.js';
import { useEditor } from '../store/editor.js';
import { FieldIcon } from '../ui/icons.js';
import { Json } from '../ui/Json.js';
import { fieldOptions } from './form-model.js';
import { samplesFor, sourceSample } from './samples.js';

/** What kept a sample from coming, with what to do. A config that is not complete yet says so in the form itself. */
function failureText(thrown: unknown): string | undefined {
  if (!(thrown instanceof ApiError) || thrown.code === 'CONFIG_INVALID') return undefined;
  return [thrown.message, thrown.body.hint].filter(Boolean).join(' ');
}

/** Fields and sample records at the node's inputs and outputs. */
export function DataTab({ node, manifest }: { node: GraphNode; manifest: Manifest | undefined }) {
  const { t, locale } = useT();
  const info = useEditor((s) => s.validation.nodes[node.id]);
  const runId = useEditor((s) => s.run?.id);
  const edges = useEditor((s) => s.history.doc.edges);
  const [values, setValues] = useState<Value[] | null>();
  const [failed, setFailed] = useState<string>();
  const [again, setAgain] = useState(0);
  useEffect(() => {
    let gone = false;
    const load = async (): Promise<Value[] | null> => {
      const out = edges.find((edge) => edge.source === node.id);
      if (runId && out) {
        const { records } = await api.edgeSample(runId, out.id, 20).catch(() => ({ records: [] }));
        if (records.length > 0) return records.map((record) => record.value);
      }
      if (manifest?.kind === 'source')
        return (await sourceSample(node.operator, info?.config ?? node.config ?? {}, again > 0)).values;
      return (await samplesFor(node.id, undefined))?.values ?? null;
    };
    load().then(
      (found) => {
        if (gone) return;
        setValues(found);
        setFailed(undefined);
      },
      (thrown: unknown) => {
        if (gone) return;
        setValues(null);
        setFailed(failureText(thrown));
      },
    );
    return () => {
      gone = true;
    };
  }, [node.id, node.operator, node.config, manifest, info?.config, runId, edges, again]);
  const types: Array<[string, RecordType | null | undefined]> = [
    ...Object.entries(info?.inputs ?? {}).map(([name, port]): [string, RecordType | null | undefined] => [
      t('data.in', { port: portTitle(port, name, locale) }),
      port.type,
    ]),
    ...Object.entries(info?.outputs ?? {}).map(([name, port]): [string, RecordType | null | undefined] => [
      t('data.out', { port: portTitle(port, name, locale) }),
      port.type,
    ]),
  ];
  return (
    <div className="form">
      {types.map(([name, type]) => (
        <section key={name}>
          <h3 className="sec">{name}</h3>
          {fieldOptions(type).length === 0 ? (
            <p className="form-help">{t('data.unknown')}</p>
          ) : (
            <div className="chips">
              {fieldOptions(type).map((field) => (
                <span key={field.name} className="chip mono field-chip">
                  <FieldIcon type={field.type} size={12} />
                  {field.name}
                </span>
              ))}
            </div>
          )}
        </section>
      ))}
      <section>
        <div className="row between">
          <h3 className="sec">{t('data.records')}</h3>
          <button type="button" className="ib s" aria-label={t('data.refresh')} onClick={() => setAgain((n) => n + 1)}>
            <IconRefresh size={14} />
          </button>
        </div>
        {values === undefined ? (
          <div className="skeleton" style={{ height: 120 }} />
        ) : failed !== undefined ? (
          <p className="banner bad" role="alert">
            {failed}
          </p>
        ) : !values?.length ? (
          <p className="form-help">{t('data.none')}</p>
        ) : (
          values.slice(0, 20).map((value, n) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: samples have no identity
            <Json key={n} value={value} />
          ))
        )}
      </section>
    </div>
  );
}
