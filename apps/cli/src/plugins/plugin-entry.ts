import { existsSync, readFileSync, statSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { MillraceError } from '@millrace/sdk';

/**
 * The module file of a plugin path: the file itself, or what the folder's package.json names (`exports`, else `main`, else
 * index.js). Throws MillraceError PLUGIN_NOT_FOUND, PLUGIN_MANIFEST, PLUGIN_NO_ENTRY or PLUGIN_TYPESCRIPT.
 */
export function pluginEntry(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) {
    throw new MillraceError(`There is no package of operators at ${path}.`, {
      code: 'PLUGIN_NOT_FOUND',
      params: { path },
      hint: 'Give the folder that holds its package.json, or the module file itself.',
    });
  }
  const entry = found.isDirectory() ? entryOfFolder(path) : path;
  if (/\.[cm]?tsx?$/.test(extname(entry))) {
    throw new MillraceError(`${entry} is TypeScript, which Node cannot load.`, {
      code: 'PLUGIN_TYPESCRIPT',
      params: { path, entry },
      hint: 'Build the package, and let "exports" in its package.json name the built file.',
    });
  }
  if (!existsSync(entry)) {
    throw new MillraceError(
      `The package at ${path} names ${relative(path, entry)} as its module, which is not there.`,
      {
        code: 'PLUGIN_NO_ENTRY',
        params: { path, entry },
        hint: 'Build the package, or correct "exports" (or "main") in its package.json.',
      },
    );
  }
  return entry;
}

function entryOfFolder(folder: string): string {
  const manifest = readManifest(folder);
  const named = exportedModule(manifest.exports) ?? (typeof manifest.main === 'string' ? manifest.main : 'index.js');
  const entry = join(folder, named);
  if (relative(folder, entry).split(sep)[0] === '..') {
    throw new MillraceError(`The package at ${folder} names a module outside itself: ${named}.`, {
      code: 'PLUGIN_MANIFEST',
      params: { path: folder, entry: named },
      hint: 'Let "exports" in its package.json name a file of the package.',
    });
  }
  return entry;
}

function readManifest(folder: string): { exports?: unknown; main?: unknown } {
  const file = join(folder, 'package.json');
  let reason: string;
  try {
    const manifest: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (manifest !== null && typeof manifest === 'object') return manifest;
    reason = 'it is not an object';
  } catch (error) {
    reason = existsSync(file) ? (error as Error).message : 'there is none';
  }
  throw new MillraceError(`The package.json of ${folder} could not be read: ${reason}.`, {
    code: 'PLUGIN_MANIFEST',
    params: { path: folder, reason },
    hint: 'A package of operators is a folder with a package.json whose "exports" names the module.',
  });
}

/** The module that `import` of the package would get: Node's rules for ".", with the conditions import, node and default. */
function exportedModule(exports: unknown): string | undefined {
  if (typeof exports === 'string') return exports;
  if (Array.isArray(exports)) {
    for (const one of exports) {
      const found = exportedModule(one);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (exports === null || typeof exports !== 'object') return undefined;
  if (Object.hasOwn(exports, '.')) return exportedModule((exports as { '.': unknown })['.']);
  for (const [condition, target] of Object.entries(exports)) {
    if (condition !== 'import' && condition !== 'node' && condition !== 'default') continue;
    const found = exportedModule(target);
    if (found !== undefined) return found;
  }
  return undefined;
}
