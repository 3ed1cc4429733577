import type { PortSpec } from '@millrace/sdk';
import type { Draft, DraftEdge, DraftNode } from './draft.js';
import { isSourceNode } from './operators.js';

type PortMap = ReadonlyMap<string, PortSpec>;

/** Edges against the ports they name, and the inputs that must be linked. */
export function checkPorts(draft: Draft): void {
  for (const edge of draft.edges) {
    const fromOk = checkEnd(draft, edge, 'source');
    const toOk = checkEnd(draft, edge, 'target');
    edge.ok = fromOk && toOk;
  }
  for (const node of draft.nodes) {
    if (node.duplicate) continue;
    checkTaken(draft, node);
    checkLinked(draft, node);
    checkUnused(draft, node);
  }
}

/** The port an edge means where it names none: `out` or `in`, else the only main port there is. */
function meant(handle: string, named: boolean, ports: PortMap): string {
  if (named || ports.has(handle)) return handle;
  const main = [...ports].filter(([, port]) => !port.side);
  return main.length === 1 ? main[0]![0] : handle;
}

function checkEnd({ report }: Draft, edge: DraftEdge, end: 'source' | 'target'): boolean {
  const node = end === 'source' ? edge.from : edge.to;
  const ports = end === 'source' ? node.outputs : node.inputs;
  if (!ports) return false;
  const key = end === 'source' ? 'sourceHandle' : 'targetHandle';
  const handle = meant(edge[key], edge.edge[key] !== undefined, ports);
  edge[key] = handle;
  if (ports.has(handle)) return true;
  const at = { edgeId: edge.edge.id, nodeId: node.node.id };
  const params = { edge: edge.edge.id, node: node.node.id, operator: node.node.operator };
  if (ports.size === 0) {
    const code =
      end === 'target' && isSourceNode(node)
        ? 'EDGE_INTO_SOURCE'
        : end === 'source'
          ? 'EDGE_OUT_OF_SINK'
          : 'PORT_UNKNOWN';
    report.add(code, {
      params: { ...params, port: handle, ports: [] },
      path: edge.path,
      ...at,
      fix: { code: 'REMOVE', path: edge.path },
    });
    return false;
  }
  const names = [...ports.keys()];
  const suggestion = names.length === 1 ? names[0] : report.suggest(handle, names);
  report.add('PORT_UNKNOWN', {
    params: {
      ...params,
      port: handle,
      end: end === 'source' ? 'output' : 'input',
      ports: names,
      ...(suggestion === undefined ? {} : { suggestion }),
    },
    path: `${edge.path}/${key}`,
    ...at,
    ...(suggestion === undefined ? {} : { fix: { code: 'SET', path: `${edge.path}/${key}`, value: suggestion } }),
  });
  return false;
}

function checkTaken({ report }: Draft, node: DraftNode): void {
  const taken = new Map<string, DraftEdge>();
  for (const edge of node.incoming) {
    const port = node.inputs?.get(edge.targetHandle);
    if (!port || port.many) continue;
    const first = taken.get(edge.targetHandle);
    if (!first) taken.set(edge.targetHandle, edge);
    else {
      report.add('PORT_TAKEN', {
        params: { node: node.node.id, port: edge.targetHandle, first: first.from.node.id, second: edge.from.node.id },
        path: edge.path,
        nodeId: node.node.id,
        edgeId: edge.edge.id,
      });
    }
  }
}

function checkLinked({ report }: Draft, node: DraftNode): void {
  for (const [name, port] of node.inputs ?? []) {
    if (port.required === false || node.incoming.some((edge) => edge.targetHandle === name)) continue;
    report.add('PORT_NOT_LINKED', {
      params: { node: node.node.id, port: name, title: port.title ?? name, inputs: node.inputs!.size },
      path: node.path,
      nodeId: node.node.id,
    });
  }
}

/** Work whose result nobody reads is nearly always a forgotten link. */
function checkUnused({ report }: Draft, node: DraftNode): void {
  if (!node.outputs || node.outputs.size === 0 || node.outgoing.length > 0) return;
  report.add('NODE_OUTPUT_UNUSED', {
    severity: 'warning',
    params: { node: node.node.id, ports: [...node.outputs.keys()] },
    path: node.path,
    nodeId: node.node.id,
  });
}
