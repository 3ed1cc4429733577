import { MillraceError, type RecordType } from '@millrace/sdk';
import type { Finding } from '../document.js';
import { type Suggest, suggest } from '../suggest.js';
import { mixHint } from './arithmetic.js';
import { functionOf, prepareCall } from './calls.js';
import { expressionError, findingOf } from './errors.js';
import { comparable, either, fitsParam, type Kind, mayBe } from './kinds.js';
import { writeName } from './quote.js';
import type {
  ArithmeticNode,
  CallNode,
  CompareNode,
  ExpressionNode,
  FieldNode,
  InNode,
  MacroNode,
  MemberNode,
  Span,
} from './tree.js';

/** More findings than this in one expression are follow-ups. */
const MAX_FINDINGS = 20;

/** Walks an expression with what is known of the record, and collects what is wrong. Each method answers the kind of its node. */
export class Inference {
  readonly findings: Finding[] = [];

  constructor(
    private readonly source: string,
    private readonly type: RecordType | undefined,
    private readonly options: { zone?: string; suggest?: Suggest } = {},
  ) {}

  kindOf(node: ExpressionNode): Kind {
    switch (node.op) {
      case 'literal':
        return literalKind(node.value);
      case 'field':
        return this.field(node);
      case 'meta':
        return node.name === '_time' || node.name === '_born' ? 'number' : node.name === '_op' ? 'text' : 'any';
      case 'variable':
        return 'any';
      case 'member':
        return this.member(node);
      case 'index':
        return this.index(node.target, node.index, node);
      case 'call':
        return this.call(node);
      case 'macro':
        return this.macro(node);
      case 'list':
        for (const item of node.items) this.kindOf(item);
        return 'list';
      case 'map':
        for (const [key, value] of node.entries) {
          this.expect(key, 'text', '{ }');
          this.kindOf(value);
        }
        return 'object';
      case 'not':
        this.expect(node.operand, 'boolean', '!');
        return 'boolean';
      case 'negate':
        this.expect(node.operand, 'number', '-');
        return 'number';
      case 'and':
      case 'or':
        this.expect(node.left, 'boolean', node.op === 'and' ? '&&' : '||');
        this.expect(node.right, 'boolean', node.op === 'and' ? '&&' : '||');
        return 'boolean';
      case 'compare':
        return this.compare(node);
      case 'in':
        return this.isIn(node);
      case 'arithmetic':
        return this.arithmetic(node);
      case 'conditional':
        this.expect(node.test, 'boolean', '?');
        return either(this.kindOf(node.yes), this.kindOf(node.no));
    }
  }

  /** An operand that must be of one kind. */
  private expect(node: ExpressionNode, expected: 'boolean' | 'number' | 'text' | 'list', operator: string): void {
    const actual = this.kindOf(node);
    if (!mayBe(actual, expected)) this.mismatch(node, { operator, expected, actual });
  }

  private mismatch(at: Span, params: { [name: string]: unknown }, hint?: string): void {
    this.add('EXPRESSION_TYPE', at, params, 'error', hint);
  }

  private add(
    code: string,
    at: Span,
    params: { [name: string]: unknown },
    severity: Finding['severity'] = 'error',
    hint?: string,
  ): void {
    this.push(findingOf(expressionError(code, code, this.source, at, params, hint), severity));
  }

  private push(finding: Finding): void {
    if (this.findings.length < MAX_FINDINGS) this.findings.push(finding);
  }

  private field(node: FieldNode, comparedWithText = false): Kind {
    const { type } = this;
    if (!type || this.findings.length >= MAX_FINDINGS) return 'any';
    if (Object.hasOwn(type.fields, node.name)) return type.fields[node.name]!;
    const known = Object.keys(type.fields);
    // Types may list a nested field by its dotted path.
    if (known.some((field) => field.startsWith(`${node.name}.`))) return 'object';
    const suggestion = (this.options.suggest ?? suggest)(node.name, known);
    if (type.open && suggestion === undefined) return 'any';
    const params = {
      field: node.name,
      open: type.open,
      known: known.slice(0, 50),
      ...(suggestion === undefined ? {} : { suggestion: writeName(suggestion) }),
    };
    const quoted = comparedWithText && suggestion === undefined;
    this.add(
      'FIELD_UNKNOWN',
      node,
      quoted ? { ...params, suggestion: `'${node.name}'`, quoted } : params,
      type.open ? 'warning' : 'error',
    );
    return 'any';
  }

