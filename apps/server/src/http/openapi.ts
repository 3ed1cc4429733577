import type { Route } from '../routes/route.js';

const ERROR = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message'],
      properties: {
        code: { type: 'string' },
        message: { type: 'string' },
        hint: { type: 'string' },
        params: { type: 'object' },
        findings: { type: 'array' },
      },
    },
  },
};

/** The route table as an OpenAPI 3.1 document. */
export function openApi(routes: readonly Route[]): object {
  const paths: { [path: string]: { [method: string]: object } } = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operation(route) };
  }
  const document = {
    openapi: '3.1.0',
    info: { title: 'Millrace', version: '0.1.0', description: 'Control plane of Millrace.' },
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    paths,
    components: {
      schemas: { Error: ERROR },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'millrace_session' },
        token: { type: 'http', scheme: 'bearer' },
      },
    },
  };
  return JSON.parse(JSON.stringify(document)) as object;
}

function operation({ method, path, summary, tag, role, schema, status = 200 }: Route): object {
  const reply = schema.reply === undefined ? {} : { content: { 'application/json': { schema: schema.reply } } };
  return {
    operationId: `${method}${path.replace(/[/:.-]+(\w?)/g, (_all, letter: string) => letter.toUpperCase())}`,
    summary,
    tags: [tag],
    'x-role': role,
    security: role === 'public' ? [] : [{ session: [] }, { token: [] }],
    parameters: [...pathParameters(path), ...queryParameters(schema.query)],
    ...(schema.body && { requestBody: { required: true, content: { 'application/json': { schema: schema.body } } } }),
    responses: {
      [status]: { description: 'Done.', ...reply },
      default: {
        description: 'Not done.',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      },
    },
  };
}

function pathParameters(path: string): object[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters(query: Route['schema']['query']): object[] {
  const { properties = {}, required = [] } = (query ?? {}) as {
    properties?: { [name: string]: object };
    required?: string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
}
