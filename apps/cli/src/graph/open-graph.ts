import { resolve } from 'node:path';
import type { Catalogue } from '@millrace/sdk';
import { loadCatalogue } from '../catalogue.js';
import type { ParsedArgs } from '../command.js';
import type { Io } from '../io.js';
import { findPlugins } from '../plugins/find-plugins.js';
import { type LoadedGraph, loadGraph } from './load-graph.js';

export interface OpenedGraph {
  graph: LoadedGraph;
  catalogue: Catalogue;
  /** Absolute paths, for the worker threads. */
  plugins: string[];
}

/** What validate, explain and run begin with: the plugins of the call, the catalogue, and the checked graph. */
export async function openGraph(args: ParsedArgs, io: Io): Promise<OpenedGraph> {
  const file = args.positionals[0]!;
  const plugins = findPlugins(io.cwd, args.list('operators'), resolve(io.cwd, file));
  const catalogue = await loadCatalogue(plugins);
  return { graph: loadGraph(file, args.list('set'), catalogue, io.cwd), catalogue, plugins };
}
