import { Link } from 'wouter';
import { api } from '../api/client.js';
import { full } from '../format/numbers.js';
import { useT } from '../i18n/index.js';
import { Shell } from './Shell.js';
import { useLoad } from './use-load.js';

export function ViewsPage() {
  const { t, locale } = useT();
  const { data, failed } = useLoad(
    () =>
      Promise.all([api.views(), api.workflows()]).then(([a, b]) => ({
        views: a.views,
        names: new Map(b.workflows.map((w) => [w.id, w.name])),
      })),
    [],
    4000,
  );
  return (
    <Shell>
      <header className="page-head">
        <div className="grow">
          <h1 className="t20 b">{t('nav.views')}</h1>
          <p className="i2">{t('views.text')}</p>
        </div>
      </header>
      <section className="box">
        {failed && !data && <p className="banner bad">{t('error.list')}</p>}
        {!data && !failed && <div className="skeleton" style={{ height: 120, margin: 16 }} />}
        {data?.views.length === 0 && <p className="i2 pad">{t('views.none')}</p>}
        {data && data.views.length > 0 && (
          <table className="table roomy">
            <thead>
              <tr>
                <th>{t('views.name')}</th>
                <th>{t('runs.workflow')}</th>
                <th className="r">{t('views.rows')}</th>
              </tr>
            </thead>
            <tbody>
              {data.views.map((view) => (
                <tr key={view.name}>
                  <td>
                    <Link href={`/views/${encodeURIComponent(view.name)}`} className="cell-link m">
                      {view.title || view.name}
                    </Link>{' '}
                    <span className="t12 i3 mono">{view.name}</span>
                  </td>
                  <td>
                    <Link href={`/workflows/${view.workflowId}`} className="cell-link">
                      {data.names.get(view.workflowId) ?? view.workflowId}
                    </Link>
                  </td>
                  <td className="r">{full(view.rows, locale)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
    </Shell>
  );
}
