import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  checkLimits,
  type Finding,
  type GraphDelivery,
  type GraphDocument,
  graphDelivery,
  validateGraph,
} from '@millrace/graph';
import { explainPlan, planGraph } from '@millrace/planner';
import type { Catalogue, Clock } from '@millrace/sdk';
import { connectionFindings, refuseInlineSecrets } from '../connections/findings.js';
import type { ConnectionService } from '../connections/service.js';
import type { Layout } from '../data-dir/layout.js';
import { HttpError, notFound } from '../http/errors.js';
import type { IngestService } from '../ingest/service.js';
import type { Hub } from '../live/hub.js';
import type { RunManager } from '../runs/manager.js';
import type { RunSummary } from '../runs/summary.js';
import type { Vault } from '../secrets/vault.js';
import type { RunDoc, Store, VersionDoc, WorkflowDoc } from '../store/port.js';
import { changesBetween, type NodeChange } from './changes.js';
import { draftProblem } from './draft-shape.js';
import { fileRoots, pathFindings } from './file-jail.js';

export interface WorkflowServiceOptions {
  store: Store;
  runs: RunManager;
  catalogue: Catalogue;
  layout: Layout;
  vault: Vault;
  connections: ConnectionService;
  hub: Hub;
  clock: Clock;
  ingest: IngestService;
}

export interface WorkflowView {
  id: string;
  name: string;
  revision: number;
  graph: GraphDocument;
  updatedAt: number;
  publishedVersion: number | null;
  publishedGraph: GraphDocument | null;
  run: RunSummary | null;
}

/** Drafts, versions, and how a version becomes a run. */
export class WorkflowService {
  readonly #options: WorkflowServiceOptions;

  constructor(options: WorkflowServiceOptions) {
    this.#options = options;
  }

  async list(): Promise<
    {
      id: string;
      name: string;
      description?: string;
      revision: number;
      updatedAt: number;
      publishedVersion: number | null;
      run: RunSummary | null;
    }[]
  > {
    const { store, runs } = this.#options;
    const docs = await store.workflows.list();
    return Promise.all(
      docs.map(async ({ id, name, graph, revision, updatedAt, publishedVersion }) => {
        const run = await runs.latest(id);
        return {
          id,
          name,
          ...(graph.description !== undefined && { description: graph.description }),
          revision,
          updatedAt,
          publishedVersion,
          run: run ? runs.summary(run) : null,
        };
      }),
    );
  }

  async get(id: string): Promise<WorkflowDoc> {
    const doc = await this.#options.store.workflows.get(id);
    if (doc === undefined) throw notFound('workflow');
    return doc;
  }

  async view(doc: WorkflowDoc): Promise<WorkflowView> {
    const { store, runs } = this.#options;
    const { id, name, revision, graph, updatedAt, publishedVersion } = doc;
    const published = publishedVersion === null ? undefined : await store.versions.get(id, publishedVersion);
    const run = await runs.latest(id);
    return {
      id,
      name,
      revision,
      graph,
      updatedAt,
      publishedVersion,
      publishedGraph: published?.graph ?? null,
      run: run ? runs.summary(run) : null,
    };
  }

