import { IconRefresh, IconX } from '@tabler/icons-react';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { ApiError, api } from '../api/client.js';
import type { DeadLetter } from '../api/types.js';
import { toast } from '../app/toast.js';
import { nodeLabel } from '../canvas/names.js';
import { clock } from '../format/numbers.js';
import { useT } from '../i18n/index.js';
import { useApp } from '../store/app.js';
import { useEditor } from '../store/editor.js';
import { useShownDoc } from '../store/shown.js';
import { Json } from '../ui/Json.js';

/** Records kept aside with their reason; replay sends them through the node again. */
export function DeadLetters({ nodeId }: { nodeId?: string }) {
  const { t, locale } = useT();
  const run = useEditor((s) => s.run);
  const doc = useShownDoc();
  const manifests = useApp((s) => s.manifests);
  const [letters, setLetters] = useState<DeadLetter[]>();
  const [next, setNext] = useState<string>();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [open, setOpen] = useState<string>();
  const runId = run?.id;
  const load = useCallback(
    async (cursor?: string) => {
      if (!runId) return;
      const answer = await api.deadLetters(runId, cursor).catch(() => undefined);
      if (!answer) return setLetters((had) => had ?? []);
      setLetters((had) => (cursor && had ? [...had, ...answer.letters] : answer.letters));
      setNext(answer.next);
    },
    [runId],
  );
  useEffect(() => void load(), [load]);
  const shown = useMemo(
    () => (letters ?? []).filter((letter) => nodeId === undefined || letter.nodeId === nodeId),
    [letters, nodeId],
  );
  const replay = async (ids: string[]) => {
    if (!runId || ids.length === 0) return;
    try {
      const { replayed } = await api.replay(runId, ids);
      toast(t('letters.replayedToast', { count: replayed }));
      setChosen(new Set());
      await load();
    } catch (thrown) {
      toast(thrown instanceof ApiError ? thrown.message : String(thrown), { tone: 'bad' });
    }
  };
  const openIds = shown.filter((letter) => letter.status === 'open').map((letter) => letter.id);
  const picked = [...chosen].filter((id) => openIds.includes(id));
  const name = (id: string) => {
    const node = doc.nodes.find((other) => other.id === id);
    return node ? nodeLabel(node, manifests.get(node.operator), locale) : id;
  };
  return (
    <section className={nodeId ? 'letters inside' : 'letters'} aria-label={t('letters.title')}>
      <div className="problems-head">
        <h2 className="t13 b">{t('letters.title')}</h2>
        <span className="chip">
          {shown.length}
          {next ? '+' : ''}
        </span>
        <span className="grow" />
        <button
          type="button"
          className="btn s"
          disabled={openIds.length === 0}
          onClick={() => void replay(picked.length > 0 ? picked : openIds)}
        >
          <IconRefresh size={14} />
          {picked.length > 0 ? t('letters.replaySome', { count: picked.length }) : t('letters.replayAll')}
        </button>
        {!nodeId && (
          <button
            type="button"
            className="ib s"
            aria-label={t('common.close')}
            onClick={() => useEditor.setState({ bottom: 'closed' })}
          >
            <IconX size={16} />
          </button>
        )}
      </div>
      {letters === undefined ? (
        <div className="skeleton" style={{ height: 80, margin: 12 }} />
      ) : shown.length === 0 ? (
        <p className="i2 pad">{t('letters.none')}</p>
      ) : (
        <div className="table-box">
          <table className="table">
            <thead>
              <tr>
                <th>
                  <span className="sr">{t('letters.pick')}</span>
                </th>
                <th>{t('letters.at')}</th>
                <th>{t('letters.node')}</th>
                <th>{t('letters.reason')}</th>
                <th>{t('letters.record')}</th>
                <th>{t('letters.state')}</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((letter) => (
                <Row
                  key={letter.id}
                  letter={letter}
                  name={name(letter.nodeId)}
                  open={open === letter.id}
                  picked={chosen.has(letter.id)}
                  locale={locale}
                  t={t}
                  onOpen={() => setOpen(open === letter.id ? undefined : letter.id)}
                  onPick={(on) =>
                    setChosen((had) => {
                      const copy = new Set(had);
                      if (on) copy.add(letter.id);
                      else copy.delete(letter.id);
                      return copy;
                    })
                  }
                />
              ))}
            </tbody>
          </table>
          {next && (
            <button type="button" className="btn s more-rows" onClick={() => void load(next)}>
              {t('letters.more')}
            </button>
          )}
        </div>
      )}
    </section>
  );
}

function Row({
  letter,
  name,
  open,
  picked,
  locale,
  t,
  onOpen,
  onPick,
}: {
  letter: DeadLetter;
  name: string;
  open: boolean;
  picked: boolean;
  locale: string;
  t: ReturnType<typeof useT>['t'];
  onOpen: () => void;
  onPick: (on: boolean) => void;
}) {
  return (
    <>
      <tr className={open ? 'on' : ''}>
        <td>
          <input
            type="checkbox"
            aria-label={t('letters.pick')}
            checked={picked}
            disabled={letter.status !== 'open'}
            onChange={(event) => onPick(event.target.checked)}
          />
        </td>
        <td className="i3">{clock(letter.at, locale)}</td>
        <td>{name}</td>
        <td className="bad">
          <button type="button" className="cell-link el" onClick={onOpen} aria-expanded={open}>
            {letter.message}
          </button>{' '}
          <span className="t11 i3 mono">{letter.code}</span>
        </td>
        <td className="mono el record">{JSON.stringify(letter.value)}</td>
        <td className={letter.status === 'open' ? '' : 'ok'}>{t(`letters.${letter.status}`)}</td>
      </tr>
      {open && (
        <tr>
          <td />
          <td colSpan={5}>
            <Json value={letter.value} />
          </td>
        </tr>
      )}
    </>
  );
}
