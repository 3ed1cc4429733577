import { type ASTNode as CelNode, Environment, ParseError } from '@marcbachmann/cel-js';
import { MillraceError } from '@millrace/sdk';
import { expressionError } from './errors.js';
import { type Quoted, quoteNames } from './quote.js';
import { syntaxError } from './syntax.js';
import type { CallNode, ExpressionNode, MacroName, MetaName, Span } from './tree.js';

/** Longest expression, characters. */
export const MAX_EXPRESSION = 2000;
/** Deepest nesting of brackets, calls and operators. A chain `a && b && c …` counts once. */
export const MAX_DEPTH = 64;
/** Most macros (`exists`, `map` …) inside one another. */
export const MAX_MACROS = 3;

/** Names that never reach an object, as a field, a member, a literal index or a macro variable. */
export const FORBIDDEN: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Names that stand for the record itself. A field of that name is `_value['_time']`. */
export const META_NAMES: ReadonlySet<string> = new Set<MetaName>(['_time', '_key', '_born', '_op', '_value']);
const MACROS: ReadonlySet<string> = new Set<MacroName>(['exists', 'exists_one', 'all', 'map', 'filter']);

// Only its parser is used; evaluation is ours. Its depth counts every `? :` of a chain, ours does not, so it may go further.
const cel = new Environment({
  limits: {
    maxDepth: 250,
    maxAstNodes: MAX_EXPRESSION,
    maxListElements: 1000,
    maxMapEntries: 200,
    maxCallArguments: 32,
  },
});

const cache = new Map<string, ExpressionNode | MillraceError>();
const CACHE_SIZE = 2000;

/**
 * The syntax tree of an expression. Throws MillraceError `EXPRESSION_SYNTAX`, `EXPRESSION_EMPTY`, `EXPRESSION_TOO_LONG`, `EXPRESSION_TOO_DEEP`,
 * `EXPRESSION_NAME_FORBIDDEN` or `EXPRESSION_NUMBER` with the position. Answers are cached.
 */
export function parseExpression(source: string): ExpressionNode {
  let known = cache.get(source);
  if (known === undefined) {
    if (cache.size >= CACHE_SIZE) cache.clear();
    try {
      known = parseFresh(source);
    } catch (error) {
      if (!(error instanceof MillraceError)) throw error;
      known = error;
    }
    if (source.length <= MAX_EXPRESSION) cache.set(source, known);
  }
  if (known instanceof MillraceError) throw known;
  return known;
}

function parseFresh(source: string): ExpressionNode {
  if (source.length > MAX_EXPRESSION) {
    throw expressionError(
      'EXPRESSION_TOO_LONG',
      `An expression may have ${MAX_EXPRESSION} characters; this one has ${source.length}`,
      source.slice(0, 200),
      { from: 0, to: 0 },
      { length: source.length, limit: MAX_EXPRESSION },
      'Split it over two nodes: compute a field first, then use it.',
    );
  }
  if (source.trim() === '') {
    throw expressionError('EXPRESSION_EMPTY', 'The expression is empty', source, { from: 0, to: 0 });
  }
  const quoted = quoteNames(source);
  let root: CelNode;
  try {
    root = cel.parse(quoted.text).ast;
  } catch (error) {
    if (error instanceof ParseError) throw syntaxError(source, quoted, error);
    throw error;
  }
  return new Converter(source, quoted).convert(root, 0);
}

/** Turns the parser's tree into ours: real names, plain numbers, macros with their variables resolved. */
class Converter {
  private readonly scope: string[] = [];

  constructor(
    private readonly source: string,
    private readonly quoted: Quoted,
  ) {}

  convert(node: CelNode, depth: number): ExpressionNode {
    const span = this.spanOf(node);
    if (depth > MAX_DEPTH) {
      throw expressionError('EXPRESSION_TOO_DEEP', 'The expression is nested too deeply', this.source, span, {
        limit: MAX_DEPTH,
      });
    }
    const below = depth + 1;
    switch (node.op) {
      case 'value':
        return { op: 'literal', value: this.literal(node.args, span), ...span };
      case 'id':
        return this.identifier(this.name(node.args, span), span);
      case '.':
        return {
          op: 'member',
          target: this.convert(node.args[0], below),
          name: this.name(node.args[1], span),
          ...span,
        };
      case '[]':
        return this.index(this.convert(node.args[0], below), this.convert(node.args[1], below), span);
      case 'call':
        return this.call(node.args[0], node.args[1], false, span, span.from, below);
      case 'rcall': {
        const [name, target, args] = node.args;
        const macro = this.macro(name, target, args, span, below);
        if (macro) return macro;
        // The name stands after the last dot before its bracket; the receiver ends before it.
        const nameAt = this.source.indexOf(this.quoted.nameOf(name), this.quoted.original(target.end));
        return this.call(name, [target, ...args], true, span, nameAt, below);
      }
      case 'list':
        return { op: 'list', items: node.args.map((item) => this.convert(item, below)), ...span };
      case 'map':
        return {
          op: 'map',
          entries: node.args.map(([key, value]) => [this.convert(key, below), this.convert(value, below)] as const),
          ...span,
        };
      case '!_':
        return { op: 'not', operand: this.convert(node.args, below), ...span };
      case '-_': {
        const operand = this.convert(node.args, below);
        if (operand.op === 'literal' && typeof operand.value === 'number')
          return { ...operand, value: 0 - operand.value, ...span };
        return { op: 'negate', operand, ...span };
      }
      case '?:': {
        const [test, yes, no] = node.args;
        return {
          op: 'conditional',
          test: this.convert(test, below),
          yes: this.convert(yes, below),
          no: this.convert(no, chain(node, no) ? depth : below),
          ...span,
        };
      }
      case '&&':
      case '||':
        return { op: node.op === '&&' ? 'and' : 'or', ...this.pair(node, depth), ...span };
      case 'in':
        return { op: 'in', ...this.pair(node, depth), ...span };
      case '==':
      case '!=':
      case '<':
      case '<=':
      case '>':
      case '>=':
        return { op: 'compare', operator: node.op, ...this.pair(node, depth), ...span };
      case '+':
      case '-':
      case '*':
      case '/':
      case '%':
        return { op: 'arithmetic', operator: node.op, ...this.pair(node, depth), ...span };
      default:
        throw expressionError('EXPRESSION_SYNTAX', `"${node.op}" is not part of the language`, this.source, span, {
          reason: 'unexpected',
          found: node.op,
        });
    }
  }

