import { Link } from 'wouter';
import { api } from '../api/client.js';
import { dateTime, lasting, millis } from '../format/numbers.js';
import { useT } from '../i18n/index.js';
import { StatusChip, useNow } from '../runs/RunChip.js';
import { active } from '../store/session.js';
import { Shell } from './Shell.js';
import { useLoad } from './use-load.js';

/** Runs, those that need someone first, then the running ones, then the newest. */
export function RunsPage() {
  const { t, locale } = useT();
  const now = useNow();
  const { data, failed } = useLoad(
    () =>
      Promise.all([api.runs(), api.workflows()]).then(([a, b]) => ({
        runs: a.runs,
        names: new Map(b.workflows.map((w) => [w.id, w.name])),
      })),
    [],
    3000,
  );
  const rank = (status: string) => (status === 'failed' || status === 'restarting' ? 0 : active(status) ? 1 : 2);
  const runs = [...(data?.runs ?? [])].sort(
    (a, b) => rank(a.status) - rank(b.status) || millis(b.startedAt) - millis(a.startedAt),
  );
  const needy = runs.filter((run) => run.status === 'restarting').length;
  const going = runs.filter((run) => active(run.status)).length;
  return (
    <Shell>
      <header className="page-head">
        <div className="grow">
          <h1 className="t20 b">
            {needy > 0
              ? t('runs.needy', { count: needy })
              : going > 0
                ? t('runs.fine', { count: going })
                : t('nav.runs')}
          </h1>
        </div>
      </header>
      <section className="box">
        {failed && !data && <p className="banner bad">{t('error.list')}</p>}
        {!data && !failed && <div className="skeleton" style={{ height: 160, margin: 16 }} />}
        {data && runs.length === 0 && <p className="i2 pad">{t('runs.none')}</p>}
        {runs.length > 0 && (
          <table className="table roomy">
            <thead>
              <tr>
                <th>{t('runs.workflow')}</th>
                <th>{t('runs.state')}</th>
                <th>{t('runs.started')}</th>
                <th className="r">{t('runs.lasted')}</th>
                <th>{t('runs.error')}</th>
              </tr>
            </thead>
            <tbody>
              {runs.map((run) => (
                <tr key={run.id}>
                  <td>
                    <Link href={`/workflows/${run.workflowId}`} className="cell-link m">
                      {data?.names.get(run.workflowId) ?? run.workflowId}
                    </Link>
                  </td>
                  <td>
                    <StatusChip run={run} />
                  </td>
                  <td className="i2">{dateTime(run.startedAt, locale)}</td>
                  <td className="r">
                    {lasting((run.endedAt ? millis(run.endedAt) : now) - millis(run.startedAt), locale)}
                  </td>
                  <td className="bad el about">{run.error?.message ?? ''}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
    </Shell>
  );
}
