import type { GraphNode, Manifest, OnError } from '../api/types.js';
import { useT } from '../i18n/index.js';
import { run } from '../store/editor.js';
import { setNode } from '../store/edits.js';

const CHOICES: readonly OnError[] = ['dead-letter', 'skip', 'fail'];

/** What happens to a record that the node cannot process, and what the connector promises. */
export function FailTab({ node, manifest }: { node: GraphNode; manifest: Manifest | undefined }) {
  const { t } = useT();
  const current = node.onError ?? 'dead-letter';
  const delivery = manifest?.delivery ?? manifest?.traits?.delivery;
  return (
    <div className="form">
      <fieldset className="radio-cards">
        <legend className="form-label">{t('fails.title')}</legend>
        {CHOICES.map((choice) => (
          <label key={choice} className={`radio-card ${current === choice ? 'on' : ''}`}>
            <input
              type="radio"
              name="on-error"
              checked={current === choice}
              onChange={() =>
                run(setNode(node.id, { onError: choice === 'dead-letter' ? undefined : choice }, 'config'))
              }
            />
            <span>
              <span className="m">{t(`fails.${choice}`)}</span>
              <span className="t12 i3">{t(`fails.${choice}.help`)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {delivery && (
        <p className="banner info">
          <b>{t(`delivery.${delivery as 'exactly-once'}`)}</b> {t(`delivery.${delivery as 'exactly-once'}.help`)}
        </p>
      )}
    </div>
  );
}