  async create(graph: unknown, wantedId?: string): Promise<WorkflowDoc> {
    const { store, vault, clock, hub } = this.#options;
    const document = await vault.takeSecrets(this.#draft(graph));
    const now = clock.now();
    const base = wantedId ?? slug(document.name);
    for (let attempt = 0; ; attempt++) {
      const id = attempt === 0 ? base : `${base.slice(0, 56)}-${randomBytes(3).toString('hex')}`;
      const doc: WorkflowDoc = {
        id,
        name: document.name,
        revision: 1,
        graph: document,
        createdAt: now,
        updatedAt: now,
        publishedVersion: null,
      };
      if (!(await store.workflows.create(doc))) continue;
      hub.publish({ type: 'workflow', id, revision: 1 });
      return doc;
    }
  }

  /** Saves a draft on the revision it was made from. */
  async save(id: string, revision: number, graph: unknown): Promise<{ revision: number; updatedAt: number }> {
    const { store, vault, clock, hub } = this.#options;
    const document = await vault.takeSecrets(this.#draft(graph));
    const updatedAt = clock.now();
    const result = await store.workflows.update(id, revision, { graph: document, name: document.name, updatedAt });
    if (result.ok) {
      hub.publish({ type: 'workflow', id, revision: result.workflow.revision });
      return { revision: result.workflow.revision, updatedAt };
    }
    if (result.reason === 'missing') throw notFound('workflow');
    throw new HttpError(409, 'REVISION_CONFLICT', 'Someone else saved this workflow in the meantime.', {
      hint: 'Look at both versions, then save yours on the newer revision or take theirs.',
      params: { yours: revision },
      extra: { theirs: await this.view(result.theirs) },
    });
  }

  /** Only what an editor could not open again is refused; anything else may stay unfinished. */
  #draft(graph: unknown): GraphDocument {
    const [limit] = checkLimits(graph);
    const problem = limit ?? draftProblem(graph);
    if (problem !== undefined) {
      throw new HttpError(422, problem.code, 'The graph cannot be stored as it is.', {
        params: { ...problem.params, path: problem.path, findings: [problem] },
      });
    }
    refuseInlineSecrets(graph as GraphDocument, this.#options.catalogue);
    return graph as GraphDocument;
  }

  /** Stops the run, forgets the workflow and everything that belongs to it. A running one must be named. */
  async delete(id: string, confirm: string | undefined): Promise<void> {
    const { store, runs, layout, vault, hub, ingest } = this.#options;
    const doc = await this.get(id);
    await runs.exclusive(id, async () => {
      const live = (await store.runs.list({ workflowId: id })).filter((run) => runs.live(run.id) !== undefined);
      if (live.length > 0 && confirm !== doc.name) {
        throw new HttpError(409, 'CONFIRM_NEEDED', 'The workflow is running.', {
          hint: `Repeat with ?confirm= and its name to stop and delete it.`,
          params: { name: doc.name },
        });
      }
      for (const run of live) await runs.kill(run.id);
      for (const run of await store.runs.list({ workflowId: id })) await runs.remove(run.id);
      await store.workflows.delete(id);
      await vault.forget(doc.graph);
      await ingest.release(id);
      await rm(join(layout.ingest, id), { recursive: true, force: true });
    });
    hub.publish({ type: 'workflow', id, revision: -1 });
  }

  /** What publishing a revision would change. */
  async plan(
    id: string,
    revision: number,
  ): Promise<{ findings: Finding[]; changes: NodeChange[]; restarts: boolean; delivery: GraphDelivery; plan: string }> {
    const { catalogue, runs } = this.#options;
    const doc = await this.#atRevision(id, revision);
    const run = await this.#current(id);
    const { findings, graph } = this.#check(doc.graph);
    const changes = this.#changes(run, doc.graph, graph !== undefined);
    const plan = graph === undefined ? '' : explainPlan(planGraph(graph, catalogue));
    return {
      findings,
      changes,
      restarts: run !== undefined && runs.live(run.id) !== undefined && changes.some((change) => !change.live),
      delivery: graphDelivery(doc.graph, catalogue),
      plan,
    };
  }

  #changes(before: RunDoc | undefined, next: GraphDocument, valid: boolean): NodeChange[] {
    const { runs, catalogue } = this.#options;
    const carried = before === undefined || !valid || runs.carriesOver(before, next);
    return changesBetween(before?.graph, next, catalogue, carried);
  }

  #check(graph: GraphDocument) {
    const { catalogue, layout, connections } = this.#options;
    const result = validateGraph(graph, catalogue);
    const more = [
      ...pathFindings(graph, catalogue, layout.files, fileRoots(layout.files)),
      ...connectionFindings(graph, catalogue, connections.known),
    ];
    return more.length === 0 ? result : { findings: [...result.findings, ...more], graph: undefined };
  }

