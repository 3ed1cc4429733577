import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadCatalogue } from '@millrace/cli/catalogue';
import { inputPorts, type Ports } from '@millrace/sdk';
import { describe, expect, it } from 'vitest';

/**
 * A shop owner reads what an operator says of itself. Words of this trade that nobody else knows are left out or put in plain words; what
 * cannot be avoided is in the glossary, which every page names.
 */
const JARGON =
  /watermark|upsert|append-only|idempoten|cardinalit|\bTTL\b|\bIANA\b|determinis|checkpoint|back-?pressure|serialis|\bepoch\b|quantile|exponent\b|\bzipf\b|log-normal|hex digits|side output|\bmutex\b|\batomic/i;
/** Operators that a developer sets up together with the system they speak to may use the words of that system. */
const FOR_EVERYBODY = /^(core|commerce|generator|view)\./;

type Schema = { readonly [key: string]: unknown };
const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null;

function* textsOf(schema: Schema): Generator<unknown> {
  yield schema.title;
  yield schema.description;
  for (const [name, part] of Object.entries(schema))
    if (name !== 'default' && name !== 'examples' && isSchema(part)) yield* textsOf(part);
}

const operators = (await loadCatalogue()).list().filter(({ type }) => FOR_EVERYBODY.test(type));

describe('in plain words', () => {
  it.each(operators.map((operator) => [operator.type, operator] as const))('%s', (_type, operator) => {
    const { title, summary, description } = operator.docs;
    const outputs: Ports = typeof operator.outputs === 'function' ? {} : operator.outputs;
    const ports = [...Object.values(inputPorts(operator)), ...Object.values(outputs)];
    const texts = [
      title,
      summary,
      description,
      ...textsOf(operator.config as unknown as Schema),
      ...ports.flatMap((port) => [port.title, port.description]),
    ].filter((text): text is string => typeof text === 'string');
    expect(texts.filter((text) => JARGON.test(text))).toEqual([]);
  });

  it('every word that the pages point to is in the glossary', () => {
    const docs = join(import.meta.dirname, '../../docs');
    const glossary = readFileSync(join(docs, 'guides/glossary.md'), 'utf8');
    for (const { type } of operators) {
      const page = readFileSync(join(docs, 'operators', `${type}.md`), 'utf8');
      expect(page, type).toContain('../guides/glossary.md');
      for (const [, anchor] of page.matchAll(/glossary\.md#([\w-]+)/g))
        expect(glossary, `${type} points to ${anchor}`).toContain(`id="${anchor}"`);
    }
  });
});
