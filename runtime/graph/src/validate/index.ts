import type { Catalogue } from '@millrace/sdk';
import type { CheckedGraph, GraphDocument, ValidationResult } from '../document.js';
import { checkLimits, copyJson } from '../limits.js';
import { upgradeDocument } from '../upgrade.js';
import { bypassDisabled } from './disabled.js';
import { checkSettings, checkShape } from './document-shape.js';
import type { Draft } from './draft.js';
import { checkConfigFields } from './fields.js';
import { type Flows, propagate } from './flow.js';
import { makeDraft } from './ids.js';
import { checkOperators } from './operators.js';
import { checkCycles } from './order.js';
import { checkPaths } from './paths.js';
import { checkPorts } from './ports.js';
import { Report } from './report.js';
import { checkStreams } from './streams.js';

/**
 * Checks a graph: size limits, document schema, then every rule about nodes, configs, edges, cycles, record types and expressions. All
 * problems are reported at once. `graph` is there when none of them is an error: defaults filled in, configs upgraded, handles explicit.
 * The value is not changed.
 */
export function validateGraph(value: unknown, catalogue: Catalogue): ValidationResult {
  const report = new Report();
  const limits = checkLimits(value);
  if (limits.length > 0) return { findings: limits };
  const upgraded = upgradeDocument(copyJson(value));
  if (upgraded.value === undefined) return { findings: upgraded.findings };
  const document: GraphDocument = upgraded.value;
  checkShape(document, report);
  checkSettings(document, report);
  const draft = makeDraft(document, catalogue, report);
  bypassDisabled(draft);
  checkOperators(draft);
  checkPorts(draft);
  checkCycles(draft);
  checkPaths(draft);
  const flows = propagate(draft, (node, arriving, leaving) => checkConfigFields(draft, node, arriving, leaving));
  for (const node of draft.order) checkStreams(draft, node, flows);
  // What goes round in a cycle has no known type, but its expressions can still be read.
  const ordered = new Set(draft.order);
  for (const node of draft.nodes)
    if (!ordered.has(node)) checkConfigFields(draft, node, { types: {}, modes: {} }, new Map());
  if (report.hasErrors) return { findings: report.findings };
  return { findings: report.findings, graph: checkedGraph(draft, flows) };
}

function checkedGraph(draft: Draft, flows: Flows): CheckedGraph {
  const { document } = draft;
  return {
    document: {
      ...document,
      nodes: draft.nodes.map(({ node, spec, config }) => ({ ...node, version: spec!.version, config })),
      edges: draft.edges.map(({ edge, sourceHandle, targetHandle }) => ({ ...edge, sourceHandle, targetHandle })),
    },
    order: draft.order.map(({ node }) => node.id),
    outputs: flows,
  };
}
