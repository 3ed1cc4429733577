import { Decimal, type MillraceError, type Value } from '@millrace/sdk';
import { charge, checkLength } from './budget.js';
import { expressionError } from './errors.js';
import { FUNCTIONS, suggestFunction } from './functions/index.js';
import { type Call, type FunctionSpec, type Implementation, type ParamKind, signatureOf } from './functions/spec.js';
import type { Evaluate, Scope } from './scope.js';
import type { CallNode } from './tree.js';
import { kindOf } from './values.js';

/** The function of a call. Throws `EXPRESSION_FUNCTION_UNKNOWN` or `EXPRESSION_ARGUMENTS` (too few, too many). */
export function functionOf(node: CallNode, source: string): FunctionSpec {
  const spec = FUNCTIONS.get(node.name);
  if (!spec) {
    const suggestion = suggestFunction(node.name);
    throw expressionError(
      'EXPRESSION_FUNCTION_UNKNOWN',
      `There is no function "${node.name}"`,
      source,
      node.nameAt,
      { function: node.name, ...(suggestion === undefined ? {} : { suggestion }) },
      suggestion === undefined ? undefined : `Did you mean ${suggestion}?`,
    );
  }
  const required = spec.params.filter((param) => !param.optional).length;
  const count = node.args.length;
  if (count < required || (count > spec.params.length && !spec.rest)) {
    const signature = signatureOf(spec);
    throw expressionError('EXPRESSION_ARGUMENTS', `${spec.name} is used as ${signature}`, source, node, {
      function: spec.name,
      signature,
      count,
    });
  }
  if (spec.name === 'has' && !isPath(node)) {
    throw expressionError('EXPRESSION_ARGUMENTS', 'has takes the name of a field', source, node, {
      function: 'has',
      signature: 'has(field)',
      count,
    });
  }
  return spec;
}

function isPath(node: CallNode): boolean {
  const op = node.args[0]?.op;
  return op === 'field' || op === 'member' || op === 'index' || op === 'variable' || op === 'meta';
}

/** The function ready for one call site: literals checked, patterns compiled. */
export function prepareCall(node: CallNode, spec: FunctionSpec, scope: Scope): Implementation {
  const call: Call = {
    source: scope.source,
    zone: scope.zone,
    args: node.args.length,
    literal: (index) => {
      const arg = node.args[index];
      return arg?.op === 'literal' ? arg.value : undefined;
    },
    error: (index, code, message, params, hint) =>
      expressionError(code, message, scope.source, node.args[index] ?? node, { function: node.name, ...params }, hint),
    read: (text) => charge(1 + (text.length >> 6), scope.source, node),
    length: (what, length) => checkLength(what, length, scope.source, node),
  };
  return spec.prepare(call);
}

const TESTS: { readonly [kind in ParamKind]: (value: Value) => boolean } = {
  text: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number' || value instanceof Decimal,
  boolean: (value) => typeof value === 'boolean',
  list: (value) => Array.isArray(value),
  object: (value) => kindOf(value) === 'object',
  any: () => true,
  moment: (value) => typeof value === 'number' || typeof value === 'string' || value instanceof Decimal,
};

function testOf(kinds: readonly ParamKind[]): (value: Value) => boolean {
  if (kinds.length === 1) return TESTS[kinds[0]!];
  return (value) => kinds.some((kind) => TESTS[kind](value));
}

export function compileCall(node: CallNode, args: readonly Evaluate[], scope: Scope): Evaluate {
  const spec = functionOf(node, scope.source);
  const run = prepareCall(node, spec, scope);
  const tests = args.map((_, i) => testOf((spec.params[i] ?? spec.params.at(-1)!).kinds));
  const wrong = (index: number, actual: Value): MillraceError => {
    const expected = (spec.params[index] ?? spec.params.at(-1)!).kinds.join('|');
    const kind = kindOf(actual);
    const hint =
      expected === 'text' && kind === 'number'
        ? 'Convert it with text(x).'
        : expected === 'number' && kind === 'text'
          ? 'Convert it with number(x).'
          : undefined;
    return expressionError(
      'EXPRESSION_TYPE',
      `${spec.name} needs ${expected.replace('moment', 'a time')} here, not ${kind}`,
      scope.source,
      node.args[index] ?? node,
      { operator: spec.name, expected, actual: kind },
      hint,
    );
  };
  const nulls = spec.acceptsNull === true;
  if (args.length === 1) {
    const first = args[0]!;
    const fits = tests[0]!;
    return (value, record) => {
      const a = first(value, record);
      if (a === null && !nulls) return null;
      if (!fits(a) && a !== null) throw wrong(0, a);
      return run(a);
    };
  }
  if (args.length === 2) {
    const [first, second] = args as [Evaluate, Evaluate];
    const [fitsFirst, fitsSecond] = tests as [(value: Value) => boolean, (value: Value) => boolean];
    return (value, record) => {
      const a = first(value, record);
      if (a === null && !nulls) return null;
      if (!fitsFirst(a) && a !== null) throw wrong(0, a);
      const b = second(value, record);
      if (b === null && !nulls) return null;
      if (!fitsSecond(b) && b !== null) throw wrong(1, b);
      return run(a, b);
    };
  }
  return (value, record) => {
    const values: Value[] = [];
    for (let i = 0; i < args.length; i++) {
      const a = args[i]!(value, record);
      if (a === null && !nulls) return null;
      if (a !== null && !tests[i]!(a)) throw wrong(i, a);
      values.push(a);
    }
    return run(...values);
  };
}
