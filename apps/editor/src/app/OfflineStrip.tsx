import { IconCloudOff } from '@tabler/icons-react';
import { clock } from '../format/numbers.js';
import { useT } from '../i18n/index.js';
import { useApp } from '../store/app.js';

/** The strip of a lost server. Editing goes on; what is typed is kept in the browser. */
export function OfflineStrip() {
  const { t, locale } = useT();
  const lostAt = useApp((s) => s.lostAt);
  if (lostAt === undefined) return null;
  return (
    <div className="offline" role="status">
      <IconCloudOff size={15} />
      {t('offline.strip', { time: clock(lostAt, locale) })}
    </div>
  );
}
