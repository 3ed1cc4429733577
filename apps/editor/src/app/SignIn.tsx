import { type FormEvent, useState } from 'react';
import { api } from '../api/client.js';
import { useT } from '../i18n/index.js';
import { useApp } from '../store/app.js';
import { Logo } from '../ui/Logo.js';
import { loadCatalogue } from './boot.js';

/** Shown without a session: the address printed at start carries a token that works once. */
export function SignIn() {
  const { t } = useT();
  const [token, setToken] = useState('');
  const [failed, setFailed] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      await api.login(token.trim().replace(/^.*#t=/, ''));
      const { user } = await api.session();
      useApp.setState({ user });
      await loadCatalogue();
    } catch {
      setFailed(true);
    }
  };
  return (
    <main className="signin">
      <form className="box signin-box" onSubmit={submit}>
        <Logo size={32} />
        <h1 className="t20 b">{t('signin.title')}</h1>
        <p className="i2">{t('signin.text')}</p>
        <pre className="signin-cmd mono">millrace login</pre>
        <label className="col g4">
          <span className="t12 m">{t('signin.token')}</span>
          <input
            className="inp"
            value={token}
            onChange={(event) => setToken(event.target.value)}
            autoComplete="one-time-code"
            spellCheck={false}
          />
        </label>
        {failed && (
          <p className="bad" role="alert">
            {t('signin.failed')}
          </p>
        )}
        <button type="submit" className="btn p" disabled={token.trim() === ''}>
          {t('signin.open')}
        </button>
      </form>
    </main>
  );
}
