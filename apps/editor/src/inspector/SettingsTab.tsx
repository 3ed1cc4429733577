import { NumberInput, Textarea } from '@mantine/core';
import { useCallback, useMemo, useState } from 'react';
import { ApiError } from '../api/client.js';
import type { GraphNode, Manifest, Value } from '../api/types.js';
import { useT } from '../i18n/index.js';
import { setAt } from '../problems/fix.js';
import { sentenceOf } from '../problems/sentence.js';
import { currentDoc, run, useEditor } from '../store/editor.js';
import { setConfig, setNode } from '../store/edits.js';
import { byPlace } from '../store/findings.js';
import { type FormContext, FormContextProvider } from './context.js';
import type { Path } from './form-parts.js';
import { SchemaForm } from './SchemaForm.js';
import { sourceSample } from './samples.js';

/** The operator's own form, then what every node has: parallel tasks and a note. */
export function SettingsTab({ node, manifest }: { node: GraphNode; manifest: Manifest | undefined }) {
  const { t, locale } = useT();
  const findings = useEditor((s) => byPlace(s.validation).nodes.get(node.id));
  const infos = useEditor((s) => s.validation.nodes);
  const edges = useEditor((s) => s.history.doc.edges);
  const index = useEditor((s) => s.history.doc.nodes.indexOf(node));
  const base = `/nodes/${index}/config`;
  const set = useCallback(
    (path: Path, value: Value) => {
      const now = currentDoc().nodes.find((other) => other.id === node.id);
      if (now) run(setConfig(node.id, setAt(now.config ?? {}, path, value), path.join('/')));
    },
    [node.id],
  );
  const context = useMemo<FormContext>(() => {
    const inputs = Object.keys(manifest?.inputs ?? {});
    const portOf = (port: string | undefined) => port ?? inputs[0];
    return {
      nodeId: node.id,
      operator: node.operator,
      base,
      findings: findings ?? [],
      portOf,
      typeAt(port) {
        const info = infos[node.id];
        if (manifest?.kind === 'source') return Object.values(info?.outputs ?? {})[0]?.type ?? null;
        const name = portOf(port) ?? 'in';
        const known = info?.inputs[name]?.type;
        if (known) return known;
        const edge = edges.find((other) => other.target === node.id && (other.targetHandle ?? 'in') === name);
        return edge ? (infos[edge.source]?.outputs[edge.sourceHandle ?? 'out']?.type ?? null) : null;
      },
    };
  }, [node.id, node.operator, manifest, infos, edges, findings, base]);
  const others = (findings ?? []).filter((finding) => !finding.path.startsWith(`${base}/`));
  if (!manifest) return <p className="bad pad">{t('inspector.unknown', { operator: node.operator })}</p>;
  return (
    <FormContextProvider.Provider value={context}>
      {others.map((finding, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: findings have no identity
        <p key={n} className={`banner ${finding.severity === 'error' ? 'bad' : 'warn'}`}>
          {sentenceOf(finding, locale)}
        </p>
      ))}
      <SchemaForm schema={manifest.config} value={node.config ?? {}} path={[]} set={set} />
      {manifest.kind === 'source' && 'schema' in (manifest.config.properties ?? {}) && (
        <DetectFields node={node} set={set} />
      )}
      <div className="form common">
        {manifest.traits?.parallelism !== 'single' && manifest.kind !== 'source' && (
          <div className="form-row split">
            <label className="form-label" htmlFor="parallelism">
              {t('inspector.parallelism')}
            </label>
            <NumberInput
              id="parallelism"
              value={node.parallelism ?? ''}
              min={1}
              max={64}
              allowDecimal={false}
              placeholder={t('inspector.asWorkflow')}
              onChange={(next) =>
                run(setNode(node.id, { parallelism: next === '' ? undefined : Math.max(1, Number(next)) }, 'config'))
              }
            />
          </div>
        )}
        <div className="form-row">
          <label className="form-label" htmlFor="note">
            {t('inspector.note')}
          </label>
          <Textarea
            id="note"
            value={node.note ?? ''}
            autosize
            minRows={1}
            maxRows={6}
            placeholder={t('inspector.notePlaceholder')}
            onChange={(event) => run(setNode(node.id, { note: event.currentTarget.value || undefined }, 'note'))}
          />
        </div>
      </div>
    </FormContextProvider.Provider>
  );
}

/** Reads the first records of a source and keeps their fields in its config, where they can be edited. */
function DetectFields({ node, set }: { node: GraphNode; set: (path: Path, value: Value) => void }) {
  const { t } = useT();
  const [failed, setFailed] = useState('');
  const [busy, setBusy] = useState(false);
  const detect = async () => {
    const config = useEditor.getState().validation.nodes[node.id]?.config ?? node.config ?? {};
    const { type } = await sourceSample(node.operator, config, true);
    setFailed(Object.keys(type.fields).length > 0 ? '' : t('inspector.detectNone'));
    if (Object.keys(type.fields).length > 0) set(['schema'], { ...type.fields });
  };
  const start = () => {
    setBusy(true);
    detect()
      .catch((thrown: unknown) =>
        setFailed(
          thrown instanceof ApiError ? [thrown.message, thrown.body.hint].filter(Boolean).join(' ') : String(thrown),
        ),
      )
      .finally(() => setBusy(false));
  };
  return (
    <div className="form-row">
      <button type="button" className="btn s" disabled={busy} onClick={start}>
        {t('inspector.detect')}
      </button>
      {failed === '' ? (
        <p className="form-help">{t('inspector.detectHelp')}</p>
      ) : (
        <p className="form-error bad" role="alert">
          {failed}
        </p>
      )}
    </div>
  );
}
