import {
  IconAlertCircle,
  IconAlertTriangle,
  IconChevronDown,
  IconChevronUp,
  IconCircleCheck,
  IconWand,
} from '@tabler/icons-react';
import type { Finding } from '../api/types.js';
import { reveal } from '../canvas/flow.js';
import { nodeLabel } from '../canvas/names.js';
import { type T, textOf, useT } from '../i18n/index.js';
import { useApp } from '../store/app.js';
import { currentDoc, run, select, useEditor } from '../store/editor.js';
import { byPlace } from '../store/findings.js';
import { placed } from '../ui/Skeletons.js';
import { fixEdit } from './fix.js';
import { sentenceOf } from './sentence.js';

/** What is wrong with the draft, errors first; a click shows the place, the button mends what can be mended by itself. */
export function ProblemsPanel() {
  const { t } = useT();
  const validation = useEditor((s) => s.validation);
  const validated = useEditor((s) => s.validated);
  const open = useEditor((s) => s.bottom === 'problems');
  const { errors, warnings } = byPlace(validation);
  const sorted = [...validation.findings].sort((a, b) =>
    a.severity === b.severity ? 0 : a.severity === 'error' ? -1 : 1,
  );
  const count = sorted.length;
  return (
    <section className={`problems ${open ? '' : 'shut'}`} aria-label={t('problems.title')}>
      <div className="problems-head">
        <h2 className="tab on">
          {t('problems.title')}
          <span className={`chip ${errors > 0 ? 'bad' : warnings > 0 ? 'warn' : 'ok'}`}>{count}</span>
        </h2>
        <span className="grow" />
        <span className="t12 i3">{errors > 0 ? t('problems.fixFirst', { count: errors }) : ''}</span>
        <button
          type="button"
          className="ib s"
          aria-expanded={open}
          aria-label={open ? t('problems.hide') : t('problems.show')}
          onClick={() => useEditor.setState({ bottom: open ? 'closed' : 'problems' })}
        >
          {open ? <IconChevronDown size={16} /> : <IconChevronUp size={16} />}
        </button>
      </div>
      {open && (
        <div className="problems-list">
          {count === 0 && validated && (
            <p className="ok row g8 pad">
              <IconCircleCheck size={16} />
              {t('problems.none')}
            </p>
          )}
          {placed(sorted).map(({ item: finding, key }) => (
            <Row key={key} finding={finding} t={t} />
          ))}
        </div>
      )}
    </section>
  );
}

function Row({ finding, t }: { finding: Finding; t: T }) {
  const { locale } = useT();
  const manifests = useApp((s) => s.manifests);
  const node = useEditor((s) => s.history.doc.nodes.find((other) => other.id === finding.nodeId));
  const show = () => {
    if (finding.nodeId) {
      select([finding.nodeId]);
      reveal(finding.nodeId);
    } else if (finding.edgeId) select([], [finding.edgeId]);
  };
  const fix = finding.fix && fixEdit(currentDoc(), finding);
  return (
    <div className="problem">
      <button type="button" className="problem-main" onClick={show}>
        {finding.severity === 'error' ? (
          <IconAlertTriangle size={16} className="bad" />
        ) : (
          <IconAlertCircle size={16} className="warn" />
        )}
        <span className="chip place">
          {node ? nodeLabel(node, manifests.get(node.operator), locale) : t('problems.workflow')}
        </span>
        <span className="grow el" title={sentenceOf(finding, locale)}>
          {sentenceOf(finding, locale)}
        </span>
      </button>
      {fix && (
        <button type="button" className="btn s pri" onClick={() => run(fix)}>
          <IconWand size={14} />
          {finding.fix?.value === undefined
            ? textOf(t, `fix.${finding.fix!.code}`, t('fix.do'))
            : t('fix.use', {
                value: typeof finding.fix.value === 'string' ? finding.fix.value : JSON.stringify(finding.fix.value),
              })}
        </button>
      )}
    </div>
  );
}
