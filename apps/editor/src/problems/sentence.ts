import { messageOf } from '@millrace/graph';
import type { Finding } from '../api/types.js';
import { findingText } from '../i18n/finding-text.js';
import { schemaText } from '../i18n/schema-text.js';

/**
 * The sentence of a finding in the reader's language. What an operator found itself comes as an English `message`; a `title` in a sentence
 * of the graph's own is that of a setting or a port, which the form and the node show in the reader's language.
 */
export function sentenceOf({ code, params }: Finding, locale: string): string {
  if (!locale.startsWith('zh')) return messageOf({ code, params });
  const { title } = params;
  const shown = typeof title === 'string' ? { ...params, title: schemaText(title, locale) } : params;
  const sentence = messageOf({ code, params: shown }, 'zh');
  return sentence === params.message ? findingText(sentence, locale) : sentence;
}
