import type { GraphNode, Manifest } from '../api/types.js';
import { schemaText } from '../i18n/schema-text.js';

const zh = (locale: string) => locale.startsWith('zh');

/** Name of an operator in the reader's language. */
export function operatorName(manifest: Manifest | undefined, type: string, locale: string): string {
  if (!manifest) return type;
  return (zh(locale) && manifest.docs.zh?.title) || manifest.docs.title;
}
export function operatorSummary(manifest: Manifest, locale: string): string {
  return (zh(locale) && manifest.docs.zh?.summary) || manifest.docs.summary;
}
export const nodeLabel = (node: GraphNode, manifest: Manifest | undefined, locale: string): string =>
  node.label || operatorName(manifest, node.operator, locale);
/** Name of a port in the reader's language. */
export const portTitle = (port: { title?: string }, name: string, locale: string): string =>
  port.title === undefined ? name : schemaText(port.title, locale);