  /** The run whose state the next version takes over: the newest one that has not ended. */
  async #current(id: string): Promise<RunDoc | undefined> {
    const run = await this.#options.runs.latest(id);
    return run !== undefined && run.wanted !== 'ended' ? run : undefined;
  }

  async #atRevision(id: string, revision: number): Promise<WorkflowDoc> {
    const doc = await this.get(id);
    if (doc.revision !== revision) {
      throw new HttpError(409, 'REVISION_CONFLICT', 'The workflow has been saved since.', {
        params: { yours: revision },
        extra: { theirs: await this.view(doc) },
      });
    }
    return doc;
  }

  /** Makes the draft a version and runs it in place of the one before. State that would be lost must be named in `acceptStateLoss`. */
  publish(
    id: string,
    revision: number,
    user: string,
    acceptStateLoss: readonly string[] = [],
  ): Promise<{ version: number; run: RunSummary }> {
    const { store, runs, clock, hub } = this.#options;
    return runs.exclusive(id, async () => {
      const doc = await this.#atRevision(id, revision);
      const { findings, graph } = this.#check(doc.graph);
      if (graph === undefined)
        throw new HttpError(422, 'GRAPH_INVALID', 'The graph has errors.', {
          hint: 'Mend them, then publish again.',
          params: { findings },
        });
      const before = await this.#current(id);
      const changes = this.#changes(before, doc.graph, true);
      const lost = changes
        .filter((change) => change.state === 'lost' && !acceptStateLoss.includes(change.nodeId))
        .map((change) => change.nodeId);
      if (before !== undefined && lost.length > 0) {
        throw new HttpError(409, 'STATE_LOSS', 'Publishing would lose what some nodes remember.', {
          hint: 'Name these nodes in acceptStateLoss to publish all the same.',
          params: { nodes: lost, changes },
        });
      }
      const version: Omit<VersionDoc, 'version'> = {
        workflowId: id,
        publishedAt: clock.now(),
        publishedBy: user,
        graph: doc.graph,
      };
      const number = await store.versions.add(version);
      const run = await this.#replace(before, { ...version, version: number });
      await store.workflows.setPublished(id, number);
      hub.publish({ type: 'workflow', id, revision });
      return { version: number, run: runs.summary(run) };
    });
  }

  /** Pauses the old run, starts the new one with its state; when that fails, the old one goes on. */
  async #replace(before: RunDoc | undefined, version: VersionDoc): Promise<RunDoc> {
    const { runs } = this.#options;
    if (before === undefined) return runs.start(version);
    const wasLive = runs.live(before.id) !== undefined;
    if (wasLive) await runs.pause(before.id, { drain: true });
    try {
      return await runs.succeed(before, version);
    } catch (error) {
      if (wasLive) await runs.resume(before.id);
      throw error;
    }
  }

  /** A new run of the published version, e.g. after the last one has finished. */
  startPublished(id: string): Promise<RunSummary> {
    const { store, runs } = this.#options;
    return runs.exclusive(id, async () => {
      const { publishedVersion } = await this.get(id);
      const version = publishedVersion === null ? undefined : await store.versions.get(id, publishedVersion);
      if (version === undefined) throw new HttpError(409, 'NOT_PUBLISHED', 'The workflow has not been published yet.');
      if (await this.#current(id))
        throw new HttpError(409, 'RUN_LIVE', 'The workflow has a run already.', {
          hint: 'Resume it, or finish it first.',
        });
      return runs.summary(await runs.start(version));
    });
  }

  async versions(id: string): Promise<{ version: number; publishedAt: number; graph: GraphDocument }[]> {
    await this.get(id);
    return (await this.#options.store.versions.list(id)).map(({ version, publishedAt, graph }) => ({
      version,
      publishedAt,
      graph,
    }));
  }
}

/** An id people can read in a URL. */
function slug(name: string): string {
  const text = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 48);
  return text === '' ? `workflow-${randomBytes(3).toString('hex')}` : text;
}
