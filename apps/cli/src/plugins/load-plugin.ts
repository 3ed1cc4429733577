import { createRequire, register } from 'node:module';
import { pathToFileURL } from 'node:url';
import { type AnyOperator, MillraceError } from '@millrace/sdk';
import { checkOperators } from './check-operators.js';
import { pluginEntry } from './plugin-entry.js';

/**
 * Loads the operators of a package: a module whose default export is an array of operators. `path` is absolute and names a
 * module file or a folder with a package.json. Throws MillraceError PLUGIN_… that says what to mend.
 */
export async function loadPlugin(path: string): Promise<AnyOperator[]> {
  const entry = pluginEntry(path);
  offerSdk(entry);
  let module: { default?: unknown };
  try {
    module = await import(pathToFileURL(entry).href);
  } catch (error) {
    throw importFailed(path, entry, error);
  }
  return checkOperators(path, module.default);
}

function importFailed(path: string, entry: string, error: unknown): MillraceError {
  const { code, message } =
    error instanceof Error ? (error as NodeJS.ErrnoException) : { code: undefined, message: String(error) };
  const hint =
    code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND'
      ? 'Install what the package needs: run "npm install" in its folder.'
      : code === 'ERR_REQUIRE_ESM'
        ? 'Write the package as an ES module: "type": "module" in its package.json, and import instead of require.'
        : `Try it alone: node ${entry}`;
  return new MillraceError(`The operators in ${path} could not be loaded: ${message}`, {
    code: 'PLUGIN_IMPORT_FAILED',
    params: { path, entry, reason: message },
    hint,
    cause: error,
  });
}

let offered = false;

/**
 * A package that lies anywhere on the disk may import `@millrace/sdk` without installing it: where Node finds none, it gets
 * ours. A copy of its own is left alone.
 */
function offerSdk(entry: string): void {
  if (offered || findsSdk(entry)) return;
  offered = true;
  const hook = `
    export async function resolve(specifier, context, next) {
      try {
        return await next(specifier, context);
      } catch (error) {
        if (!/^@millrace\\/sdk(\\/testing)?$/.test(specifier)) throw error;
        return next(specifier, { ...context, parentURL: ${JSON.stringify(import.meta.url)} });
      }
    }`;
  register(`data:text/javascript,${encodeURIComponent(hook)}`);
}

function findsSdk(entry: string): boolean {
  try {
    createRequire(entry).resolve('@millrace/sdk');
    return true;
  } catch {
    return false;
  }
}
