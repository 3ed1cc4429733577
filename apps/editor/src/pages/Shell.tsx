import { IconActivity, IconHierarchy3, IconHome, IconPlugConnected, IconSearch, IconTable } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link, useRoute } from 'wouter';
import { CheatSheet } from '../app/CheatSheet.js';
import { Preferences } from '../app/Preferences.js';
import { useUi } from '../app/ui-state.js';
import { useT } from '../i18n/index.js';
import { useApp } from '../store/app.js';
import { Logo } from '../ui/Logo.js';

function Item({ href, icon, label }: { href: string; icon: ReactNode; label: string }) {
  const [on] = useRoute(href === '/' ? '/' : `${href}/*?`);
  return (
    <Link href={href} className={on ? 'on' : ''} aria-current={on ? 'page' : undefined}>
      {icon}
      {label}
    </Link>
  );
}

/** The pages outside of a workflow: navigation left, content right. */
export function Shell({ children }: { children: ReactNode }) {
  const { t } = useT();
  const user = useApp((s) => s.user);
  return (
    <div className="shell">
      <nav className="nav" aria-label={t('nav.label')}>
        <Link href="/" className="nav-logo">
          <Logo size={24} />
          <span className="t14 b">Millrace</span>
        </Link>
        <button type="button" className="inp nav-find" onClick={() => useUi.setState({ palette: true, find: false })}>
          <IconSearch size={15} />
          <span className="grow el">{t('nav.find')}</span>
          <span className="kbd">Ctrl K</span>
        </button>
        <Item href="/" icon={<IconHome size={17} />} label={t('nav.home')} />
        <Item href="/workflows" icon={<IconHierarchy3 size={17} />} label={t('nav.workflows')} />
        <Item href="/runs" icon={<IconActivity size={17} />} label={t('nav.runs')} />
        <Item href="/views" icon={<IconTable size={17} />} label={t('nav.views')} />
        <Item href="/connections" icon={<IconPlugConnected size={17} />} label={t('nav.connections')} />
        <span className="grow" />
        <div className="nav-user">
          <Preferences />
          <span className="el t12 i2">{user?.name}</span>
        </div>
      </nav>
      <main className="page">{children}</main>
      <CheatSheet />
    </div>
  );
}