  private member(node: MemberNode): Kind {
    const path = pathOf(node);
    if (path !== undefined && this.type && Object.hasOwn(this.type.fields, path)) return this.type.fields[path]!;
    const target = this.kindOf(node.target);
    if (!mayBe(target, 'object')) this.add('EXPRESSION_NO_FIELDS', node, { name: node.name, actual: target });
    return 'any';
  }

  private index(target: ExpressionNode, index: ExpressionNode, node: Span): Kind {
    const kind = this.kindOf(target);
    const at = this.kindOf(index);
    const fits = (mayBe(kind, 'list') && mayBe(at, 'number')) || (mayBe(kind, 'object') && mayBe(at, 'text'));
    if (!fits) this.add('EXPRESSION_INDEX', node, { target: kind, index: at });
    return 'any';
  }

  private call(node: CallNode): Kind {
    const kinds = node.args.map((arg) => this.kindOf(arg));
    try {
      const spec = functionOf(node, this.source);
      kinds.forEach((actual, i) => {
        const { kinds: wanted } = spec.params[i] ?? spec.params.at(-1)!;
        if (!fitsParam(actual, wanted))
          this.mismatch(node.args[i]!, { operator: spec.name, expected: wanted.join('|'), actual });
      });
      prepareCall(node, spec, { source: this.source, zone: this.options.zone ?? 'UTC', slots: [] });
      return typeof spec.returns === 'function' ? spec.returns(kinds) : spec.returns;
    } catch (error) {
      if (!(error instanceof MillraceError)) throw error;
      this.push(findingOf(error));
      return 'any';
    }
  }

  private macro(node: MacroNode): Kind {
    this.expect(node.target, 'list', node.name);
    if (node.where) this.expect(node.where, 'boolean', node.name);
    if (node.name === 'map') {
      this.kindOf(node.body);
      return 'list';
    }
    this.expect(node.body, 'boolean', node.name);
    return node.name === 'filter' ? 'list' : 'boolean';
  }

  private compare(node: CompareNode): Kind {
    const left = this.kindOf(node.left);
    const right = node.right.op === 'field' ? this.field(node.right, mayBe(left, 'text')) : this.kindOf(node.right);
    const ordered = node.operator !== '==' && node.operator !== '!=';
    const unordered = ordered && (left === 'list' || left === 'object' || right === 'list' || right === 'object');
    if (unordered || !comparable(left, right)) {
      this.mismatch(node, { operator: node.operator, left, right }, mixHint(left, right));
    }
    return 'boolean';
  }

  private isIn(node: InNode): Kind {
    const left = this.kindOf(node.left);
    const right = this.kindOf(node.right);
    if (!mayBe(right, 'list') && !mayBe(right, 'object')) this.mismatch(node, { operator: 'in', left, right });
    else if (node.right.op === 'list' && node.right.items.length > 0) {
      const items = node.right.items.map((item) => (item.op === 'literal' ? literalKind(item.value) : 'any'));
      if (!items.some((item) => comparable(left, item)))
        this.mismatch(node, { operator: 'in', left, right: items[0] }, mixHint(left, items[0]!));
    }
    return 'boolean';
  }

  private arithmetic(node: ArithmeticNode): Kind {
    const left = this.kindOf(node.left);
    const right = this.kindOf(node.right);
    const both = (kind: 'number' | 'text' | 'list') => mayBe(left, kind) && mayBe(right, kind);
    if (node.operator !== '+') {
      if (!both('number')) this.mismatch(node, { operator: node.operator, left, right }, mixHint(left, right));
      return 'number';
    }
    const possible = (['number', 'text', 'list'] as const).filter(both);
    if (possible.length === 0) this.mismatch(node, { operator: '+', left, right }, mixHint(left, right));
    return possible.length === 1 ? possible[0]! : 'any';
  }
}

function literalKind(value: string | number | boolean | null): Kind {
  return value === null ? 'null' : typeof value === 'string' ? 'text' : (typeof value as 'number' | 'boolean');
}

/** `customer.country` of a chain of members that begins at a field. */
function pathOf(node: MemberNode): string | undefined {
  const { target } = node;
  const start = target.op === 'field' ? target.name : target.op === 'member' ? pathOf(target) : undefined;
  return start === undefined ? undefined : `${start}.${node.name}`;
}
