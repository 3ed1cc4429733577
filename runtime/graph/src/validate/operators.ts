import { type AnyOperator, inputPorts, isSource, outputPorts, type Ports, type Value } from '@millrace/sdk';
import { type CompiledSchema, compileSchema } from '../ajv.js';
import { copyJson } from '../limits.js';
import { ask, configPath, type Draft, type DraftNode } from './draft.js';
import { explainErrors } from './schema-errors.js';
import { fillDefaults } from './walk.js';

/** Each node's operator, version, config and ports. */
export function checkOperators(draft: Draft): void {
  const types = draft.catalogue.list().map((spec) => spec.type);
  for (const node of draft.nodes) {
    const spec = draft.catalogue.get(node.node.operator);
    if (spec) checkNode(draft, node, spec);
    else reportUnknown(draft, node, types);
  }
}

function reportUnknown({ report }: Draft, { node, path }: DraftNode, types: readonly string[]): void {
  const suggestion = report.suggest(node.operator, types);
  report.add('OPERATOR_UNKNOWN', {
    params: { operator: node.operator.slice(0, 128), ...(suggestion === undefined ? {} : { suggestion }) },
    path: `${path}/operator`,
    nodeId: node.id,
    ...(suggestion === undefined ? {} : { fix: { code: 'SET', path: `${path}/operator`, value: suggestion } }),
  });
}

function checkNode(draft: Draft, node: DraftNode, spec: AnyOperator): void {
  const { report } = draft;
  const nodeId = node.node.id;
  node.spec = spec;
  const schema = schemaOf(draft, node, spec);
  const upgraded = upgradeConfig(draft, node, spec);
  const before = report.errors;
  if (schema && upgraded) {
    const config = copyJson(node.config);
    if (isPlain(config)) fillDefaults(schema.schema, config);
    node.config = config;
    for (const found of explainErrors(schema.check(config), 'CONFIG', report.suggest)) {
      report.add(found.code, {
        ...found,
        path: configPath(node, found.path),
        nodeId,
        ...(found.fix ? { fix: { ...found.fix, path: configPath(node, found.fix.path) } } : {}),
      });
    }
    node.configOk = report.errors === before;
    if (node.configOk) runLint(draft, node, spec);
  }
  checkPortSpecs(draft, node, spec);
  checkParallelism(draft, node, spec);
}

/** Ports that a config names are known only when the config is sound; fixed ones always. */
function checkPortSpecs({ report }: Draft, node: DraftNode, spec: AnyOperator): void {
  const inputs = ask(node, report, 'inputs', () => portMap(inputPorts(spec)));
  if (inputs) node.inputs = inputs;
  if (typeof spec.outputs === 'function' && !node.configOk) return;
  const outputs = ask(node, report, 'outputs', () => portMap(outputPorts(spec, node.config)));
  if (outputs) node.outputs = outputs;
}

function isPlain(value: Value): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function portMap(ports: Ports): ReadonlyMap<string, Ports[string]> {
  return new Map(Object.entries(ports));
}

function schemaOf({ report }: Draft, node: DraftNode, spec: AnyOperator): CompiledSchema | undefined {
  try {
    return compileSchema(spec.config);
  } catch (error) {
    report.add('OPERATOR_SCHEMA_INVALID', {
      params: { operator: spec.type, reason: (error as Error).message.slice(0, 300) },
      path: node.path,
      nodeId: node.node.id,
    });
    return undefined;
  }
}

/** Runs the operator's upgrade steps on an older config. A config of a newer operator is refused. */
function upgradeConfig({ report }: Draft, draft: DraftNode, spec: AnyOperator): boolean {
  const { node } = draft;
  const version = typeof node.version === 'number' ? node.version : spec.version;
  if (version > spec.version) {
    report.add('OPERATOR_VERSION', {
      params: { operator: spec.type, version, current: spec.version },
      path: `${draft.path}/version`,
      nodeId: node.id,
    });
    return false;
  }
  for (let from = version; from < spec.version; from++) {
    const upgrade = spec.upgrade?.[from];
    const config: Value = upgrade ? ask(draft, report, 'upgrade', () => upgrade(copyJson(draft.config))) : undefined;
    if (!upgrade) {
      report.add('OPERATOR_UPGRADE_MISSING', {
        params: { operator: spec.type, version: from, current: spec.version },
        path: `${draft.path}/version`,
        nodeId: node.id,
      });
    }
    if (config === undefined) return false;
    draft.config = config;
  }
  return true;
}

/** The operator's own cross-field rules, on configs that fit the schema. */
function runLint({ report }: Draft, draft: DraftNode, spec: AnyOperator): void {
  const found = ask(draft, report, 'lint', () => [...(spec.lint?.(draft.config) ?? [])]) ?? [];
  for (const { code, params, path, severity = 'error', message } of found) {
    report.add(code, {
      severity,
      params: { ...params, message },
      path: configPath(draft, path),
      nodeId: draft.node.id,
    });
    if (severity === 'error') draft.configOk = false;
  }
}

function checkParallelism({ report }: Draft, { node, path }: DraftNode, spec: AnyOperator): void {
  if (spec.traits?.parallelism !== 'single' || typeof node.parallelism !== 'number' || node.parallelism <= 1) return;
  report.add('PARALLELISM_SINGLE', {
    severity: 'warning',
    params: { operator: spec.type, title: spec.docs.title, parallelism: node.parallelism },
    path: `${path}/parallelism`,
    nodeId: node.id,
    fix: { code: 'SET', path: `${path}/parallelism`, value: 1 },
  });
}

/** True for nodes that begin a graph. */
export function isSourceNode(node: DraftNode): boolean {
  return node.spec !== undefined && isSource(node.spec);
}
