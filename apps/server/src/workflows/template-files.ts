import { randomBytes } from 'node:crypto';
import { cp, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { GraphDocument } from '@millrace/graph';
import type { Catalogue } from '@millrace/sdk';
import { pathProperties } from './file-jail.js';

/** What a ready-made workflow's folder holds besides its input. */
const NOT_INPUT = /^(graph\.json|check\.json|package\.json|README.*|expected\..*|result\..*|.*\.png)$/;

/**
 * The graph of a ready-made workflow with a folder of its own for its files: the sample input is copied there, results go there, so that two
 * workflows made from one template do not meet. A graph without files stays as it is.
 */
export async function withOwnFiles(
  template: { id: string; graph: GraphDocument },
  dirs: { examples: string; files: string },
  catalogue: Catalogue,
): Promise<GraphDocument> {
  const folder = `${template.id}-${randomBytes(3).toString('hex')}`;
  let used = false;
  const nodes = template.graph.nodes.map((node) => {
    const paths = pathProperties(node, catalogue).filter(({ path }) => !path.startsWith('/'));
    if (paths.length === 0) return node;
    used = true;
    const config = { ...node.config };
    for (const { name, path } of paths) config[name] = `${folder}/${path}`;
    return { ...node, config };
  });
  if (!used) return template.graph;
  const from = join(dirs.examples, template.id);
  const to = join(dirs.files, folder);
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true }))
    if (entry.isFile() && !NOT_INPUT.test(entry.name)) await cp(join(from, entry.name), join(to, entry.name));
  return { ...template.graph, nodes };
}
