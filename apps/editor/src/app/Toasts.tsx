import { IconX } from '@tabler/icons-react';
import { useT } from '../i18n/index.js';
import { dismiss, useToasts } from './toast.js';

export function Toasts() {
  const { t } = useT();
  const list = useToasts((s) => s.list);
  return (
    <div className="toasts" aria-live="polite">
      {list.map((entry) => (
        <div key={entry.id} className={`toast ${entry.tone ?? ''}`}>
          <span className="grow">{entry.text}</span>
          {entry.action && (
            <button
              type="button"
              className="btn link"
              onClick={() => {
                entry.action?.run();
                dismiss(entry.id);
              }}
            >
              {entry.action.label}
            </button>
          )}
          <button type="button" className="ib s" aria-label={t('common.close')} onClick={() => dismiss(entry.id)}>
            <IconX size={14} />
          </button>
        </div>
      ))}
    </div>
  );
}
