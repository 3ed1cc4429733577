import type { Manifest, Ports } from '../api/types.js';
import { operatorSummary } from '../canvas/names.js';
import { useT } from '../i18n/index.js';
import { schemaText } from '../i18n/schema-text.js';
import { Markdown } from '../ui/Markdown.js';
import { placed } from '../ui/Skeletons.js';

/** The operator's docs: what it does, its ports, its examples. */
export function HelpTab({ manifest }: { manifest: Manifest }) {
  const { t, locale } = useT();
  const ports = (title: string, list: Ports | null) =>
    list &&
    Object.keys(list).length > 0 && (
      <section>
        <h3 className="sec">{title}</h3>
        {Object.entries(list).map(([name, port]) => (
          <p key={name} className="help-port">
            <code className="mono">{name}</code> {schemaText(port.description ?? port.title ?? '', locale)}
          </p>
        ))}
      </section>
    );
  return (
    <div className="help">
      <p className="m">{operatorSummary(manifest, locale)}</p>
      {manifest.docs.description && <Markdown text={schemaText(manifest.docs.description, locale)} />}
      {ports(t('help.inputs'), manifest.inputs)}
      {ports(t('help.outputs'), manifest.outputs)}
      {(manifest.examples ?? []).slice(0, 3).map((example) => (
        <section key={example.title}>
          <h3 className="sec">{t('help.example', { title: example.title })}</h3>
          <pre className="json mono">{JSON.stringify(example.config, null, 2)}</pre>
          {placed((example.input ?? []).slice(0, 6)).map(
            ({ item: step, key }) =>
              'value' in step && (
                <p key={key} className="help-record mono">
                  <span className="i3">→</span> {JSON.stringify(step.value)}
                </p>
              ),
          )}
          {Object.entries(example.output ?? {}).flatMap(([port, values]) =>
            placed(values.slice(0, 6)).map(({ item: value, key }) => (
              <p key={`${port}${key}`} className="help-record mono ok">
                <span className="i3">← {port}</span> {JSON.stringify(value)}
              </p>
            )),
          )}
        </section>
      ))}
      <p className="t11 i3 mono">
        {manifest.type} {manifest.version}
      </p>
    </div>
  );
}
