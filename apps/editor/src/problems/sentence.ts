import { messageOf } from '@millrace/graph';
import type { Finding } from '../api/types.js';

/** The sentence of a finding in the reader's language. */
export function sentenceOf(finding: Finding, locale: string): string {
  return messageOf(finding, locale.startsWith('zh') ? 'zh' : 'en');
}
