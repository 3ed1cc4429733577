import { IconPlus } from '@tabler/icons-react';
import { Link, useLocation } from 'wouter';
import { api } from '../api/client.js';
import { dateTime } from '../format/numbers.js';
import { useT } from '../i18n/index.js';
import { StatusChip } from '../runs/RunChip.js';
import { Shell } from './Shell.js';
import { useLoad } from './use-load.js';

export function WorkflowsPage() {
  const { t, locale } = useT();
  const [, go] = useLocation();
  const { data, failed } = useLoad(() => api.workflows().then((answer) => answer.workflows), [], 4000);
  const create = () =>
    void api.createWorkflow({ name: t('workflow.unnamed') }).then((made) => go(`/workflows/${made.id}`));
  return (
    <Shell>
      <header className="page-head">
        <h1 className="t20 b grow">{t('nav.workflows')}</h1>
        <button type="button" className="btn p" onClick={create}>
          <IconPlus size={16} />
          {t('workflows.new')}
        </button>
      </header>
      <section className="box">
        {failed && !data && <p className="banner bad">{t('error.list')}</p>}
        {!data && !failed && <div className="skeleton" style={{ height: 160, margin: 16 }} />}
        {data?.length === 0 && <p className="i2 pad">{t('workflows.none')}</p>}
        {data && data.length > 0 && (
          <table className="table roomy">
            <thead>
              <tr>
                <th>{t('workflows.name')}</th>
                <th>{t('workflows.run')}</th>
                <th>{t('workflows.version')}</th>
                <th>{t('workflows.changed')}</th>
              </tr>
            </thead>
            <tbody>
              {data.map((workflow) => (
                <tr key={workflow.id}>
                  <td>
                    <Link href={`/workflows/${workflow.id}`} className="cell-link m">
                      {workflow.name || t('workflow.unnamed')}
                    </Link>
                    {workflow.description && <div className="t12 i3 el about">{workflow.description}</div>}
                  </td>
                  <td>
                    {workflow.run ? <StatusChip run={workflow.run} /> : <span className="i3">{t('run.none')}</span>}
                  </td>
                  <td className="i2">{workflow.publishedVersion ?? '–'}</td>
                  <td className="i2">{dateTime(workflow.updatedAt, locale)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
    </Shell>
  );
}
