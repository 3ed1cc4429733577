/** JSON Schema (2020-12) of the graph document. Cross-references and configs are checked by `validate/`. */

const name = { type: 'string', minLength: 1, maxLength: 200 };
const id = { type: 'string', pattern: '^[A-Za-z0-9_-]{1,64}$' };
/** React Flow composes edge ids of node ids and handles. */
const edgeId = { type: 'string', minLength: 1, maxLength: 300 };
const handle = { type: 'string', minLength: 1, maxLength: 128 };
/** Far beyond any canvas, and near enough to be drawn. */
const coordinate = { type: 'number', minimum: -10_000_000, maximum: 10_000_000 };
const parallelism = { type: 'integer', minimum: 1, maximum: 128 };

export const DOCUMENT_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Millrace graph',
  type: 'object',
  required: ['schema', 'name', 'nodes', 'edges'],
  additionalProperties: false,
  properties: {
    schema: { const: 1 },
    name,
    description: { type: 'string', maxLength: 10_000 },
    settings: {
      type: 'object',
      additionalProperties: false,
      properties: {
        parallelism,
        timeZone: { type: 'string', minLength: 1, maxLength: 64 },
        watermarkInterval: { type: 'integer', minimum: 1, maximum: 3_600_000 },
      },
    },
    nodes: {
      type: 'array',
      items: {
        type: 'object',
        required: ['id', 'operator'],
        additionalProperties: false,
        properties: {
          id,
          operator: { type: 'string', minLength: 1, maxLength: 128 },
          version: { type: 'integer', minimum: 1 },
          label: { type: 'string', maxLength: 200 },
          config: { type: 'object' },
          parallelism,
          onError: { enum: ['fail', 'skip', 'dead-letter'] },
          position: {
            type: 'object',
            required: ['x', 'y'],
            additionalProperties: false,
            properties: { x: coordinate, y: coordinate },
          },
          note: { type: 'string', maxLength: 10_000 },
          disabled: { type: 'boolean' },
        },
      },
    },
    edges: {
      type: 'array',
      items: {
        type: 'object',
        required: ['id', 'source', 'target'],
        additionalProperties: false,
        properties: {
          id: edgeId,
          source: { type: 'string', minLength: 1, maxLength: 128 },
          sourceHandle: handle,
          target: { type: 'string', minLength: 1, maxLength: 128 },
          targetHandle: handle,
        },
      },
    },
    groups: {
      type: 'array',
      maxItems: 200,
      items: {
        type: 'object',
        required: ['id', 'label', 'nodes'],
        additionalProperties: false,
        properties: {
          id,
          label: { type: 'string', maxLength: 200 },
          nodes: { type: 'array', items: { type: 'string', minLength: 1, maxLength: 128 }, maxItems: 1000 },
        },
      },
    },
  },
} as const;
