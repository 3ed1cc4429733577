import { Type } from '@millrace/sdk';
import { HttpError } from '../http/errors.js';
import type { RunDoc } from '../store/port.js';
import type { Call, Route } from './route.js';
import { Empty, Id, object, RunSummaryShape } from './shapes.js';

const tag = 'runs';
type Control = 'pause' | 'resume' | 'finish' | 'kill';

function control(name: Control, summary: string): Route {
  return {
    method: 'post',
    path: `/api/runs/:id/${name}`,
    role: 'editor',
    tag,
    summary,
    schema: { body: Empty, reply: RunSummaryShape },
    audit: `run.${name}`,
    handle: (call) => act(call, (id) => call.services.runs[name](id)),
  };
}

async function act({ params, services }: Call, action: (id: string) => Promise<RunDoc>): Promise<unknown> {
  const { workflowId } = await services.runs.get(params.id!);
  return services.runs.exclusive(workflowId, async () => services.runs.summary(await action(params.id!)));
}

type Letter = { value: unknown; message: string };

/** A record's key may be made of what is hidden, so it goes too. */
const keyless = (hidden: ReadonlySet<string>) => (record: unknown) =>
  hidden.size > 0 && typeof record === 'object' && record !== null && 'key' in record
    ? { ...record, key: null }
    : record;

const limit = (standard: number, maximum: number) =>
  Type.Optional(Type.Integer({ minimum: 1, maximum, default: standard }));

export const runRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/api/runs',
    role: 'viewer',
    tag,
    summary: 'Lists runs, newest first.',
    schema: { query: object({ workflow: Type.Optional(Id) }), reply: object({ runs: Type.Array(RunSummaryShape) }) },
    handle: async ({ query, services }) => ({ runs: await services.runs.list(query.workflow) }),
  },
  {
    method: 'get',
    path: '/api/runs/:id',
    role: 'viewer',
    tag,
    summary: 'One run.',
    schema: { reply: RunSummaryShape },
    handle: async ({ params, services }) => services.runs.summary(await services.runs.get(params.id!)),
  },
  control('pause', 'Commits and stops; windows stay open, resume goes on.'),
  control('resume', 'Goes on from the last commit.'),
  control('finish', 'Ends the input: windows close, results are final.'),
  control('kill', 'Stops at once.'),
  {
    method: 'post',
    path: '/api/runs/:id/savepoint',
    role: 'editor',
    tag,
    summary: 'Keeps a copy of everything the run has committed.',
    schema: { body: Empty, reply: object({ savepoint: Type.String() }) },
    status: 201,
    audit: 'run.savepoint',
    handle: async ({ params, services }) => {
      const { workflowId } = await services.runs.get(params.id!);
      return services.runs.exclusive(workflowId, async () => ({
        savepoint: await services.runs.savepoint(params.id!),
      }));
    },
  },
  {
    method: 'post',
    path: '/api/runs/:id/rescale',
    role: 'editor',
    tag,
    summary: 'Changes the number of parallel tasks.',
    schema: {
      body: object({
        parallelism: Type.Optional(Type.Integer({ minimum: 1, maximum: 128 })),
        nodes: Type.Optional(
          Type.Record(Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' }), Type.Integer({ minimum: 1, maximum: 128 })),
        ),
      }),
      reply: RunSummaryShape,
    },
    audit: 'run.rescale',
    handle: (call) => act(call, (id) => call.services.runs.rescale(id, call.body)),
  },
  {
    method: 'get',
    path: '/api/runs/:id/metrics',
    role: 'viewer',
    tag,
    summary: 'Metrics: 15 minutes by the second, 24 hours by the minute.',
    schema: {
      query: object({
        since: Type.Optional(Type.Number({ minimum: 0, default: 0 })),
        step: Type.Optional(Type.Union([Type.Literal(1), Type.Literal(60)], { default: 1 })),
      }),
      reply: object({ samples: Type.Array(Type.Object({})) }),
    },
    handle: async ({ params, query, services }) => {
      await services.runs.get(params.id!);
      const samples = services.runs.history(params.id!)?.read(query.since, query.step) ?? [];
      return { samples: samples.map((sample) => ({ runId: params.id, ...sample })) };
    },
  },
  {
    method: 'get',
    path: '/api/runs/:id/edges/:edgeId/sample',
    role: 'viewer',
    tag,
    summary: 'The last records seen on an edge, newest first.',
    schema: { query: object({ limit: limit(50, 500) }), reply: object({ records: Type.Array(Type.Object({})) }) },
    handle: async ({ params, query, user, services }) => {
      const doc = await services.runs.get(params.id!);
      if (!doc.graph.edges.some((edge) => edge.id === params.edgeId))
        throw new HttpError(404, 'NOT_FOUND', 'There is no such edge.');
      const hidden = services.privacy.hidden(user, doc.id, doc.graph);
      const records = await services.runs.need(params.id!).sample(params.edgeId!, query.limit);
      return { records: services.privacy.shown(records.map(keyless(hidden)), hidden) };
    },
  },
  {
    method: 'get',
    path: '/api/runs/:id/dead-letters',
    role: 'viewer',
    tag,
    summary: 'Records that could not be processed, with the reason.',
    schema: {
      query: object({
        limit: limit(100, 1000),
        cursor: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}:\\d{1,15}$' })),
      }),
      reply: object({ letters: Type.Array(Type.Object({})), next: Type.Optional(Type.String()) }),
    },
    handle: async ({ params, query, user, services }) => {
      const doc = await services.runs.get(params.id!);
      const hidden = services.privacy.hidden(user, doc.id, doc.graph);
      const options = { limit: query.limit, ...(query.cursor !== undefined && { cursor: query.cursor }) };
      const live = services.runs.live(params.id!);
      const page = live
        ? await live.deadLetters(options)
        : ((await services.runs.inspect(params.id!, (stored) => stored.deadLetters(options))) ?? { letters: [] });
      return { ...page, letters: page.letters.map((letter) => services.privacy.letter(letter as Letter, hidden)) };
    },
  },
  {
    method: 'post',
    path: '/api/runs/:id/dead-letters/replay',
    role: 'editor',
    tag,
    summary: 'Gives dead letters to their nodes again.',
    schema: {
      body: object({ ids: Type.Array(Type.String({ maxLength: 100 }), { minItems: 1, maxItems: 10_000 }) }),
      reply: object({ replayed: Type.Integer() }),
    },
    audit: 'run.replay',
    handle: async ({ params, body, services }) => {
      await services.runs.get(params.id!);
      await services.runs.need(params.id!).replay(body.ids);
      return { replayed: body.ids.length };
    },
  },
];
