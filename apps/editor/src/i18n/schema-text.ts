import i18next from 'i18next';
import { currentLanguage } from './index.js';

/** A title or description of an operator's schema in the reader's language; the text itself when the locale has no other. */
export function schemaText(text: string, locale: string): string {
  if (!locale.startsWith('zh')) return text;
  const known = i18next.getResource(currentLanguage(), 'translation', `schema:${text}`) as unknown;
  return typeof known === 'string' ? known : text;
}
