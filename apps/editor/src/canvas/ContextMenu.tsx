import { Menu } from '@mantine/core';
import { useT } from '../i18n/index.js';
import { redoEdit, undoEdit, useEditor } from '../store/editor.js';
import {
  duplicate,
  groupSelection,
  quickAddOnEdge,
  removeSelection,
  selectAll,
  tidy,
  toggleDisabled,
  ungroupSelection,
} from './actions.js';
import { copyOut, cutOut, pasteIn } from './clipboard-io.js';
import { fitAll, toFlow } from './flow.js';

export interface MenuAt {
  x: number;
  y: number;
  node?: string;
  edge?: string;
}

/** Right-click: the same actions as the keys, with their keys beside them. */
export function ContextMenu({ at, onClose }: { at: MenuAt; onClose: () => void }) {
  const { t } = useT();
  const live = useEditor((s) => s.mode === 'live');
  const off = useEditor((s) => s.history.doc.nodes.some((node) => node.id === at.node && node.disabled === true));
  const grouped = useEditor((s) => s.history.doc.groups?.some((group) => at.node && group.nodes.includes(at.node)));
  const item = (label: string, keys: string, act: () => void, danger = false) => (
    <Menu.Item
      key={label}
      onClick={act}
      {...(danger ? { color: 'var(--mr-bad)' } : {})}
      rightSection={keys ? <span className="kbd">{keys}</span> : null}
    >
      {label}
    </Menu.Item>
  );
  return (
    <Menu opened onClose={onClose} position="bottom-start" withinPortal closeOnItemClick offset={2}>
      <Menu.Target>
        <span style={{ position: 'fixed', left: at.x, top: at.y, width: 1, height: 1 }} />
      </Menu.Target>
      <Menu.Dropdown miw={210}>
        {at.node &&
          live &&
          item(t('menu.details'), 'Enter', () => useEditor.setState({ drawer: at.node, edgePanel: undefined }))}
        {at.node &&
          !live && [
            item(t('menu.connect'), 'C', () => useEditor.setState({ connectFrom: at.node })),
            item(t('menu.rename'), 'F2', () => useEditor.setState({ renaming: at.node })),
            item(t('menu.copy'), 'Ctrl C', () => void copyOut()),
            item(t('menu.cut'), 'Ctrl X', () => void cutOut()),
            item(t('menu.duplicate'), 'Ctrl D', duplicate),
            item(t(off ? 'menu.enable' : 'menu.disable'), 'D', toggleDisabled),
            item(t('menu.group'), 'Ctrl G', groupSelection),
            ...(grouped ? [item(t('menu.ungroup'), 'Ctrl Shift U', ungroupSelection)] : []),
            <Menu.Divider key="d" />,
            item(t('menu.removeJoin'), 'Ctrl Del', () => removeSelection(true)),
            item(t('menu.remove'), 'Del', () => removeSelection(), true),
          ]}
        {at.edge && [
          item(t('edge.data'), '', () => useEditor.setState({ edgePanel: at.edge, drawer: undefined })),
          ...(live
            ? []
            : [
                item(t('edge.insert'), '', () => quickAddOnEdge(at.edge!, at.x, at.y)),
                item(t('menu.remove'), 'Del', () => removeSelection(), true),
              ]),
        ]}
        {!at.node &&
          !at.edge && [
            ...(live
              ? []
              : [
                  item(t('menu.add'), 'Tab', () =>
                    useEditor.setState({
                      quickAdd: { screen: { x: at.x, y: at.y }, flow: toFlow({ x: at.x, y: at.y }) },
                    }),
                  ),
                  item(t('menu.paste'), 'Ctrl V', () => void pasteIn()),
                  item(t('menu.selectAll'), 'Ctrl A', selectAll),
                  <Menu.Divider key="d" />,
                  item(t('common.undo'), 'Ctrl Z', undoEdit),
                  item(t('common.redo'), 'Ctrl Y', redoEdit),
                  item(t('canvas.tidy'), '', () => void tidy()),
                ]),
            item(t('canvas.fit'), '1', fitAll),
          ]}
      </Menu.Dropdown>
    </Menu>
  );
}
