// What all adapters use: operators by their type, run by hand.
import { coreOperators } from '@millrace/core';
import { compileExpression } from '@millrace/graph';
import { runOperator } from '@millrace/sdk/testing';

/** What a case asks for is not offered by an operator's config. */
export class NotOffered extends Error {}

/** @param {string} type */
export function operator(type) {
  const spec = coreOperators.find((one) => one.type === type);
  if (spec === undefined) throw new NotOffered(`there is no operator ${type}`);
  return /** @type {import('@millrace/sdk').OperatorSpec<any, any>} */ (spec);
}

/** True if the config of an operator has a property of that name. @param {string} type @param {string} property */
export function offers(type, property) {
  return Object.hasOwn(/** @type {any} */ (operator(type).config).properties ?? {}, property);
}

/**
 * Runs an operator by hand. A config that its own rules refuse is an error, as it is for a person who draws a graph.
 * @param {string} type
 * @param {any} config
 * @param {import('@millrace/sdk/testing').HarnessOptions} [options]
 */
export function start(type, config, options = {}) {
  const spec = operator(type);
  for (const name of Object.keys(config)) {
    if (!offers(type, name)) throw new NotOffered(`${type} has no setting "${name}"`);
  }
  const refused = (spec.lint?.(config) ?? []).find((/** @type {any} */ found) => found.severity !== 'warning');
  if (refused !== undefined) throw new NotOffered(`${type} refuses this: ${refused.message}`);
  return runOperator(spec, config, { compile: (text) => compileExpression(text), ...options });
}

/** Throws the first error of a record or timer that failed. @param {import('@millrace/sdk/testing').OperatorHarness} harness */
export function checkAlive(harness) {
  const [dead] = harness.dead;
  if (dead !== undefined) throw dead.error;
}

/**
 * Hands out what is new on a port since the last call.
 * @param {import('@millrace/sdk/testing').OperatorHarness} harness
 * @param {string} [port]
 */
export function reader(harness, port) {
  let seen = 0;
  return () => {
    checkAlive(harness);
    const records = harness.records(port);
    const fresh = records.slice(seen);
    seen = records.length;
    return fresh;
  };
}
