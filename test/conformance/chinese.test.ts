import { loadCatalogue } from '@millrace/cli/catalogue';
import { inputPorts, type Ports } from '@millrace/sdk';
import { describe, expect, it } from 'vitest';
import { chineseTexts } from './chinese-texts.js';

/**
 * A Chinese reader gets every text of an operator in Chinese: what the editor shows from a declaration (titles, help, choices, units)
 * has an entry in its Chinese texts.
 */

/** Names (MongoDB), code (`/orders`) and signs are the same in every language: only lower-case words are English. */
const isEnglish = (text: string) => /(^|[\s("'“])[a-z]{2,}/.test(text);

type Schema = { readonly [key: string]: unknown };
const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null;
const schemasIn = (value: unknown): Schema[] => (isSchema(value) ? Object.values(value).filter(isSchema) : []);

function* textsOf(schema: Schema): Generator<unknown> {
  yield schema.title;
  yield schema.description;
  if (isSchema(schema['x-ui'])) yield schema['x-ui'].unit;
  if (Array.isArray(schema.enum)) yield* schema.enum;
  if (schema.title === undefined) yield schema.const;
  for (const part of ['properties', 'patternProperties', 'anyOf', 'oneOf', 'allOf'])
    for (const inner of schemasIn(schema[part])) yield* textsOf(inner);
  for (const part of ['items', 'additionalProperties']) {
    const inner = schema[part];
    if (isSchema(inner)) yield* textsOf(inner);
  }
}

const known = chineseTexts((name) => name !== 'zh-findings.ts');
const operators = (await loadCatalogue()).list();

describe('operators in Chinese', () => {
  it.each(operators.map((operator) => [operator.type, operator] as const))('%s', (_type, operator) => {
    const texts: unknown[] = [
      ...textsOf(operator.config as unknown as Schema),
      operator.docs.description,
      operator.connection?.title,
    ];
    const outputs: Ports = typeof operator.outputs === 'function' ? {} : operator.outputs;
    for (const port of [...Object.values(inputPorts(operator)), ...Object.values(outputs)])
      texts.push(port.title, port.description);
    const missing = new Set(
      texts.filter((text): text is string => typeof text === 'string' && isEnglish(text) && !known.has(text)),
    );
    expect([...missing], 'texts without an entry in apps/editor/src/i18n/zh-*.ts').toEqual([]);
  });

  it('have a title and a summary of their own', () => {
    const without = operators
      .filter(({ docs }) => !/\p{Script=Han}/u.test(docs.zh?.summary ?? ''))
      .map(({ type }) => type);
    expect(without).toEqual([]);
  });
});
