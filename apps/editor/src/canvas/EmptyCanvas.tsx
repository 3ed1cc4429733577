import { useT } from '../i18n/index.js';
import { useApp } from '../store/app.js';
import { Tile } from '../ui/icons.js';
import { addOperator, quickAddAtPointer } from './actions.js';
import { operatorName, operatorSummary } from './names.js';

/** An empty canvas offers the next step: three sources, and the key that finds everything. */
export function EmptyCanvas() {
  const { t, locale } = useT();
  const manifests = useApp((s) => s.manifests);
  const sources = [...manifests.values()].filter((manifest) => manifest.kind === 'source').slice(0, 3);
  return (
    <div className="empty-canvas">
      <div className="row g12">
        {sources.map((manifest) => (
          <button type="button" key={manifest.type} className="ghost-node" onClick={() => addOperator(manifest.type)}>
            <span className="row g8">
              <Tile name={manifest.docs.icon} category="source" />
              <span className="t14 b">{operatorName(manifest, manifest.type, locale)}</span>
            </span>
            <span className="t12 i3">{operatorSummary(manifest, locale)}</span>
          </button>
        ))}
      </div>
      <p className="i2">
        {t('canvas.empty')}{' '}
        <button type="button" className="btn link" onClick={quickAddAtPointer}>
          {t('canvas.emptyAction')}
        </button>
      </p>
    </div>
  );
}
