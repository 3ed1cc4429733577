import type { Finding, GraphDocument } from '@millrace/graph';
import type * as T from './types.js';

/** An answer of the server that says no. `status` 0: no answer came at all. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly body: {
      hint?: string;
      params?: { [name: string]: unknown };
      findings?: Finding[];
      theirs?: T.Workflow;
    } = {},
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

type Body = {
  error?: {
    code?: string;
    message?: string;
    hint?: string;
    params?: { [name: string]: unknown };
    findings?: Finding[];
    theirs?: T.Workflow;
  };
  theirs?: T.Workflow;
};

const listeners = new Set<(reachable: boolean) => void>();
/** Tells whether the last request got any answer. */
export function onReachable(listener: (reachable: boolean) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

async function request<R>(
  method: string,
  path: string,
  body?: unknown,
  init?: { signal?: AbortSignal; keepalive?: boolean },
): Promise<R> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      credentials: 'same-origin',
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      ...init,
    });
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === 'AbortError') throw thrown;
    for (const listener of listeners) listener(false);
    throw new ApiError(0, 'NO_ANSWER', 'The server did not answer.');
  }
  for (const listener of listeners) listener(true);
  if (response.status === 204) return undefined as R;
  const text = await response.text();
  let json: Body | undefined;
  try {
    json = text === '' ? undefined : (JSON.parse(text) as Body);
  } catch {
    json = undefined;
  }
  if (!response.ok) {
    const error = json?.error ?? {};
    const theirs = error.theirs ?? json?.theirs;
    throw new ApiError(response.status, error.code ?? `HTTP_${response.status}`, error.message ?? response.statusText, {
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      ...(error.params === undefined ? {} : { params: error.params }),
      ...(error.findings === undefined ? {} : { findings: error.findings }),
      ...(theirs === undefined ? {} : { theirs }),
    });
  }
  return json as R;
}

const get = <R>(path: string, signal?: AbortSignal) => request<R>('GET', path, undefined, signal ? { signal } : {});
const post = <R>(path: string, body: unknown = {}, signal?: AbortSignal) =>
  request<R>('POST', path, body, signal ? { signal } : {});
const id = encodeURIComponent;
const query = (values: { [name: string]: string | number | undefined }) => {
  const parts = Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${id(String(value))}`],
  );
  return parts.length ? `?${parts.join('&')}` : '';
};

/** Every call the editor makes, one line each. Throws `ApiError`. */
export const api = {
  login: (token: string) => post<void>('/api/session', { token }),
  session: () => get<{ user: { name: string; role: string } }>('/api/session'),
  logout: () => request<void>('DELETE', '/api/session'),
  catalogue: () => get<{ operators: T.Manifest[] }>('/api/catalogue'),
  validate: (graph: GraphDocument, signal?: AbortSignal) => post<T.Validation>('/api/validate', { graph }, signal),
  workflows: () => get<{ workflows: T.WorkflowListItem[] }>('/api/workflows'),
  createWorkflow: (body: { name?: string; graph?: GraphDocument; template?: string }) =>
    post<T.Workflow>('/api/workflows', body),
  workflow: (workflow: string) => get<T.Workflow>(`/api/workflows/${id(workflow)}`),
  saveWorkflow: (workflow: string, revision: number, graph: GraphDocument) =>
    request<{ revision: number; updatedAt: number | string }>('PUT', `/api/workflows/${id(workflow)}`, {
      revision,
      graph,
    }),
  deleteWorkflow: (workflow: string, confirm?: string) =>
    request<void>('DELETE', `/api/workflows/${id(workflow)}${query({ confirm })}`),
  plan: (workflow: string, revision: number) =>
    post<T.PublishPlan>(`/api/workflows/${id(workflow)}/plan`, { revision }),
  publish: (workflow: string, revision: number, acceptStateLoss: string[]) =>
    post<{ version: number; run: T.RunSummary }>(`/api/workflows/${id(workflow)}/publish`, {
      revision,
      ...(acceptStateLoss.length ? { acceptStateLoss } : {}),
    }),
  versions: (workflow: string) => get<{ versions: T.Version[] }>(`/api/workflows/${id(workflow)}/versions`),
  runs: () => get<{ runs: T.RunSummary[] }>('/api/runs'),
  run: (run: string) => get<T.RunSummary>(`/api/runs/${id(run)}`),
  runAction: (run: string, action: 'pause' | 'resume' | 'finish' | 'kill' | 'savepoint') =>
    post<T.RunSummary | undefined>(`/api/runs/${id(run)}/${action}`),
  rescale: (run: string, nodes: { [node: string]: number }) => post<unknown>(`/api/runs/${id(run)}/rescale`, { nodes }),
  metrics: (run: string, since?: number, step: 1 | 60 = 1) =>
    get<{ samples: T.MetricsSample[] }>(`/api/runs/${id(run)}/metrics${query({ since, step })}`),
  edgeSample: (run: string, edge: string, limit = 50) =>
    get<{ records: T.SampleRecord[] }>(`/api/runs/${id(run)}/edges/${id(edge)}/sample${query({ limit })}`),
  deadLetters: (run: string, cursor?: string, limit = 100) =>
    get<{ letters: T.DeadLetter[]; next?: string }>(`/api/runs/${id(run)}/dead-letters${query({ limit, cursor })}`),
  replay: (run: string, ids: string[]) =>
    post<{ replayed: number }>(`/api/runs/${id(run)}/dead-letters/replay`, { ids }),
  views: () => get<{ views: T.ViewSummary[] }>('/api/views'),
  view: (name: string, options: { limit?: number; sort?: string; desc?: 1 } = {}) =>
    get<T.ViewPage>(`/api/views/${id(name)}${query(options)}`),
  templates: () => get<{ templates: T.Template[] }>('/api/templates'),
  checkExpression: (
    body: { expression: string; type: T.RecordType | null; returns?: string; samples?: T.Value[] },
    signal?: AbortSignal,
  ) => post<T.ExpressionCheck>('/api/expressions/check', body, signal),
  sampleSource: (operator: string, config: T.Value) =>
    post<{ values: T.Value[]; type: T.RecordType }>('/api/samples', { operator, config }),
  connections: () => get<{ connections: T.Connection[]; kinds: T.ConnectionKind[] }>('/api/connections'),
  createConnection: (body: { name: string; kind: string; url: string }) => post<T.Connection>('/api/connections', body),
  replaceConnection: (name: string, url: string) =>
    request<T.Connection>('PUT', `/api/connections/${id(name)}`, { url }),
  deleteConnection: (name: string) => request<void>('DELETE', `/api/connections/${id(name)}`),
  testConnection: (name: string) => post<T.ConnectionOutcome>(`/api/connections/${id(name)}/test`),
  testAddress: (body: { kind: string; url: string; name?: string }) =>
    post<T.ConnectionOutcome>('/api/connections/test', body),
  liveTicket: () => post<{ ticket: string }>('/api/live-ticket'),
};
