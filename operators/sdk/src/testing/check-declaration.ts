import { Errors } from 'typebox/value';
import { type AnyOperator, type Example, isSource, type OperatorSpec, outputPorts, type Ports } from '../operator.js';
import type { OutputMode, RecordType } from '../types.js';
import { withDefaults } from './plain-data.js';

const TYPE = /^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)+$/;
const PORT = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;

/** What is wrong with a declaration before anything runs, one sentence each. */
export function checkDeclaration(spec: AnyOperator): string[] {
  const found: string[] = [];
  if (!TYPE.test(spec.type)) found.push(`the type "${spec.type}" is not of the form namespace.name in lower case`);
  if (!Number.isInteger(spec.version) || spec.version < 1)
    found.push(`the version ${spec.version} is not a whole number from 1`);
  if (spec.docs.title.trim() === '') found.push('docs.title is empty');
  if (!spec.docs.summary.trim().endsWith('.')) found.push('docs.summary is not a sentence (it has no full stop)');
  if ((spec.config as { type?: unknown }).type !== 'object') found.push('config is not an object schema');
  for (let v = 1; v < spec.version; v++) {
    if (spec.upgrade?.[v] === undefined) found.push(`upgrade has no step from version ${v} to ${v + 1}`);
  }
  if (spec.examples.length === 0) found.push('there is no example');
  for (const example of spec.examples as readonly Example[]) {
    for (const problem of checkConfig(spec, example)) found.push(`"${example.title}": ${problem}`);
  }
  return found;
}

function checkConfig(spec: AnyOperator, example: Example): string[] {
  const config = withDefaults(spec.config, structuredClone(example.config));
  const schemaErrors = Errors(spec.config, config);
  if (schemaErrors.length > 0) return schemaErrors.map((error) => `config${error.instancePath} ${error.message}`);
  const found: string[] = [];
  try {
    for (const finding of spec.lint?.(config) ?? []) {
      if ((finding.severity ?? 'error') === 'error')
        found.push(`lint: ${finding.message} (${finding.code} at ${finding.path})`);
    }
    if (spec.summary?.(config).trim() === '') found.push('summary() is empty');
    const ports = outputPorts(spec, config);
    for (const port of Object.keys(ports)) if (!PORT.test(port)) found.push(`"${port}" is not a port name`);
    checkFlow(spec, config, ports, found);
  } catch (thrown) {
    found.push(`the declaration threw: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
  return found;
}

/** `mode`, `fields` and `key` must work with nothing known, and speak of real ports. */
function checkFlow(spec: AnyOperator, config: unknown, ports: Ports, found: string[]): void {
  const unknownPorts = (what: string, result: object) => {
    for (const port of Object.keys(result))
      if (!Object.hasOwn(ports, port)) found.push(`${what} speaks of the port "${port}", which is none`);
  };
  if (isSource(spec)) {
    if (spec.mode) unknownPorts('mode()', spec.mode(config as never));
    if (spec.fields) unknownPorts('fields()', spec.fields(config as never));
    return;
  }
  const modes: { [port: string]: OutputMode } = {};
  const types: { [port: string]: RecordType | undefined } = {};
  for (const port of Object.keys(spec.inputs)) {
    modes[port] = { mode: 'append' };
    types[port] = undefined;
  }
  if (spec.mode) unknownPorts('mode()', spec.mode(config as never, modes));
  if (spec.fields) unknownPorts('fields()', spec.fields(config as never, types));
  checkKey(spec, config, found);
}

function checkKey(spec: OperatorSpec, config: unknown, found: string[]): void {
  const byKey = spec.traits?.partitioning === 'by-key';
  if (byKey !== (spec.key !== undefined)) {
    found.push(byKey ? 'traits say by-key, and there is no key()' : 'there is a key(), and traits do not say by-key');
  }
  for (const port of Object.keys(spec.inputs)) {
    if (spec.key && !spec.key(config as never, port).every((part) => typeof part === 'string'))
      found.push(`key() of port "${port}" is not a list of texts`);
  }
}
