import { Menu } from '@mantine/core';
import { IconCheck, IconKeyboard, IconLanguage, IconLogout, IconMoon, IconSun } from '@tabler/icons-react';
import { api } from '../api/client.js';
import { LANGUAGES, setLanguage, useT } from '../i18n/index.js';
import { setTheme, useApp } from '../store/app.js';
import { useUi } from './ui-state.js';

/** Initials of the person, and behind them language, theme and keys. */
export function Preferences() {
  const { t, locale } = useT();
  const user = useApp((s) => s.user);
  const theme = useApp((s) => s.theme);
  const choose = (code: string) => {
    localStorage.setItem('millrace.language', code);
    useApp.setState({ language: code });
    void setLanguage(code);
  };
  const name = user?.name ?? '';
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <button type="button" className="av" title={name}>
          <span>{name.slice(0, 2).toUpperCase() || 'M'}</span>
          <span className="sr">{t('prefs.label', { name })}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('prefs.language')}</Menu.Label>
        {LANGUAGES.map((language) => (
          <Menu.Item
            key={language.code}
            lang={language.code}
            leftSection={<IconLanguage size={15} />}
            rightSection={locale === language.code ? <IconCheck size={14} /> : null}
            onClick={() => choose(language.code)}
          >
            {language.name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          leftSection={theme === 'dark' ? <IconSun size={15} /> : <IconMoon size={15} />}
          onClick={() => setTheme(theme === 'dark' ? 'light' : 'dark')}
        >
          {theme === 'dark' ? t('prefs.light') : t('prefs.dark')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconKeyboard size={15} />}
          rightSection={<span className="kbd">?</span>}
          onClick={() => useUi.setState({ cheatSheet: true })}
        >
          {t('keys.title')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconLogout size={15} />}
          onClick={() => void api.logout().finally(() => useApp.setState({ user: null }))}
        >
          {t('prefs.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
