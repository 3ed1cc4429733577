import { messageOf } from '@millrace/graph';
import type { Finding } from '../api/types.js';
import { findingText } from '../i18n/finding-text.js';

/** The sentence of a finding in the reader's language. What an operator found itself comes as an English `message`. */
export function sentenceOf(finding: Finding, locale: string): string {
  const sentence = messageOf(finding, locale.startsWith('zh') ? 'zh' : 'en');
  return sentence === finding.params.message ? findingText(sentence, locale) : sentence;
}
