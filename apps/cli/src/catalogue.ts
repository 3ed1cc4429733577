import files from '@millrace/connector-files';
import generator from '@millrace/connector-generator';
import http from '@millrace/connector-http';
import view from '@millrace/connector-view';
import core from '@millrace/core';
import { type Catalogue, createCatalogue } from '@millrace/sdk';

/**
 * The operators of this installation: the built-in packages and the plugins, all through the same door (a default export that
 * is an array of operators). The command line and every worker thread call it, with the same absolute plugin paths.
 * Throws MillraceError PLUGIN_… when a plugin cannot be loaded, OPERATOR_DUPLICATE when two packages use one name.
 */
export async function loadCatalogue(plugins: readonly string[] = []): Promise<Catalogue> {
  const operators = [...core, ...files, ...generator, ...http, ...view];
  if (plugins.length > 0) {
    const { loadPlugin } = await import('./plugins/load-plugin.js');
    for (const plugin of plugins) operators.push(...(await loadPlugin(plugin)));
  }
  return createCatalogue(operators);
}
