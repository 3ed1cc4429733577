import { Type } from '@millrace/sdk';
import { HttpError } from '../http/errors.js';
import { describeGraph } from '../workflows/describe.js';
import { withOwnFiles } from '../workflows/template-files.js';
import type { Route } from './route.js';
import { Empty, FindingShape, Graph, object, Revision, RunSummaryShape, WorkflowShape } from './shapes.js';

const tag = 'workflows';
const EMPTY_GRAPH = { schema: 1, nodes: [], edges: [] } as const;

export const workflowRoutes: readonly Route[] = [
  {
    method: 'post',
    path: '/api/validate',
    role: 'viewer',
    tag,
    summary: 'Checks a graph and describes its nodes.',
    schema: {
      body: object({ graph: Type.Unknown() }),
      reply: object({ findings: Type.Array(FindingShape), delivery: Type.Object({}), nodes: Type.Object({}) }),
    },
    handle: ({ body, services }) => describeGraph(body.graph, services.catalogue, services.connections.known),
  },
  {
    method: 'get',
    path: '/api/workflows',
    role: 'viewer',
    tag,
    summary: 'Lists workflows, newest change first.',
    schema: { reply: object({ workflows: Type.Array(Type.Object({})) }) },
    handle: async ({ services }) => ({ workflows: await services.workflows.list() }),
  },
  {
    method: 'post',
    path: '/api/workflows',
    role: 'editor',
    tag,
    summary: 'Makes a workflow: empty, from a graph, or from a template.',
    schema: {
      body: object({
        name: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
        graph: Type.Optional(Graph),
        template: Type.Optional(Type.String({ maxLength: 64 })),
      }),
      reply: WorkflowShape,
    },
    status: 201,
    audit: 'workflow.create',
    handle: async ({ body, services }) => {
      const template =
        body.template === undefined ? undefined : services.templates.find((one) => one.id === body.template);
      if (body.template !== undefined && template === undefined)
        throw new HttpError(404, 'NOT_FOUND', 'There is no such template.');
      const { catalogue, examplesDir, layout } = services;
      const dirs = { examples: examplesDir, files: layout.files };
      const made = body.graph ?? (template && (await withOwnFiles(template, dirs, catalogue)));
      const graph = made ?? { ...EMPTY_GRAPH, name: 'Untitled' };
      const doc = await services.workflows.create(body.name === undefined ? graph : { ...graph, name: body.name });
      return services.workflows.view(doc);
    },
  },
  {
    method: 'get',
    path: '/api/workflows/:id',
    role: 'viewer',
    tag,
    summary: 'A workflow with its draft and its published graph.',
    schema: { reply: WorkflowShape },
    handle: async ({ params, services }) => services.workflows.view(await services.workflows.get(params.id!)),
  },
  {
    method: 'put',
    path: '/api/workflows/:id',
    role: 'editor',
    tag,
    summary:
      'Saves the draft on the revision it was made from; 409 with both versions when that is no longer the newest.',
    schema: {
      body: object({ revision: Revision, graph: Graph }),
      reply: object({ revision: Revision, updatedAt: Type.Number() }),
    },
    audit: 'workflow.save',
    handle: ({ params, body, services }) => services.workflows.save(params.id!, body.revision, body.graph),
  },
  {
    method: 'delete',
    path: '/api/workflows/:id',
    role: 'editor',
    tag,
    summary: 'Deletes a workflow with its runs and data; a running one must be named in `confirm`.',
    schema: { query: object({ confirm: Type.Optional(Type.String({ maxLength: 200 })) }) },
    status: 204,
    audit: 'workflow.delete',
    handle: ({ params, query, services }) => services.workflows.delete(params.id!, query.confirm),
  },
  {
    method: 'post',
    path: '/api/workflows/:id/plan',
    role: 'viewer',
    tag,
    summary: 'What publishing a revision would change.',
    schema: {
      body: object({ revision: Revision }),
      reply: object({
        findings: Type.Array(FindingShape),
        changes: Type.Array(Type.Object({})),
        restarts: Type.Boolean(),
        delivery: Type.Object({}),
        plan: Type.String(),
      }),
    },
    handle: ({ params, body, services }) => services.workflows.plan(params.id!, body.revision),
  },
  {
    method: 'post',
    path: '/api/workflows/:id/publish',
    role: 'editor',
    tag,
    summary: 'Makes a revision the next version and runs it.',
    schema: {
      body: object({
        revision: Revision,
        acceptStateLoss: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 1000 })),
      }),
      reply: object({ version: Type.Integer(), run: RunSummaryShape }),
    },
    audit: 'workflow.publish',
    handle: ({ params, body, user, services }) =>
      services.workflows.publish(params.id!, body.revision, user.name, body.acceptStateLoss),
  },
  {
    method: 'get',
    path: '/api/workflows/:id/versions',
    role: 'viewer',
    tag,
    summary: 'Published versions, newest first.',
    schema: { reply: object({ versions: Type.Array(Type.Object({})) }) },
    handle: async ({ params, services }) => ({ versions: await services.workflows.versions(params.id!) }),
  },
  {
    method: 'post',
    path: '/api/workflows/:id/start',
    role: 'editor',
    tag,
    summary: 'Starts a new run of the published version, when none is running.',
    schema: { body: Empty, reply: RunSummaryShape },
    status: 201,
    audit: 'run.start',
    handle: async ({ params, services }) => services.workflows.startPublished(params.id!),
  },
];
