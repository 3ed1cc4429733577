import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { chineseTexts } from './chinese-texts.js';

/**
 * What an operator finds in its settings while somebody draws is an English sentence in its source; a Chinese reader gets a Chinese one,
 * kept by the English. A `${…}` of the source is a `{place}` there, under any name.
 */
const root = join(import.meta.dirname, '../../operators');
const places = (sentence: string) => sentence.replace(/\{\w*\}/g, '{}');

/** Functions whose `{ code, message }` lint rules pass on with a path of their own, by file. Their sentences are the ones to have. */
const PASSED_ON: { readonly [file: string]: string } = {
  'connectors/http/src/guard.ts': 'urlProblem',
  'connectors/http/src/template.ts': 'templateOf',
};
const PASSED_ON_AS: ReadonlySet<string> = new Set(['problem.message', 'template.message']);

interface Said {
  readonly sentences: Set<string>;
  /** Places whose sentence cannot be read off the source. */
  readonly unclear: string[];
}

function saidIn(file: string, said: Said): void {
  const source = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest, true);
  const passedOn = PASSED_ON[file];
  const visit = (node: ts.Node): void => {
    const message = messageOf(node);
    if (message !== undefined) note(message);
    if (passedOn !== undefined && ts.isFunctionDeclaration(node) && node.name?.text === passedOn) eachSentence(node);
    ts.forEachChild(node, visit);
  };
  const note = (message: ts.Expression): void => {
    const texts = textsOf(message);
    if (texts !== undefined) for (const text of texts) said.sentences.add(places(text));
    else if (!isParameter(message) && !PASSED_ON_AS.has(message.getText()))
      said.unclear.push(`${file}: ${message.getText()}`);
  };
  const eachSentence = (node: ts.Node): void => {
    for (const text of textsOf(node) ?? []) if (/ .*\.$/.test(text)) said.sentences.add(places(text));
    ts.forEachChild(node, eachSentence);
  };
  visit(source);
}

/** The sentence of a finding: the third argument behind a code and a path, or `message` of an object that has a code and a path too. */
function messageOf(node: ts.Node): ts.Expression | undefined {
  if (ts.isCallExpression(node)) {
    const [code, path, message] = node.arguments;
    const isFinding =
      /^(finding|warning)$/.test(node.expression.getText()) ||
      (code !== undefined &&
        path !== undefined &&
        isCode(code) &&
        (textsOf(path) ?? ['']).every((text) => text[0] === '/'));
    return isFinding ? message : undefined;
  }
  if (!ts.isObjectLiteralExpression(node)) return undefined;
  const property = (name: string) => node.properties.find((one) => one.name?.getText() === name);
  const message = property('message');
  if (property('code') === undefined || property('path') === undefined || message === undefined) return undefined;
  if (ts.isShorthandPropertyAssignment(message)) return message.name;
  return ts.isPropertyAssignment(message) ? message.initializer : undefined;
}

const isCode = (node: ts.Expression) => ts.isStringLiteral(node) && /^[A-Z][A-Z_0-9]+$/.test(node.text);

/** The texts an expression may be; undefined when the source does not say. */
function textsOf(node: ts.Node): string[] | undefined {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isTemplateExpression(node))
    return [node.head.text + node.templateSpans.map(({ literal }) => `{}${literal.text}`).join('')];
  if (ts.isConditionalExpression(node)) {
    const [yes, no] = [textsOf(node.whenTrue), textsOf(node.whenFalse)];
    return yes && no && [...yes, ...no];
  }
  const constant = ts.isIdentifier(node) ? declarationOf(node, ts.isVariableDeclaration) : undefined;
  return constant?.initializer && textsOf(constant.initializer);
}

/** A helper's own parameter: the sentence stands where the helper is called. */
const isParameter = (node: ts.Node) => ts.isIdentifier(node) && declarationOf(node, ts.isParameter) !== undefined;

/** The nearest declaration of a name around the place where it is used. */
function declarationOf<D extends ts.ParameterDeclaration | ts.VariableDeclaration>(
  { text, parent }: ts.Identifier,
  isWanted: (node: ts.Node) => node is D,
): D | undefined {
  for (let scope: ts.Node = parent; !ts.isSourceFile(scope); scope = scope.parent) {
    const declared: D[] = [];
    const look = (node: ts.Node): void => {
      if (isWanted(node) && node.name.getText() === text) declared.push(node);
      if (!ts.isFunctionLike(node)) ts.forEachChild(node, look);
    };
    ts.forEachChild(scope, look);
    if (declared[0]) return declared[0];
  }
  return undefined;
}

const said: Said = { sentences: new Set(), unclear: [] };
for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
  const file = name.replaceAll('\\', '/');
  if (/(^|\/)src\/.*\.ts$/.test(file) && !/\.test\.ts$|node_modules|\/testing\//.test(file)) saidIn(file, said);
}
const chinese = chineseTexts((name) => name === 'zh-findings.ts');

describe('what operators find in their settings', () => {
  it('can be read off their sources', () => {
    expect(said.unclear).toEqual([]);
    expect(said.sentences).toContain('Say which number is watched.');
    expect(said.sentences).toContain('Name the columns of the CSV rows.');
    expect(said.sentences).toContain(
      '{} is not on the public internet. An administrator can open it with MILLRACE_ALLOW_PRIVATE_HOSTS.',
    );
    expect(said.sentences.size).toBeGreaterThan(80);
  });

  it('is said in Chinese too', () => {
    const known = new Set([...chinese].map(places));
    const missing = [...said.sentences].filter((sentence) => !known.has(sentence));
    expect(missing, 'sentences without an entry in apps/editor/src/i18n/zh-findings.ts').toEqual([]);
  });

  it('leaves no Chinese sentence behind whose English one is not said any more', () => {
    const unused = [...chinese].filter((text) => text.endsWith('.') && !said.sentences.has(places(text)));
    expect(unused).toEqual([]);
  });
});