  private pair(node: { op: string; args: [CelNode, CelNode] }, depth: number) {
    const [left, right] = node.args;
    return { left: this.convert(left, chain(node, left) ? depth : depth + 1), right: this.convert(right, depth + 1) };
  }

  private spanOf(node: CelNode): Span {
    return { from: this.quoted.original(node.start), to: this.quoted.original(node.end) };
  }

  private name(identifier: string, span: Span): string {
    const name = this.quoted.nameOf(identifier);
    if (FORBIDDEN.has(name)) {
      throw expressionError('EXPRESSION_NAME_FORBIDDEN', `The name "${name}" cannot be used`, this.source, span, {
        name,
      });
    }
    return name;
  }

  private identifier(name: string, span: Span): ExpressionNode {
    const slot = this.scope.lastIndexOf(name);
    if (slot >= 0) return { op: 'variable', name, slot, ...span };
    if (META_NAMES.has(name)) return { op: 'meta', name: name as MetaName, ...span };
    return { op: 'field', name, ...span };
  }

  private index(target: ExpressionNode, index: ExpressionNode, span: Span): ExpressionNode {
    if (index.op === 'literal' && typeof index.value === 'string') {
      const name = this.name(index.value, span);
      // `_value['Customer ID']` is that field of the record.
      if (target.op === 'meta' && target.name === '_value') return { op: 'field', name, ...span };
      return { op: 'member', target, name, ...span };
    }
    return { op: 'index', target, index, ...span };
  }

  private call(name: string, args: CelNode[], method: boolean, span: Span, at: number, depth: number): CallNode {
    const real = this.quoted.nameOf(name);
    const nameAt = { from: at, to: at + real.length };
    return { op: 'call', name: real, args: args.map((arg) => this.convert(arg, depth)), method, nameAt, ...span };
  }

  private macro(name: string, target: CelNode, args: CelNode[], span: Span, depth: number): ExpressionNode | undefined {
    const variable = args[0];
    if (!MACROS.has(name) || variable?.op !== 'id') return undefined;
    if (args.length !== 2 && !(name === 'map' && args.length === 3)) return undefined;
    if (this.scope.length >= MAX_MACROS) {
      throw expressionError('EXPRESSION_TOO_DEEP', `At most ${MAX_MACROS} loops can be nested`, this.source, span, {
        limit: MAX_MACROS,
        loops: true,
      });
    }
    const list = this.convert(target, depth);
    const slot = this.scope.length;
    this.scope.push(this.name(variable.args, this.spanOf(variable)));
    const where = args.length === 3 ? this.convert(args[1]!, depth) : undefined;
    const body = this.convert(args[args.length - 1]!, depth);
    const bound = this.scope.pop()!;
    return {
      op: 'macro',
      name: name as MacroName,
      target: list,
      variable: bound,
      slot,
      ...(where ? { where } : {}),
      body,
      ...span,
    };
  }

  private literal(value: unknown, span: Span): string | number | boolean | null {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null)
      return value;
    if (typeof value === 'bigint') {
      const number = Number(value);
      if (Number.isSafeInteger(number)) return number;
      throw expressionError(
        'EXPRESSION_NUMBER',
        `The number ${shortNumber(value)} is too large to be exact`,
        this.source,
        span,
        { number: shortNumber(value) },
        'Write it as text in quotes, or as decimal("…").',
      );
    }
    throw expressionError(
      'EXPRESSION_SYNTAX',
      'Bytes and unsigned numbers are not part of the language',
      this.source,
      span,
      {
        reason: 'literal',
      },
    );
  }
}

function shortNumber(value: bigint): string {
  const text = String(value);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

/** True when `child` continues the chain of `node` (`a && b && c`, `a + b - c`, `p ? x : q ? y : z`), which is no deeper to read. */
function chain(node: { op: string }, child: { op: string }): boolean {
  return (
    node.op === child.op ||
    (additive(node.op) && additive(child.op)) ||
    (multiplicative(node.op) && multiplicative(child.op))
  );
}
const additive = (op: string) => op === '+' || op === '-';
const multiplicative = (op: string) => op === '*' || op === '/' || op === '%';
