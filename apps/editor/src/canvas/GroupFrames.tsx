import { ViewportPortal } from '@xyflow/react';
import { useState } from 'react';
import { useT } from '../i18n/index.js';
import { currentDoc, run, select } from '../store/editor.js';
import { renameGroup } from '../store/groups.js';
import { useShownDoc } from '../store/shown.js';
import type { CardNode } from './flow-nodes.js';
import { CARD_WIDTH } from './geometry.js';

/** Room around the cards of a group, and for its name above them. */
const PAD = 18;
const HEAD = 26;

/** Frames behind the cards of each group. A click on the name selects the cards, so that dragging one moves all. */
export function GroupFrames({ nodes, live }: { nodes: readonly CardNode[]; live: boolean }) {
  const { t } = useT();
  const doc = useShownDoc();
  const [renaming, setRenaming] = useState<string>();
  if (!doc.groups?.length) return null;
  const boxes = new Map(nodes.map((node) => [node.id, node]));
  return (
    <ViewportPortal>
      {doc.groups.map(({ id, label, nodes: ids }) => {
        const cards = ids.flatMap((one) => boxes.get(one) ?? []);
        if (cards.length === 0) return null;
        const left = Math.min(...cards.map(({ position }) => position.x)) - PAD;
        const top = Math.min(...cards.map(({ position }) => position.y)) - PAD - HEAD;
        const right = Math.max(...cards.map(({ position }) => position.x + CARD_WIDTH)) + PAD;
        const bottom = Math.max(...cards.map(({ position, height }) => position.y + (height ?? 76))) + PAD;
        const done = (text: string) => {
          setRenaming(undefined);
          if (text.trim() !== label) run(renameGroup(currentDoc(), id, text.trim()));
        };
        return (
          <div
            key={id}
            className="group-frame"
            style={{ transform: `translate(${left}px, ${top}px)`, width: right - left, height: bottom - top }}
          >
            {renaming === id ? (
              <input
                className="group-name"
                aria-label={t('group.name')}
                defaultValue={label}
                maxLength={200}
                // biome-ignore lint/a11y/noAutofocus: it replaces the name that was just double-clicked
                autoFocus
                onBlur={(event) => done(event.currentTarget.value)}
                onKeyDown={(event) => {
                  event.stopPropagation();
                  if (event.key === 'Enter') event.currentTarget.blur();
                  if (event.key === 'Escape') setRenaming(undefined);
                }}
              />
            ) : (
              <button
                type="button"
                className="group-name nopan"
                title={t('group.hint')}
                onClick={() => select([...ids])}
                onDoubleClick={() => !live && setRenaming(id)}
              >
                {label || t('group.unnamed')}
              </button>
            )}
          </div>
        );
      })}
    </ViewportPortal>
  );
}
