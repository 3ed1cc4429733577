import { existsSync } from 'node:fs';
import { createRequire, register } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type AnyOperator, MillraceError } from '@millrace/sdk';
import { checkOperators } from './check-operators.js';
import { pluginEntry } from './plugin-entry.js';

/**
 * Loads the operators of a package: a module whose default export is an array of operators. `path` is absolute and names a
 * module file or a folder with a package.json. Throws MillraceError PLUGIN_… that says what to mend.
 */
export async function loadPlugin(path: string): Promise<AnyOperator[]> {
  const entry = pluginEntry(path);
  shareSdk();
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

let shared = false;

/**
 * There is one sdk in a process: ours. A plugin gets it from wherever it lies, also when it has none installed, and its errors and
 * marks are then of the classes that the runtime knows.
 */
function shareSdk(): void {
  if (shared) return;
  shared = true;
  const hook = `
    export function resolve(specifier, context, next) {
      if (specifier === '@millrace/sdk') return { url: ${JSON.stringify(sdkUrl())}, shortCircuit: true };
      return next(specifier, context);
    }`;
  register(`data:text/javascript,${encodeURIComponent(hook)}`);
}

/** In the bundle the sdk is the file beside this one; in the build it is the package. */
function sdkUrl(): string {
  const bundled = new URL('./sdk.js', import.meta.url);
  if (existsSync(fileURLToPath(bundled))) return bundled.href;
  return pathToFileURL(createRequire(import.meta.url).resolve('@millrace/sdk')).href;
}
