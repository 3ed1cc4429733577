import { IconSearch } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { addOperator } from '../canvas/actions.js';
import { operatorName, operatorSummary } from '../canvas/names.js';
import { useT } from '../i18n/index.js';
import { useApp } from '../store/app.js';
import { currentDoc, known, type QuickAdd as Place, useEditor } from '../store/editor.js';
import { fitsAfter, portsOut } from '../store/linking.js';
import { Tile } from '../ui/icons.js';
import { searchOperators } from './search.js';

const WIDTH = 300;
const HEIGHT = 340;

/** The list that Tab, a loose link or an edge's plus opens: type, Enter inserts, Esc closes. */
export function QuickAdd() {
  const place = useEditor((s) => s.quickAdd);
  return place ? <QuickAddList key={`${place.screen.x}/${place.screen.y}`} place={place} /> : null;
}

function candidates(place: Place) {
  const manifests = [...useApp.getState().manifests.values()];
  const doc = currentDoc();
  const edge = place.edge ? doc.edges.find((other) => other.id === place.edge) : undefined;
  const from = place.from ?? (edge ? { node: edge.source, port: edge.sourceHandle ?? 'out' } : undefined);
  if (from) {
    const source = doc.nodes.find((node) => node.id === from.node);
    const output = source && portsOut(source, known(), doc).find((port) => port.name === from.port);
    const fitting = output ? fitsAfter(output, manifests) : manifests;
    return edge ? fitting.filter((manifest) => manifest.kind === 'operator') : fitting;
  }
  if (place.to) return manifests.filter((manifest) => manifest.kind !== 'sink');
  return manifests;
}

function QuickAddList({ place }: { place: Place }) {
  const { t, locale } = useT();
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const all = useMemo(() => candidates(place), [place]);
  const found = useMemo(() => (text.trim() === '' ? all : searchOperators(all, text, locale)), [all, text, locale]);
  const close = () => useEditor.setState({ quickAdd: undefined });
  const choose = (type: string | undefined) => {
    if (!type) return;
    close();
    addOperator(type, place);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: another choice has to come into view
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  const left = Math.max(8, Math.min(place.screen.x, innerWidth - WIDTH - 8));
  const top = Math.max(8, Math.min(place.screen.y, innerHeight - HEIGHT - 8));
  return (
    <>
      <button type="button" className="veil" aria-label={t('common.close')} onClick={close} tabIndex={-1} />
      <div className="float quick-add" style={{ left, top, width: WIDTH }} role="dialog" aria-label={t('quick.label')}>
        <label className="quick-add-head">
          <IconSearch size={15} className="i3" />
          <input
            // biome-ignore lint/a11y/noAutofocus: the list opens because the person wants to type
            autoFocus
            value={text}
            placeholder={
              place.edge
                ? t('quick.onEdge')
                : place.from
                  ? t('quick.after')
                  : place.to
                    ? t('quick.before')
                    : t('palette.search')
            }
            aria-label={t('palette.search')}
            role="combobox"
            aria-expanded
            aria-controls="quick-add-list"
            onChange={(event) => {
              setText(event.target.value);
              setActive(0);
            }}
            onKeyDown={(event) => {
              event.stopPropagation();
              if (event.key === 'Escape') close();
              else if (event.key === 'Enter') choose(found[active]?.type);
              else if (event.key === 'ArrowDown' || (event.key === 'Tab' && !event.shiftKey))
                setActive((n) => Math.min(n + 1, found.length - 1));
              else if (event.key === 'ArrowUp' || event.key === 'Tab') setActive((n) => Math.max(n - 1, 0));
              else return;
              event.preventDefault();
            }}
          />
        </label>
        <div className="quick-add-list" id="quick-add-list" role="listbox" ref={list}>
          {found.length === 0 && <p className="i2 pad">{text ? t('palette.none', { text }) : t('quick.none')}</p>}
          {found.map((manifest, n) => (
            <button
              type="button"
              key={manifest.type}
              role="option"
              tabIndex={-1}
              aria-selected={n === active}
              className={`quick-add-item ${n === active ? 'on' : ''}`}
              onPointerMove={() => setActive(n)}
              onClick={() => choose(manifest.type)}
            >
              <Tile name={manifest.docs.icon} category={manifest.docs.category} size={28} />
              <span className="grow">
                <span className="m el">{operatorName(manifest, manifest.type, locale)}</span>
                <span className="t12 i3 el">{operatorSummary(manifest, locale)}</span>
              </span>
            </button>
          ))}
        </div>
      </div>
    </>
  );
}
