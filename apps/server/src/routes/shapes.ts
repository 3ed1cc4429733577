import { Type } from '@millrace/sdk';

/** Schemas that several routes share. */
const closed = { additionalProperties: false } as const;

export const Id = Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' });
/** A graph as people edit it; its own checker says what is wrong with it. */
export const Graph = Type.Object({}, { additionalProperties: true, description: 'A graph document.' });
export const Revision = Type.Integer({ minimum: 0 });
export const RunSummaryShape = Type.Object(
  {
    id: Id,
    workflowId: Id,
    version: Type.Integer(),
    status: Type.Union(
      ['starting', 'running', 'restarting', 'pausing', 'paused', 'finished', 'failed', 'killed'].map((status) =>
        Type.Literal(status),
      ),
    ),
    startedAt: Type.Number(),
    endedAt: Type.Optional(Type.Number()),
    error: Type.Optional(
      Type.Object({ code: Type.String(), message: Type.String(), hint: Type.Optional(Type.String()) }),
    ),
  },
  closed,
);
export const WorkflowShape = Type.Object(
  {
    id: Id,
    name: Type.String(),
    revision: Revision,
    graph: Graph,
    updatedAt: Type.Number(),
    publishedVersion: Type.Union([Type.Integer(), Type.Null()]),
    publishedGraph: Type.Union([Graph, Type.Null()]),
    run: Type.Union([RunSummaryShape, Type.Null()]),
  },
  closed,
);
export const FindingShape = Type.Object({
  code: Type.String(),
  severity: Type.Union([Type.Literal('error'), Type.Literal('warning')]),
  params: Type.Object({}),
  path: Type.String(),
});
export const Empty = Type.Object({}, closed);

export function object(properties: Parameters<typeof Type.Object>[0]) {
  return Type.Object(properties, closed);
}
