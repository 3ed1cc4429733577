import { Tooltip } from '@mantine/core';
import { IconBulb, IconChevronDown, IconChevronRight, IconPuzzle, IconSearch } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { Category, Manifest } from '../api/types.js';
import { addOperator } from '../canvas/actions.js';
import { nodeLabel, operatorName, operatorSummary } from '../canvas/names.js';
import { useT } from '../i18n/index.js';
import { useApp } from '../store/app.js';
import { known, useEditor } from '../store/editor.js';
import { fitsAfter, portsOut } from '../store/linking.js';
import { Tile } from '../ui/icons.js';
import { repeat } from '../ui/Skeletons.js';
import { CATEGORIES, searchOperators } from './search.js';

/** Operators by category; those that fit after the selected node first. Drag one out, or press Enter on it. */
export function Palette() {
  const { t, locale } = useT();
  const manifests = useApp((s) => s.manifests);
  const catalogue = useApp((s) => s.catalogue);
  const [text, setText] = useState('');
  const [closed, setClosed] = useState<ReadonlySet<Category>>(new Set());
  const found = useMemo(() => searchOperators(manifests.values(), text, locale), [manifests, text, locale]);
  const searching = text.trim() !== '';
  return (
    <aside className="palette" aria-label={t('palette.label')}>
      <div className="palette-search">
        <label className="inp">
          <IconSearch size={15} className="i3" />
          <input
            value={text}
            onChange={(event) => setText(event.target.value)}
            placeholder={t('palette.search')}
            aria-label={t('palette.search')}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && found[0]) addOperator(found[0].type);
              else if (event.key === 'Escape') setText('');
              else return;
              event.stopPropagation();
            }}
          />
          <span className="kbd">Tab</span>
        </label>
      </div>
      <div className="palette-list">
        {catalogue === 'loading' && repeat(12, (key) => <div key={key} className="skeleton palette-skeleton" />)}
        {catalogue === 'failed' && <p className="i2 pad">{t('palette.failed')}</p>}
        {!searching && <Fits manifests={manifests} locale={locale} />}
        {searching && found.length === 0 && catalogue === 'ready' && (
          <p className="i2 pad">{t('palette.none', { text })}</p>
        )}
        {searching
          ? found.map((manifest) => <Item key={manifest.type} manifest={manifest} locale={locale} />)
          : CATEGORIES.map((category) => {
              const list = found.filter((manifest) => manifest.docs.category === category);
              if (list.length === 0) return null;
              const open = !closed.has(category);
              return (
                <section key={category}>
                  <button
                    type="button"
                    className="palette-group"
                    aria-expanded={open}
                    onClick={() => {
                      const next = new Set(closed);
                      if (open) next.add(category);
                      else next.delete(category);
                      setClosed(next);
                    }}
                  >
                    {open ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}
                    <span className="sec grow">{t(`category.${category}`)}</span>
                    <span className="t11 i3">{list.length}</span>
                  </button>
                  {open && list.map((manifest) => <Item key={manifest.type} manifest={manifest} locale={locale} />)}
                </section>
              );
            })}
      </div>
      <div className="palette-foot t12 i3">
        <IconPuzzle size={15} />
        {t('palette.count', { count: manifests.size })}
      </div>
    </aside>
  );
}

function Fits({ manifests, locale }: { manifests: ReadonlyMap<string, Manifest>; locale: string }) {
  const { t } = useT();
  const id = useEditor((s) => s.selection.nodes[0]);
  const node = useEditor((s) => s.history.doc.nodes.find((other) => other.id === id));
  const doc = useEditor((s) => s.history.doc);
  useEditor((s) => s.validation);
  if (!node) return null;
  const outputs = portsOut(node, known(), doc).filter((port) => !port.side);
  const output =
    outputs.find(
      (port) => !doc.edges.some((edge) => edge.source === node.id && (edge.sourceHandle ?? 'out') === port.name),
    ) ?? outputs[0];
  if (!output) return null;
  const used = new Set(doc.nodes.map((other) => other.operator));
  const list = fitsAfter(output, manifests.values());
  // The next step is most often one that is not there yet; destinations come last unless the graph has none.
  const hasSink = doc.nodes.some((other) => manifests.get(other.operator)?.kind === 'sink');
  const ranked = [
    ...list.filter((m) => m.kind !== 'sink' && !used.has(m.type)),
    ...list.filter((m) => m.kind !== 'sink' && used.has(m.type)),
  ];
  const sink = list.find((m) => m.kind === 'sink');
  const top = sink && !hasSink ? [...ranked.slice(0, 2), sink] : ranked.slice(0, 3);
  if (top.length === 0) return null;
  return (
    <section className="palette-fits">
      <h2 className="palette-fits-title">
        <IconBulb size={14} />
        <span className="sec el">
          {t('palette.fits', { node: nodeLabel(node, manifests.get(node.operator), locale) })}
        </span>
      </h2>
      {top.map((manifest) => (
        <Item key={manifest.type} manifest={manifest} locale={locale} from={{ node: node.id, port: output.name }} />
      ))}
    </section>
  );
}

function Item({
  manifest,
  locale,
  from,
}: {
  manifest: Manifest;
  locale: string;
  from?: { node: string; port: string };
}) {
  return (
    <Tooltip label={operatorSummary(manifest, locale)} position="right" openDelay={600}>
      <button
        type="button"
        className="palette-item"
        draggable
        onDragStart={(event) => {
          event.dataTransfer.setData('application/x-millrace-operator', manifest.type);
          event.dataTransfer.effectAllowed = 'copy';
        }}
        onClick={() => addOperator(manifest.type, from ? { from } : {})}
        data-operator={manifest.type}
      >
        <Tile name={manifest.docs.icon} category={manifest.docs.category} size={22} />
        <span className="grow el">{operatorName(manifest, manifest.type, locale)}</span>
      </button>
    </Tooltip>
  );
}
