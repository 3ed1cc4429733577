import { checkExpression, compileExpression, type ExpectedKind, validateGraph } from '@millrace/graph';
import { isSource, type RecordType, Type, toMillraceError, type Value } from '@millrace/sdk';
import { connectionFindings } from '../connections/findings.js';
import { HttpError } from '../http/errors.js';
import { personalFields } from '../privacy/personal.js';
import { fileRoots, pathFindings } from '../workflows/file-jail.js';
import { manifestOf } from '../workflows/manifest.js';
import type { Route } from './route.js';
import { FindingShape, object } from './shapes.js';

const tag = 'catalogue';
const RecordTypeShape = Type.Union([
  Type.Null(),
  Type.Object({
    fields: Type.Record(Type.String(), Type.String()),
    open: Type.Boolean(),
    kind: Type.Optional(Type.String()),
  }),
]);

export const catalogueRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/api/catalogue',
    role: 'viewer',
    tag,
    summary: 'The operators of this server, as data.',
    schema: { reply: object({ operators: Type.Array(Type.Object({})) }) },
    handle: ({ services }) => ({ operators: services.catalogue.list().map(manifestOf) }),
  },
  {
    method: 'get',
    path: '/api/templates',
    role: 'viewer',
    tag,
    summary: 'Ready-made workflows.',
    schema: { reply: object({ templates: Type.Array(Type.Object({})) }) },
    handle: ({ services }) => ({ templates: services.templates }),
  },
  {
    method: 'post',
    path: '/api/expressions/check',
    role: 'viewer',
    tag,
    summary: 'Checks an expression, and tries it on sample values.',
    schema: {
      body: object({
        expression: Type.String({ maxLength: 2000 }),
        type: Type.Optional(RecordTypeShape),
        returns: Type.Optional(Type.Union(['boolean', 'number', 'text', 'any'].map((name) => Type.Literal(name)))),
        samples: Type.Optional(Type.Array(Type.Unknown(), { maxItems: 50 })),
      }),
      reply: object({ findings: Type.Array(FindingShape), results: Type.Array(Type.Object({})) }),
    },
    handle: ({ body }) => checkOn(body.expression, body.type ?? undefined, body.returns, body.samples ?? []),
  },
  {
    method: 'post',
    path: '/api/samples',
    role: 'editor',
    tag,
    summary: 'The first records of a source, and their fields.',
    schema: {
      body: object({
        operator: Type.String({ maxLength: 128 }),
        config: Type.Object({}, { additionalProperties: true }),
      }),
      reply: object({ values: Type.Array(Type.Unknown()), type: Type.Object({}) }),
    },
    handle: async ({ body, user, services }) => {
      const spec = services.catalogue.get(body.operator);
      if (spec === undefined || !isSource(spec))
        throw new HttpError(422, 'NOT_A_SOURCE', 'Only sources can be sampled.');
      const document = {
        schema: 1 as const,
        name: 'sample',
        nodes: [{ id: 'sample', operator: body.operator, config: body.config }],
        edges: [],
      };
      const { findings, graph } = validateGraph(document, services.catalogue);
      const wrong = [
        ...findings.filter((finding) => finding.severity === 'error' && finding.path.startsWith('/nodes/0/config')),
        ...connectionFindings(document, services.catalogue, services.connections.known),
        ...pathFindings(document, services.catalogue, services.layout.files, fileRoots(services.layout.files)),
      ];
      if (wrong.length > 0)
        throw new HttpError(422, 'CONFIG_INVALID', 'The settings of the source have errors.', {
          params: { findings: wrong },
        });
      const sample = await services.sampler.read(body.operator, graph?.document.nodes[0]?.config ?? body.config);
      const { privacy } = services;
      // A draft changes all the time, so nothing of it is kept.
      const hidden = privacy.maySee(user) ? new Set<string>() : personalFields(document, services.catalogue);
      return { ...sample, values: privacy.shown(sample.values, hidden) };
    },
  },
];

/** Findings of an expression, and its value on each sample. */
function checkOn(
  expression: string,
  type: RecordType | undefined,
  returns: ExpectedKind | 'any' | undefined,
  samples: readonly Value[],
) {
  const findings = checkExpression(expression, type, returns);
  if (findings.some((finding) => finding.severity === 'error')) return { findings, results: [] };
  const evaluate = compileExpression(expression);
  const results = samples.map((sample) => {
    try {
      return { ok: true, value: evaluate(sample) ?? null };
    } catch (thrown) {
      const { code, message, hint } = toMillraceError(thrown);
      return { ok: false, error: { code, message, ...(hint !== undefined && { hint }) } };
    }
  });
  return { findings, results };
}
