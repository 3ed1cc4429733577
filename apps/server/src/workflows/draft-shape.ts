import { type Finding, isReservedId } from '@millrace/graph';

const TOP = new Set(['schema', 'name', 'description', 'settings', 'nodes', 'edges', 'groups']);
const NODE = new Set([
  ...['id', 'operator', 'version', 'label', 'config', 'parallelism', 'onError', 'position', 'note', 'disabled'],
]);
const GROUP = new Set(['id', 'label', 'nodes']);
const EDGE = new Set(['id', 'source', 'sourceHandle', 'target', 'targetHandle']);

/**
 * What keeps a draft from being stored: shapes an editor could not open or draw again. Whether the graph makes sense is the
 * validator's to say, when it is published.
 */
export function draftProblem(graph: unknown): Finding | undefined {
  if (!isObject(graph)) return problem('DOCUMENT_NOT_OBJECT', '');
  const unknown = Object.keys(graph).find((name) => !TOP.has(name));
  if (unknown !== undefined) return problem('UNKNOWN_PROPERTY', `/${unknown}`, { property: unknown });
  if (graph.schema !== 1) return problem('SCHEMA_INVALID', '/schema', { current: 1 });
  if (typeof graph.name !== 'string' || graph.name.trim() === '' || graph.name.length > 200)
    return problem('NAME_INVALID', '/name');
  if (graph.description !== undefined && typeof graph.description !== 'string')
    return problem('DESCRIPTION_INVALID', '/description');
  if (graph.settings !== undefined && !isObject(graph.settings)) return problem('SETTINGS_INVALID', '/settings');
  if (!Array.isArray(graph.nodes)) return problem('NODES_INVALID', '/nodes');
  if (!Array.isArray(graph.edges)) return problem('EDGES_INVALID', '/edges');
  if (graph.groups !== undefined && !areGroups(graph.groups)) return problem('GROUPS_INVALID', '/groups');
  const ids = new Set<string>();
  for (const [i, node] of graph.nodes.entries()) {
    const found = nodeProblem(node, `/nodes/${i}`, ids);
    if (found !== undefined) return found;
  }
  for (const [i, edge] of graph.edges.entries()) {
    const found = edgeProblem(edge, `/edges/${i}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function areGroups(groups: unknown): boolean {
  return (
    Array.isArray(groups) &&
    groups.every(
      (group) =>
        isObject(group) &&
        Object.keys(group).every((name) => GROUP.has(name)) &&
        typeof group.id === 'string' &&
        typeof group.label === 'string' &&
        Array.isArray(group.nodes) &&
        group.nodes.every((id) => typeof id === 'string'),
    )
  );
}

function nodeProblem(node: unknown, path: string, ids: Set<string>): Finding | undefined {
  if (!isObject(node)) return problem('NODE_INVALID', path);
  const unknown = Object.keys(node).find((name) => !NODE.has(name));
  if (unknown !== undefined) return problem('UNKNOWN_PROPERTY', `${path}/${unknown}`, { property: unknown });
  const { id, operator, position, config } = node;
  if (typeof id !== 'string' || !/^[A-Za-z0-9_-]{1,64}$/.test(id)) return problem('NODE_ID_INVALID', `${path}/id`);
  if (isReservedId(id)) return problem('NODE_ID_RESERVED', `${path}/id`, { id });
  if (ids.has(id)) return problem('NODE_ID_DUPLICATE', `${path}/id`, { id });
  ids.add(id);
  if (typeof operator !== 'string' || operator.length > 128) return problem('OPERATOR_INVALID', `${path}/operator`);
  if (config !== undefined && !isObject(config)) return problem('CONFIG_INVALID', `${path}/config`);
  if (position === undefined) return undefined;
  const drawable =
    isObject(position) && [position.x, position.y].every((at) => typeof at === 'number' && Number.isFinite(at));
  return drawable ? undefined : problem('POSITION_INVALID', `${path}/position`);
}

function edgeProblem(edge: unknown, path: string): Finding | undefined {
  if (!isObject(edge)) return problem('EDGE_INVALID', path);
  const unknown = Object.keys(edge).find((name) => !EDGE.has(name));
  if (unknown !== undefined) return problem('UNKNOWN_PROPERTY', `${path}/${unknown}`, { property: unknown });
  const texts = ['id', 'source', 'target'].every(
    (name) => typeof edge[name] === 'string' && (edge[name] as string).length <= 300,
  );
  return texts ? undefined : problem('EDGE_INVALID', path);
}

function isObject(value: unknown): value is { [name: string]: unknown } {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function problem(code: string, path: string, params: Finding['params'] = {}): Finding {
  return { code, severity: 'error', params, path };
}
