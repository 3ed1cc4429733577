import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GraphDocument } from '@millrace/graph';
import type { Catalogue } from '@millrace/sdk';

export interface Template {
  id: string;
  name: string;
  description: string;
  graph: GraphDocument;
  zh?: { name: string; description: string };
}

/**
 * The ready-made workflows of a folder: each has `graph.json`, and a README whose first paragraph says what it is for. One that uses an
 * operator which is not installed here (a plugin's) could not run and is left out.
 */
export function readTemplates(dir: string, catalogue: Pick<Catalogue, 'get'>): Template[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(dir, entry.name, 'graph.json')))
    .map((entry) => readTemplate(dir, entry.name))
    .filter(({ graph }) => graph.nodes.every(({ operator }) => catalogue.get(operator) !== undefined))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

function readTemplate(dir: string, id: string): Template {
  const graph = JSON.parse(readFileSync(join(dir, id, 'graph.json'), 'utf8')) as GraphDocument;
  const readme = join(dir, id, 'README.md');
  const { title, text } = firstParagraph(existsSync(readme) ? readFileSync(readme, 'utf8') : '');
  const readmeZh = join(dir, id, 'README.zh.md');
  const zh = existsSync(readmeZh) ? firstParagraph(readFileSync(readmeZh, 'utf8')) : undefined;
  const name = graph.name || title;
  const description = text || graph.description || '';
  return {
    id,
    name,
    description,
    graph,
    ...(zh && { zh: { name: zh.title || name, description: zh.text || description } }),
  };
}

/** The heading and the first paragraph below it. */
export function firstParagraph(markdown: string): { title: string; text: string } {
  const title = /^#\s+(.+)$/m.exec(markdown)?.[1]?.trim() ?? '';
  const body = markdown.replace(/^#\s+.+$/m, '').trim();
  const text = body.split(/\n\s*\n/)[0] ?? '';
  return { title, text: /^[#\-*|`>!<]/.test(text) ? '' : text.replace(/\s+/g, ' ').trim() };
}
