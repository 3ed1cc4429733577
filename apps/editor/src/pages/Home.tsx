import { IconArrowRight, IconPlus, IconSearch, IconTableImport } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { ApiError, api } from '../api/client.js';
import { live } from '../api/live.js';
import type { MetricsSample, Template, WorkflowListItem } from '../api/types.js';
import { pickFile, readGraph } from '../app/files.js';
import { toast } from '../app/toast.js';
import { rate, short, spanParts } from '../format/numbers.js';
import { useT } from '../i18n/index.js';
import { StatusChip } from '../runs/RunChip.js';
import { Spark } from '../runs/Spark.js';
import { totalsOf } from '../runs/totals.js';
import { active } from '../store/session.js';
import { repeat } from '../ui/Skeletons.js';
import { GraphArt } from './GraphArt.js';
import { Shell } from './Shell.js';
import { useLoad } from './use-load.js';

/** Welcome: what runs now, a way to bring own data, and workflows to start from. */
export function Home() {
  const { t, locale } = useT();
  const [, go] = useLocation();
  const [text, setText] = useState('');
  const { data: list, failed } = useLoad(() => api.workflows().then((answer) => answer.workflows), [], 5000);
  const { data: templates } = useLoad(() => api.templates().then((answer) => answer.templates), []);
  const running = list?.filter((workflow) => workflow.run && active(workflow.run.status)) ?? [];
  const first = running.find((workflow) => workflow.run?.status === 'running') ?? running[0];
  const create = async (body: Parameters<typeof api.createWorkflow>[0]) => {
    try {
      const made = await api.createWorkflow(body);
      go(`/workflows/${made.id}`);
    } catch (thrown) {
      toast(thrown instanceof ApiError ? thrown.message : String(thrown), { tone: 'bad' });
    }
  };
  const fromFile = () =>
    pickFile('.json,application/json', async (file) => {
      const graph = readGraph(await file.text());
      if (!graph) toast(t('toast.notAGraph', { file: file.name }), { tone: 'bad' });
      else await create({ name: graph.name || file.name.replace(/\.json$/, ''), graph });
    });
  const nameOf = (template: Template) => (locale.startsWith('zh') && template.zh?.name) || template.name;
  const aboutOf = (template: Template) =>
    (locale.startsWith('zh') && template.zh?.description) || template.description || template.graph.description || '';
  const shown = (templates ?? []).filter((template) =>
    `${nameOf(template)} ${aboutOf(template)} ${template.name}`.toLowerCase().includes(text.toLowerCase()),
  );
  useEffect(() => {
    document.title = 'Millrace';
  }, []);
  return (
    <Shell>
      <header className="page-head">
        <div className="grow">
          <h1 className="t24 b">{first ? t('home.running') : t('home.welcome')}</h1>
          <p className="t14 i2">{first ? t('home.runningText') : t('home.welcomeText')}</p>
        </div>
        <button type="button" className="btn" onClick={() => void create({ name: t('workflow.unnamed') })}>
          <IconPlus size={16} />
          {t('home.blank')}
        </button>
      </header>
      {failed && !list && <p className="banner bad">{t('error.list')}</p>}
      <div className="home-top">
        {first ? (
          <RunningCard workflow={first} onOpen={() => go(`/workflows/${first.id}`)} />
        ) : list ? (
          <div className="box home-none">
            <p className="t14 m">{t('home.noneRuns')}</p>
            <p className="i2">{t('home.noneRunsText')}</p>
          </div>
        ) : (
          <div className="box skeleton" style={{ height: 250 }} />
        )}
        <div className="home-drop">
          <IconTableImport size={28} className="pri" />
          <p className="t14 b">{t('home.drop')}</p>
          <p className="t12 i2">{t('home.dropText')}</p>
          <button type="button" className="btn" onClick={fromFile}>
            {t('home.choose')}
          </button>
        </div>
      </div>
      <div className="row g12 home-bar">
        <h2 className="t16 b grow">{t('home.templates')}</h2>
        <label className="inp home-search">
          <IconSearch size={15} className="i3" />
          <input
            value={text}
            placeholder={t('home.searchTemplates')}
            aria-label={t('home.searchTemplates')}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
      </div>
      <div className="templates">
        {templates === undefined &&
          repeat(4, (key) => <div className="box skeleton" key={key} style={{ height: 210 }} />)}
        {templates?.length === 0 && <p className="i2">{t('home.noTemplates')}</p>}
        {shown.map((template) => (
          <article className="template box" key={template.id}>
            <div className="template-art">
              <GraphArt graph={template.graph} />
            </div>
            <div className="template-body">
              <h3 className="t14 b">{nameOf(template)}</h3>
              <p className="t12 i2 clamp">{aboutOf(template)}</p>
              <div className="row between template-foot">
                <span className="t12 i3">{t('home.nodes', { count: template.graph.nodes.length })}</span>
                <button
                  type="button"
                  className="btn s pri"
                  onClick={() => void create({ template: template.id, name: nameOf(template) })}
                >
                  {t('home.use')}
                  <span className="sr"> {nameOf(template)}</span>
                </button>
              </div>
            </div>
          </article>
        ))}
      </div>
    </Shell>
  );
}

