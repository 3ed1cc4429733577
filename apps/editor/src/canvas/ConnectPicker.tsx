import { Modal } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useT } from '../i18n/index.js';
import { useApp } from '../store/app.js';
import { known, useEditor } from '../store/editor.js';
import { linkProblem, portsIn, portsOut } from '../store/linking.js';
import { Tile } from '../ui/icons.js';
import { link } from './actions.js';
import { nodeLabel, portTitle } from './names.js';

/** Linking by keyboard (C): pick from the list of ports that fit. */
export function ConnectPicker() {
  const { t, locale } = useT();
  const id = useEditor((s) => s.connectFrom);
  const doc = useEditor((s) => s.history.doc);
  const manifests = useApp((s) => s.manifests);
  const [text, setText] = useState('');
  const options = useMemo(() => {
    const node = doc.nodes.find((other) => other.id === id);
    if (!node) return [];
    const ends = known();
    return portsOut(node, ends, doc).flatMap((output) =>
      doc.nodes.flatMap((target) =>
        portsIn(target, ends)
          .filter(
            (input) =>
              !linkProblem(doc, ends, { node: node.id, port: output.name }, { node: target.id, port: input.name }),
          )
          .map((input) => ({ output, target, input })),
      ),
    );
  }, [doc, id]);
  const close = () => {
    setText('');
    useEditor.setState({ connectFrom: undefined });
  };
  const node = doc.nodes.find((other) => other.id === id);
  const shown = options.filter(({ target }) =>
    nodeLabel(target, manifests.get(target.operator), locale).toLowerCase().includes(text.toLowerCase()),
  );
  const pick = (option: (typeof options)[number] | undefined) => {
    if (!option || !id) return;
    close();
    link({ node: id, port: option.output.name }, { node: option.target.id, port: option.input.name });
  };
  return (
    <Modal
      opened={id !== undefined}
      onClose={close}
      title={node ? t('connect.title', { node: nodeLabel(node, manifests.get(node.operator), locale) }) : ''}
      size="sm"
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <input
        className="inp wide"
        data-autofocus
        value={text}
        placeholder={t('connect.search')}
        aria-label={t('connect.search')}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && pick(shown[0])}
      />
      <div className="connect-list">
        {shown.length === 0 && <p className="i2 pad">{t('connect.none')}</p>}
        {shown.map((option) => {
          const manifest = manifests.get(option.target.operator);
          return (
            <button
              type="button"
              key={`${option.output.name}/${option.target.id}/${option.input.name}`}
              className="quick-add-item"
              onClick={() => pick(option)}
            >
              <Tile name={manifest?.docs.icon} category={manifest?.docs.category ?? 'shape'} size={22} />
              <span className="grow el">{nodeLabel(option.target, manifest, locale)}</span>
              <span className="t12 i3 nw">
                {portTitle(option.output, option.output.name, locale)} →{' '}
                {portTitle(option.input, option.input.name, locale)}
              </span>
            </button>
          );
        })}
      </div>
    </Modal>
  );
}
