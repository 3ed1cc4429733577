export { checkExpression, type ExpectedKind, fieldsOf, kindOfExpression } from './check.js';
export { compileExpression, type ExpressionOptions } from './compile.js';
export { EXPRESSION_FUNCTIONS } from './functions/index.js';
export type { Kind } from './kinds.js';
export { MAX_EXPRESSION, parseExpression } from './parse.js';
export { expressionToText, quoteText } from './print.js';
export { writeName } from './quote.js';
export type * from './tree.js';
export { partsOf } from './tree.js';