function RunningCard({ workflow, onOpen }: { workflow: WorkflowListItem; onOpen: () => void }) {
  const { t } = useT();
  const run = workflow.run!;
  const { data: full } = useLoad(() => api.workflow(workflow.id), [workflow.id]);
  const [samples, setSamples] = useState<MetricsSample[]>([]);
  useEffect(() => {
    setSamples([]);
    api.metrics(run.id, Date.now() - 60_000).then(
      (answer) => setSamples((had) => (had.length > 0 ? had : answer.samples)),
      () => undefined,
    );
    const stops = [
      live.watchRun(run.id),
      live.listen(
        (message) =>
          message.type === 'metrics' && message.runId === run.id && setSamples((had) => [...had.slice(-59), message]),
      ),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [run.id]);
  const graph = full?.publishedGraph ?? full?.graph;
  const sample = samples.at(-1);
  const totals = graph && sample ? totalsOf(sample, graph) : undefined;
  const all = graph ? samples.map((one) => totalsOf(one, graph)) : [];
  const [latency, unit] = totals?.latency ? spanParts(totals.latency.p95) : ['…', ''];
  return (
    <section className="box running-card">
      <div className="row g10 running-head">
        <h2 className="t16 b el">{workflow.name}</h2>
        <StatusChip run={run} />
        <span className="grow" />
        <button type="button" className="btn p" onClick={onOpen}>
          {t('home.open')}
          <IconArrowRight size={16} />
        </button>
      </div>
      <div className="running-art">
        {graph ? <GraphArt graph={graph} width={700} height={128} tile={36} sample={sample} /> : null}
      </div>
      <div className="running-facts">
        <div>
          <div className="t12 i2">{t('kpi.finished')}</div>
          <div className="row g8">
            <span className="kpi-value">
              <b>{totals ? rate(totals.finished).split('/')[0] : '…'}</b> <span className="unit">/s</span>
            </span>
            <Spark values={all.map((one) => one.finished)} />
          </div>
        </div>
        <div>
          <div className="t12 i2">{t('kpi.latency')}</div>
          <div className="row g8">
            <span className="kpi-value">
              <b>{latency}</b> <span className="unit">{unit}</span>
            </span>
            <Spark values={all.map((one) => one.latency?.p95 ?? 0)} />
          </div>
        </div>
        <div>
          <div className="t12 i2">{t('kpi.letters')}</div>
          <span className="kpi-value">
            <b>{totals ? short(totals.deadLetters) : '…'}</b>
          </span>
        </div>
        <p className="t12 i2 grow">{workflow.description ?? t('home.runningHint')}</p>
      </div>
    </section>
  );
}
