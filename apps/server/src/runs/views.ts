import type { GraphNode } from '@millrace/graph';
import type { Catalogue, Value } from '@millrace/sdk';
import { notFound } from '../http/errors.js';
import type { Hub } from '../live/hub.js';
import type { Privacy } from '../privacy/privacy.js';
import type { Store, WorkflowDoc } from '../store/port.js';
import type { RunManager } from './manager.js';

/** The operator whose nodes are views. */
const VIEW_OPERATOR = 'view.table';

const NONE: ReadonlySet<string> = new Set();

export interface View {
  /** Unique over all workflows: its own name, or with the workflow's id when two workflows use it. */
  name: string;
  title: string;
  workflow: WorkflowDoc;
  node: GraphNode;
  /** Names of the fields with personal data. */
  personal: ReadonlySet<string>;
}

export interface PageOptions {
  limit: number;
  /** Field to sort by; without it rows come in the order that the node's config wants. */
  sort?: string;
  desc: boolean;
  /** Hide personal data. */
  hide: boolean;
}

export interface ViewPage {
  name: string;
  title: string;
  columns: string[];
  rows: Value[];
  /** Rows in all. */
  total: number;
  updatedAt: number;
}

/** Rows of view nodes: of the live run, or as its last one left them. */
export class ViewService {
  readonly #store: Store;
  readonly #runs: RunManager;
  readonly #catalogue: Catalogue;
  readonly #now: () => number;
  readonly #privacy: Privacy;
  /** The views there are, until a run or a workflow changes. */
  #known: Promise<View[]> | undefined;

  constructor(options: {
    store: Store;
    runs: RunManager;
    catalogue: Catalogue;
    now: () => number;
    hub: Hub;
    privacy: Privacy;
  }) {
    this.#store = options.store;
    this.#runs = options.runs;
    this.#catalogue = options.catalogue;
    this.#now = options.now;
    this.#privacy = options.privacy;
    const forget = () => {
      this.#known = undefined;
    };
    options.hub.add({ wants: ({ type }) => type === 'run' || type === 'workflow', send: forget });
  }

  async list(): Promise<{ name: string; workflowId: string; nodeId: string; title: string; rows: number }[]> {
    const views = await this.#views();
    return Promise.all(
      views.map(async (view) => ({
        name: view.name,
        workflowId: view.workflow.id,
        nodeId: view.node.id,
        title: view.title,
        rows: (await this.#rows(view)).rows.length,
      })),
    );
  }

  /** The view of a name, or 404. */
  async find(name: string): Promise<View> {
    const view = (await this.#views()).find((one) => one.name === name || `${one.workflow.id}.${one.node.id}` === name);
    if (view === undefined) throw notFound('view');
    return view;
  }

  async read(view: View, options: PageOptions): Promise<ViewPage> {
    const { rows, updatedAt } = await this.#rows(view);
    const { limit, hide } = options;
    const { sort, desc } = options.sort === undefined ? configuredSort(view.node) : options;
    const sorted = sort === undefined ? rows : rows.toSorted((a, b) => compare(a?.[sort], b?.[sort]) * (desc ? -1 : 1));
    const shown = this.#privacy.shown(sorted.slice(0, limit), hide ? view.personal : NONE);
    return {
      name: view.name,
      title: view.title,
      columns: columnsOf(view.node, shown),
      rows: shown,
      total: rows.length,
      updatedAt,
    };
  }

  /** Names of the views that got records in the last second. */
  async changed(workflowId: string, nodes: { readonly [id: string]: { inRate: number } }): Promise<string[]> {
    if (!Object.values(nodes).some((node) => node.inRate > 0)) return [];
    return (await this.#views()).flatMap((view) =>
      view.workflow.id === workflowId && (nodes[view.node.id]?.inRate ?? 0) > 0 ? view.name : [],
    );
  }

  #views(): Promise<View[]> {
    if (this.#known === undefined) {
      const found = this.#find();
      this.#known = found;
      found.catch(() => {
        if (this.#known === found) this.#known = undefined;
      });
    }
    return this.#known;
  }

  async #find(): Promise<View[]> {
    const views: View[] = [];
    for (const workflow of await this.#store.workflows.list()) {
      if (workflow.publishedVersion === null) continue;
      const version = await this.#store.versions.get(workflow.id, workflow.publishedVersion);
      if (version === undefined) continue;
      const personal = this.#privacy.fields(`${workflow.id} version ${workflow.publishedVersion}`, version.graph);
      for (const node of version.graph.nodes) {
        if (node.operator !== VIEW_OPERATOR) continue;
        const wanted = typeof node.config?.name === 'string' && node.config.name !== '' ? node.config.name : node.id;
        const taken = views.some((view) => view.name === wanted);
        const title = node.config?.title || node.label || wanted || this.#catalogue.get(VIEW_OPERATOR)?.docs.title;
        views.push({ name: taken ? `${workflow.id}.${node.id}` : wanted, title, workflow, node, personal });
      }
    }
    return views;
  }

  async #rows({ workflow, node }: View): Promise<{ rows: Value[]; updatedAt: number }> {
    const run = this.#runs.liveOf(workflow.id);
    if (run !== undefined) return { rows: await run.view(node.id), updatedAt: this.#now() };
    const latest = await this.#runs.latest(workflow.id);
    if (latest === undefined) return { rows: [], updatedAt: 0 };
    const rows = await this.#runs.inspect(latest.id, (stored) => stored.view(node.id));
    return { rows: rows ?? [], updatedAt: latest.endedAt ?? latest.startedAt };
  }
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (a === null || a === undefined) return b === null || b === undefined ? 0 : -1;
  if (b === null || b === undefined) return 1;
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
}

function configuredSort({ config }: GraphNode): { sort?: string; desc: boolean } {
  const field: unknown = config?.sort?.field;
  return typeof field === 'string' ? { sort: field, desc: config.sort.descending !== false } : { desc: false };
}

function columnsOf(node: GraphNode, rows: readonly Value[]): string[] {
  const configured: unknown = node.config?.columns;
  if (Array.isArray(configured) && configured.every((column) => typeof column === 'string') && configured.length > 0)
    return configured;
  const names = new Set<string>();
  for (const row of rows.slice(0, 100)) for (const name of Object.keys(row ?? {})) names.add(name);
  return [...names];
}
