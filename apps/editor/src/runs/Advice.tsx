import { IconBulb } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { ApiError, api } from '../api/client.js';
import { toast } from '../app/toast.js';
import { reveal } from '../canvas/flow.js';
import { nodeLabel } from '../canvas/names.js';
import { percent } from '../format/numbers.js';
import { useT } from '../i18n/index.js';
import { useApp } from '../store/app.js';
import { select, useEditor } from '../store/editor.js';
import { useShownDoc } from '../store/shown.js';
import { useSample } from './use-sample.js';

/** A bottleneck must hold for this many samples before it is named, and be gone as long before the banner leaves. */
const STEADY = 5;

/** The bottleneck in one sentence, and one button that acts on it. */
export function Advice() {
  const { t, locale } = useT();
  const sample = useSample();
  const run = useEditor((s) => s.run);
  const doc = useShownDoc();
  const manifests = useApp((s) => s.manifests);
  const [hidden, setHidden] = useState<string>();
  const [busy, setBusy] = useState(false);
  const seen = useRef({ node: '', count: 0, shown: undefined as string | undefined, gone: 0, last: 0 });
  const hot = sample?.bottleneck?.nodeId;
  if (sample && sample.at !== seen.current.last) {
    const s = seen.current;
    s.last = sample.at;
    if (hot && hot === s.node) s.count++;
    else {
      s.node = hot ?? '';
      s.count = hot ? 1 : 0;
    }
    if (hot && s.count >= STEADY) s.shown = hot;
    s.gone = hot ? 0 : s.gone + 1;
    if (s.gone >= STEADY) s.shown = undefined;
  }
  const id = seen.current.shown;
  const node = doc.nodes.find((other) => other.id === id);
  if (!run || !sample || !id || !node || hidden === id || run.status !== 'running') return null;
  const manifest = manifests.get(node.operator);
  const label = nodeLabel(node, manifest, locale);
  const busyShare = sample.nodes[id]?.busy ?? 0;
  const tasks = node.parallelism ?? doc.settings?.parallelism ?? 1;
  const canGrow = manifest?.traits?.parallelism !== 'single' && manifest?.kind !== 'source';
  const grow = async () => {
    setBusy(true);
    try {
      await api.rescale(run.id, { [id]: tasks + 1 });
      toast(t('advice.asked', { count: tasks + 1 }));
      setHidden(id);
    } catch (thrown) {
      toast(thrown instanceof ApiError ? thrown.message : String(thrown), { tone: 'bad' });
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="advice float" role="status">
      <IconBulb size={18} className="warn" />
      <div className="grow">
        <p className="m">{t('advice.busy', { node: label, share: percent(busyShare) })}</p>
        <p className="t12 i2">{canGrow ? t('advice.grow', { count: tasks + 1 }) : t('advice.cannotGrow')}</p>
      </div>
      <button
        type="button"
        className="btn ghost"
        onClick={() => {
          select([id]);
          reveal(id);
          useEditor.setState({ drawer: id, edgePanel: undefined });
        }}
      >
        {t('advice.why')}
      </button>
      {canGrow && (
        <button type="button" className="btn p" disabled={busy} onClick={() => void grow()}>
          {t('advice.run', { count: tasks + 1 })}
        </button>
      )}
      <button type="button" className="btn ghost s" onClick={() => setHidden(id)}>
        {t('advice.later')}
      </button>
    </div>
  );
}
