/** The syntax tree of an expression: ours, so that neither the parser's node classes nor its number types reach anybody else. */

/** Offsets into the expression's text, end exclusive. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export type CompareOperator = '==' | '!=' | '<' | '<=' | '>' | '>=';
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';
export type MacroName = 'exists' | 'exists_one' | 'all' | 'map' | 'filter';
/** `_time` event time (ms), `_key` key of the task, `_born` arrival (ms), `_op` insert | upsert | delete, `_value` the whole record value. */
export type MetaName = '_time' | '_key' | '_born' | '_op' | '_value';

export interface LiteralNode extends Span {
  readonly op: 'literal';
  readonly value: string | number | boolean | null;
}
/** A field of the record's value. */
export interface FieldNode extends Span {
  readonly op: 'field';
  readonly name: string;
}
export interface MetaNode extends Span {
  readonly op: 'meta';
  readonly name: MetaName;
}
/** The loop variable of a macro; `slot` counts the macros around it. */
export interface VariableNode extends Span {
  readonly op: 'variable';
  readonly name: string;
  readonly slot: number;
}
export interface MemberNode extends Span {
  readonly op: 'member';
  readonly target: ExpressionNode;
  readonly name: string;
}
export interface IndexNode extends Span {
  readonly op: 'index';
  readonly target: ExpressionNode;
  readonly index: ExpressionNode;
}
export interface CallNode extends Span {
  readonly op: 'call';
  readonly name: string;
  /** The receiver of the method form comes first. */
  readonly args: readonly ExpressionNode[];
  readonly method: boolean;
  readonly nameAt: Span;
}
export interface MacroNode extends Span {
  readonly op: 'macro';
  readonly name: MacroName;
  readonly target: ExpressionNode;
  readonly variable: string;
  readonly slot: number;
  /** Of the three-argument `map`. */
  readonly where?: ExpressionNode;
  readonly body: ExpressionNode;
}
export interface ListNode extends Span {
  readonly op: 'list';
  readonly items: readonly ExpressionNode[];
}
export interface MapNode extends Span {
  readonly op: 'map';
  readonly entries: readonly (readonly [key: ExpressionNode, value: ExpressionNode])[];
}
export interface UnaryNode extends Span {
  readonly op: 'not' | 'negate';
  readonly operand: ExpressionNode;
}
export interface LogicNode extends Span {
  readonly op: 'and' | 'or';
  readonly left: ExpressionNode;
  readonly right: ExpressionNode;
}
export interface CompareNode extends Span {
  readonly op: 'compare';
  readonly operator: CompareOperator;
  readonly left: ExpressionNode;
  readonly right: ExpressionNode;
}
export interface InNode extends Span {
  readonly op: 'in';
  readonly left: ExpressionNode;
  readonly right: ExpressionNode;
}
export interface ArithmeticNode extends Span {
  readonly op: 'arithmetic';
  readonly operator: ArithmeticOperator;
  readonly left: ExpressionNode;
  readonly right: ExpressionNode;
}
export interface ConditionalNode extends Span {
  readonly op: 'conditional';
  readonly test: ExpressionNode;
  readonly yes: ExpressionNode;
  readonly no: ExpressionNode;
}

export type ExpressionNode =
  | LiteralNode
  | FieldNode
  | MetaNode
  | VariableNode
  | MemberNode
  | IndexNode
  | CallNode
  | MacroNode
  | ListNode
  | MapNode
  | UnaryNode
  | LogicNode
  | CompareNode
  | InNode
  | ArithmeticNode
  | ConditionalNode;

/** The direct parts of a node, in the order they are written. */
export function partsOf(node: ExpressionNode): readonly ExpressionNode[] {
  switch (node.op) {
    case 'literal':
    case 'field':
    case 'meta':
    case 'variable':
      return [];
    case 'member':
      return [node.target];
    case 'index':
      return [node.target, node.index];
    case 'call':
      return node.args;
    case 'macro':
      return node.where ? [node.target, node.where, node.body] : [node.target, node.body];
    case 'list':
      return node.items;
    case 'map':
      return node.entries.flat();
    case 'not':
    case 'negate':
      return [node.operand];
    case 'conditional':
      return [node.test, node.yes, node.no];
    default:
      return [node.left, node.right];
  }
}
