import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { api } from '../api/client.js';
import type { ExpressionCheck, Finding, Value } from '../api/types.js';
import { clock, percent } from '../format/numbers.js';
import { useT } from '../i18n/index.js';
import { sentenceOf } from '../problems/sentence.js';
import { useApp } from '../store/app.js';
import { useEditor } from '../store/editor.js';
import { FieldIcon } from '../ui/icons.js';
import { useFormContext } from './context.js';
import { fieldOptions } from './form-model.js';
import type { InputProps } from './form-parts.js';
import { type Samples, samplesFor, sourceSample } from './samples.js';

const CelEditor = lazy(() => import('./CelEditor.js').then((m) => ({ default: m.CelEditor })));
const SHOWN = 5;

/** A CEL expression: plain text until it is focused, then an editor with completion, and the result on sample records. */
export function ExpressionField({ id, field, label, value, path, set, invalid }: InputProps) {
  const { t, locale } = useT();
  const context = useFormContext();
  const [rich, setRich] = useState(false);
  const [check, setCheck] = useState<ExpressionCheck>();
  const [samples, setSamples] = useState<Samples>();
  const text: string = typeof value === 'string' ? value : '';
  const type = context.typeAt(field.hint.port);
  const options = useMemo(() => fieldOptions(type), [type]);
  const port = context.portOf(field.hint.port);
  const returns = field.schema['x-expression'] ?? 'any';
  const isSource = useApp((s) => s.manifests.get(context.operator)?.kind === 'source');
  const wiring = useEditor((s) => s.history.doc.edges);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new wiring or type means other records
  useEffect(() => {
    if (!rich) return;
    let gone = false;
    const asked = isSource
      ? sourceSample(context.operator, useEditor.getState().validation.nodes[context.nodeId]?.config ?? {}).then(
          ({ values }): Samples => ({ values, live: false, at: Date.now() }),
        )
      : samplesFor(context.nodeId, port);
    asked.then(
      (found) => !gone && setSamples(found),
      () => !gone && setSamples(undefined),
    );
    return () => {
      gone = true;
    };
  }, [rich, context.nodeId, port, wiring, type]);
  useEffect(() => {
    if (!rich || text === '') {
      setCheck(undefined);
      return;
    }
    const stop = new AbortController();
    const timer = setTimeout(() => {
      api
        .checkExpression(
          {
            expression: text,
            type,
            ...(returns === 'any' ? {} : { returns }),
            ...(samples ? { samples: samples.values } : {}),
          },
          stop.signal,
        )
        .then(setCheck, () => undefined);
    }, 150);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [rich, text, type, returns, samples]);
  const change = (next: string) => set(path, next === '' ? undefined : next);
  const findings: readonly Finding[] = check?.findings ?? [];
  return (
    <div className="expression">
      {rich ? (
        <Suspense fallback={<textarea className="cel-plain" value={text} readOnly rows={2} aria-label={label} />}>
          <CelEditor
            id={id}
            label={label}
            value={text}
            fields={options}
            findings={findings}
            locale={locale}
            invalid={invalid ?? false}
            onChange={change}
          />
        </Suspense>
      ) : (
        <textarea
          id={id}
          className={`cel-plain ${invalid ? 'invalid' : ''}`}
          rows={Math.min(6, Math.max(1, Math.ceil(text.length / 38), text.split('\n').length))}
          value={text}
          placeholder={
            field.hint.placeholder ?? (field.schema.examples?.[0] as string | undefined) ?? t('cel.placeholder')
          }
          spellCheck={false}
          aria-label={label}
          onFocus={() => setRich(true)}
          onChange={(event) => change(event.target.value)}
        />
      )}
      {findings.map((finding, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: findings have no identity
        <p key={n} className={`form-error ${finding.severity === 'error' ? 'bad' : 'warn'}`}>
          {sentenceOf(finding, locale)}
        </p>
      ))}
      {rich && check && samples && findings.every((finding) => finding.severity !== 'error') && (
        <Results check={check} samples={samples} returns={returns} />
      )}
      {rich && options.length > 0 && <FieldChips options={options} />}
    </div>
  );
}

const brief = (value: Value): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? 'null'));
/** A record in one line: its first few plain fields. */
function line(value: Value): string {
  if (typeof value !== 'object' || value === null) return brief(value);
  return Object.values(value)
    .filter((part) => typeof part !== 'object')
    .slice(0, 3)
    .map(brief)
    .join(' · ');
}

function Results({ check, samples, returns }: { check: ExpressionCheck; samples: Samples; returns: string }) {
  const { t, locale } = useT();
  const total = check.results.length;
  if (total === 0) return null;
  const kept = check.results.filter((result) => result.ok && result.value === true).length;
  const failed = check.results.filter((result) => !result.ok).length;
  return (
    <div className="results">
      <div className="row between results-head">
        <span className="sec">
          {samples.live ? t('cel.lastRecords', { count: total }) : t('cel.firstRecords', { count: total })}
        </span>
        <span className="t11 i3">{t('cel.sampledAt', { time: clock(samples.at, locale) })}</span>
      </div>
      {returns === 'boolean' && (
        <>
          <div className="results-bar" role="img" aria-label={percent(kept / total)}>
            <i className="kept" style={{ width: `${(kept / total) * 100}%` }} />
            <i className="left" style={{ width: `${((total - kept) / total) * 100}%` }} />
          </div>
          <div className="row between t12">
            <span>
              <b>{kept}</b> {t('cel.kept')}
            </span>
            <span className="i2">
              <b>{total - kept}</b> {t('cel.leftOut')}
            </span>
          </div>
        </>
      )}
      {failed > 0 && <p className="form-error bad">{t('cel.failed', { count: failed })}</p>}
      {check.results.slice(0, SHOWN).map((result, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: samples have no identity
        <div className="result-row t12" key={n}>
          <span className="mono el grow">{line(samples.values[n])}</span>
          <span className={`el ${result.ok ? 'i2' : 'bad'}`}>
            {!result.ok
              ? (result.error?.message ?? result.error?.code)
              : returns === 'boolean'
                ? result.value === true
                  ? t('cel.keptOne')
                  : t('cel.leftOne')
                : brief(result.value)}
          </span>
        </div>
      ))}
    </div>
  );
}

function FieldChips({ options }: { options: ReturnType<typeof fieldOptions> }) {
  const { t } = useT();
  const [all, setAll] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const shown = all ? options : options.slice(0, 8);
  return (
    <div className="chips-box" ref={box}>
      <div className="row between">
        <span className="sec">{t('cel.fields')}</span>
        {options.length > 8 && (
          <button type="button" className="btn link t12" onClick={() => setAll(!all)}>
            {all ? t('cel.fewer') : t('cel.all', { count: options.length })}
          </button>
        )}
      </div>
      <div className="chips">
        {shown.map((option) => (
          <button
            type="button"
            key={option.name}
            className="chip mono field-chip"
            title={t('cel.insert')}
            onMouseDown={(event) => {
              event.preventDefault();
              box.current
                ?.closest('.expression')
                ?.dispatchEvent(new CustomEvent('insert-field', { detail: option.name, bubbles: false }));
            }}
          >
            <FieldIcon type={option.type} size={12} />
            {option.name}
          </button>
        ))}
      </div>
    </div>
  );
}
