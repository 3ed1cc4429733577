import { existsSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import type { Finding, GraphDocument, GraphNode } from '@millrace/graph';
import type { Catalogue } from '@millrace/sdk';

/** Folders that file nodes may use: the data directory's `files`, and `FILE_ROOTS` (paths separated by `:`). */
export function fileRoots(filesDir: string, env: NodeJS.ProcessEnv = process.env): string[] {
  const more = (env.FILE_ROOTS ?? '').split(':').filter((root) => root.trim() !== '' && isAbsolute(root.trim()));
  return [filesDir, ...more.map((root) => root.trim())].map((root) =>
    existsSync(root) ? realpathSync(root) : resolve(root),
  );
}

/** The properties of a node's config that hold paths: they say so with `x-ui: { widget: 'path' }`. */
export function pathProperties(node: GraphNode, catalogue: Catalogue): { name: string; path: string }[] {
  const schema = catalogue.get(node.operator)?.config as
    | { properties?: { [name: string]: { 'x-ui'?: { widget?: string } } } }
    | undefined;
  return Object.entries(schema?.properties ?? {}).flatMap(([name, property]) => {
    const path: unknown = node.config?.[name];
    return property['x-ui']?.widget === 'path' && typeof path === 'string' ? [{ name, path }] : [];
  });
}

/**
 * Paths in configs that lead out of the allowed folders.
 * Links are followed as far as the path exists.
 */
export function pathFindings(
  graph: GraphDocument,
  catalogue: Catalogue,
  baseDir: string,
  roots: readonly string[],
): Finding[] {
  const findings: Finding[] = [];
  for (const [index, node] of graph.nodes.entries()) {
    for (const { name, path } of pathProperties(node, catalogue)) {
      if (isInside(path, baseDir, roots)) continue;
      findings.push({
        code: 'PATH_OUTSIDE_ROOT',
        severity: 'error',
        params: { path, roots: [...roots] },
        path: `/nodes/${index}/config/${name}`,
        nodeId: node.id,
      });
    }
  }
  return findings;
}

function isInside(path: string, baseDir: string, roots: readonly string[]): boolean {
  if (path.includes('\0')) return false;
  const real = realOf(resolve(baseDir, path));
  return roots.some((root) => {
    const inner = relative(root, real);
    return inner === '' || (inner !== '..' && !inner.startsWith(`..${sep}`) && !isAbsolute(inner));
  });
}

/** The path with all links of its existing part followed. */
function realOf(path: string): string {
  let existing = path;
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
  return resolve(realpathSync(existing), relative(existing, path));
}
