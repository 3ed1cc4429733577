import { Modal } from '@mantine/core';
import {
  IconAlertTriangle,
  IconArrowsMove,
  IconEqual,
  IconPencil,
  IconPlus,
  IconRefresh,
  IconShieldCheck,
  IconTrash,
  IconUpload,
} from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import { ApiError, api } from '../api/client.js';
import type { PlanChange, PublishPlan } from '../api/types.js';
import { toast } from '../app/toast.js';
import { useUi } from '../app/ui-state.js';
import { nodeLabel } from '../canvas/names.js';
import { useT } from '../i18n/index.js';
import { sentenceOf } from '../problems/sentence.js';
import { useApp } from '../store/app.js';
import { currentDoc, setPublished, useEditor } from '../store/editor.js';
import { draftPending, draftRevision, flushDraft } from '../store/session.js';

/** Says in words what publishing will do, before it does it. */
export function PublishDialog({ id }: { id: string }) {
  const { t, locale } = useT();
  const version = useEditor((s) => s.publishedVersion);
  const doc = useEditor((s) => s.history.doc);
  const manifests = useApp((s) => s.manifests);
  const [plan, setPlan] = useState<PublishPlan>();
  const [failed, setFailed] = useState<ApiError>();
  const [accepted, setAccepted] = useState(false);
  const [busy, setBusy] = useState(false);
  const close = () => useUi.setState({ publish: false });
  useEffect(() => {
    let gone = false;
    const ask = async () => {
      await flushDraft();
      return api.plan(id, draftRevision());
    };
    ask().then(
      (answer) => !gone && setPlan(answer),
      (thrown: unknown) => !gone && setFailed(thrown as ApiError),
    );
    return () => {
      gone = true;
    };
  }, [id]);
  const name = (nodeId: string) => {
    const node =
      doc.nodes.find((other) => other.id === nodeId) ??
      useEditor.getState().published?.nodes.find((other) => other.id === nodeId);
    return node ? nodeLabel(node, manifests.get(node.operator), locale) : nodeId;
  };
  const lost = plan?.changes.filter((change) => change.state === 'lost') ?? [];
  const errors = plan?.findings.filter((finding) => finding.severity === 'error') ?? [];
  const publish = async () => {
    setBusy(true);
    try {
      if (draftPending()) await flushDraft();
      const graph = currentDoc();
      const { version: made, run } = await api.publish(
        id,
        draftRevision(),
        lost.map((change) => change.nodeId),
      );
      setPublished(made, graph, run);
      useEditor.setState({ mode: 'live', edgePanel: undefined });
      close();
      toast(t('publish.done', { version: made }));
    } catch (thrown) {
      setFailed(thrown instanceof ApiError ? thrown : new ApiError(0, 'UNKNOWN', String(thrown)));
    } finally {
      setBusy(false);
    }
  };
  const next = (version ?? 0) + 1;
  const of = (test: (change: PlanChange) => boolean) => plan?.changes.filter(test) ?? [];
  const added = of((c) => c.change === 'added');
  const removed = of((c) => c.change === 'removed');
  const restart = of((c) => (c.change === 'config' || c.change === 'parallelism') && !c.live && c.state !== 'lost');
  const liveOnes = of((c) => (c.change === 'config' || c.change === 'parallelism') && c.live);
  const changed = new Set(plan?.changes.filter((c) => c.change !== 'moved').map((c) => c.nodeId));
  const staying = doc.nodes.filter((node) => !changed.has(node.id)).length;
  const group = (
    key: string,
    tone: string,
    icon: ReactNode,
    title: string,
    side: string,
    list: PlanChange[],
    words: (change: PlanChange) => string,
  ) =>
    list.length > 0 && (
      <section className="plan-group" key={key}>
        <span className={`plan-icon ${tone}`}>{icon}</span>
        <div className="grow">
          <h3 className="row between">
            <span className="m">{title}</span>
            <span className="t12 i3">{side}</span>
          </h3>
          {key === 'added' ? (
            <p className="i2">{new Intl.ListFormat(locale).format(list.map((change) => name(change.nodeId)))}</p>
          ) : (
            list.map((change) => (
              <p key={change.nodeId} className="i2">
                <b className="ink">{name(change.nodeId)}.</b> {words(change)}
              </p>
            ))
          )}
        </div>
      </section>
    );
  const stateWords = (change: PlanChange) =>
    change.state === 'kept'
      ? t('plan.keeps')
      : change.state === 'lost'
        ? t('plan.loses')
        : change.state === 'new'
          ? t('plan.startsEmpty')
          : t('plan.noMemory');
  return (
    <Modal
      opened
      onClose={close}
      size={720}
      title={t('publish.title', { version: next, name: doc.name })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <p className="i2 publish-sub">{version === null ? t('publish.first') : t('publish.compared', { version })}</p>
      {failed && (
        <div className="banner bad" role="alert">
          <b>{failed.message}</b> {failed.body.hint ?? ''}
          {failed.body.findings?.map((finding) => (
            <p key={finding.code + finding.path}>{sentenceOf(finding, locale)}</p>
          ))}
        </div>
      )}
      {!plan && !failed && (
        <div className="col g8">
          <div className="skeleton" style={{ height: 44 }} />
          <div className="skeleton" style={{ height: 90 }} />
        </div>
      )}
      {plan && (
        <div className="plan">
          {errors.length > 0 ? (
            <div className="banner bad" role="alert">
              {errors.map((finding) => (
                <p key={finding.code + finding.path}>{sentenceOf(finding, locale)}</p>
              ))}
            </div>
          ) : (
            <p className="banner ok">
              <IconShieldCheck size={17} />
              {plan.restarts
                ? t('publish.safeRestart')
                : version === null
                  ? t('publish.safeFirst')
                  : t('publish.safeLive')}
            </p>
          )}
          {group(
            'lost',
            'bad',
            <IconAlertTriangle size={17} />,
            t('plan.lostTitle', { count: lost.length }),
            t('plan.stateLost'),
            lost,
            stateWords,
          )}
          {group(
            'restart',
            'warn',
            <IconRefresh size={17} />,
            t('plan.restartTitle', { count: restart.length }),
            t('plan.shortPause'),
            restart,
            stateWords,
          )}
          {group(
            'live',
            'pri',
            <IconPencil size={17} />,
            t('plan.liveTitle', { count: liveOnes.length }),
            t('plan.noPause'),
            liveOnes,
            stateWords,
          )}
          {group(
            'added',
            'ok',
            <IconPlus size={17} />,
            t('plan.addedTitle', { count: added.length }),
            '',
            added,
            stateWords,
          )}
          {group(
            'removed',
            'warn',
            <IconTrash size={17} />,
            t('plan.removedTitle', { count: removed.length }),
            '',
            removed,
            (c) => (c.state === 'lost' ? t('plan.loses') : ''),
          )}
          {of((c) => c.change === 'moved').length > 0 && (
            <section className="plan-group">
              <span className="plan-icon">
                <IconArrowsMove size={17} />
              </span>
              <p className="i2">{t('plan.moved', { count: of((c) => c.change === 'moved').length })}</p>
            </section>
          )}
          {staying > 0 && version !== null && (
            <section className="plan-group">
              <span className="plan-icon">
                <IconEqual size={17} />
              </span>
              <p className="m">{t('plan.staying', { count: staying })}</p>
            </section>
          )}
          {plan.delivery && (
            <section className="plan-group" data-delivery={plan.delivery.class}>
              <span className={`plan-icon ${plan.delivery.class === 'exactly-once' ? 'ok' : 'warn'}`}>
                <IconShieldCheck size={17} />
              </span>
              <div className="grow">
                <h3 className="m">{t('plan.delivery')}</h3>
                <p className="i2">
                  <b className="ink">{t(`delivery.${plan.delivery.class}`)}</b>{' '}
                  {t(`delivery.${plan.delivery.class}.help`)}
                </p>
                {plan.delivery.because.length > 0 && (
                  <p className="t12 i3">
                    {t('plan.because', {
                      nodes: new Intl.ListFormat(locale).format(plan.delivery.because.map((one) => name(one.nodeId))),
                    })}
                  </p>
                )}
              </div>
            </section>
          )}
          <details className="plan-details">
            <summary>{t('plan.details')}</summary>
            <pre className="json mono">{plan.plan}</pre>
          </details>
          {lost.length > 0 && (
            <label className="row g8 accept">
              <input type="checkbox" checked={accepted} onChange={(event) => setAccepted(event.target.checked)} />
              {t('plan.accept', { nodes: lost.map((change) => name(change.nodeId)).join(', ') })}
            </label>
          )}
        </div>
      )}
      <div className="dialog-foot">
        <span className="t12 i3 grow">{t('publish.history')}</span>
        <button type="button" className="btn" onClick={close}>
          {t('common.cancel')}
        </button>
        <button
          type="button"
          className="btn p"
          disabled={!plan || busy || errors.length > 0 || (lost.length > 0 && !accepted)}
          onClick={() => void publish()}
        >
          <IconUpload size={16} />
          {t('publish.do', { version: next })}
        </button>
      </div>
    </Modal>
  );
}
