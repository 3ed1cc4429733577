import { Modal } from '@mantine/core';
import { type Key, useT } from '../i18n/index.js';
import { useUi } from './ui-state.js';

const GROUPS: Array<{ title: Key; rows: Array<[Key, string[]]> }> = [
  {
    title: 'keys.edit',
    rows: [
      ['keys.add', ['Tab']],
      ['common.undo', ['Ctrl Z']],
      ['common.redo', ['Ctrl Shift Z', 'Ctrl Y']],
      ['keys.clipboard', ['Ctrl C', 'Ctrl X', 'Ctrl V']],
      ['menu.duplicate', ['Ctrl D']],
      ['keys.disable', ['D']],
      ['menu.group', ['Ctrl G']],
      ['menu.ungroup', ['Ctrl Shift U']],
      ['menu.selectAll', ['Ctrl A']],
      ['menu.remove', ['Del', '⌫']],
      ['menu.removeJoin', ['Ctrl Del']],
      ['menu.rename', ['F2']],
      ['menu.connect', ['C']],
      ['keys.settings', ['Enter']],
      ['keys.save', ['Ctrl S']],
    ],
  },
  {
    title: 'keys.move',
    rows: [
      ['keys.walk', ['← → ↑ ↓']],
      ['keys.stream', ['Shift ←', 'Shift →']],
      ['keys.nudge', ['Alt ← → ↑ ↓']],
      ['keys.align', ['Alt A', 'L R T B H V']],
      ['keys.menu', ['Shift F10']],
      ['keys.leave', ['Esc']],
    ],
  },
  {
    title: 'keys.view',
    rows: [
      ['keys.palette', ['Ctrl K', 'Ctrl Shift P']],
      ['keys.find', ['Ctrl F']],
      ['keys.zoom', ['+', '-']],
      ['canvas.zoomReset', ['0']],
      ['canvas.fit', ['1']],
      ['keys.pan', ['Space']],
      ['keys.wheel', ['Ctrl']],
      ['keys.sheet', ['?']],
    ],
  },
];

/** Every key on one page; opened by ? */
export function CheatSheet() {
  const { t } = useT();
  const open = useUi((s) => s.cheatSheet);
  return (
    <Modal
      opened={open}
      onClose={() => useUi.setState({ cheatSheet: false })}
      title={t('keys.title')}
      size={860}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <div className="cheat">
        {GROUPS.map((group) => (
          <section key={group.title}>
            <h3 className="sec">{t(group.title)}</h3>
            {group.rows.map(([label, keys]) => (
              <div className="cheat-row" key={label}>
                <span className="grow">{t(label)}</span>
                {keys.map((key) => (
                  <kbd className="kbd" key={key}>
                    {key}
                  </kbd>
                ))}
              </div>
            ))}
          </section>
        ))}
      </div>
    </Modal>
  );
}
