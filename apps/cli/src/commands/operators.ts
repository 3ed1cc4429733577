import { type AnyOperator, inputPorts } from '@millrace/sdk';
import { loadCatalogue } from '../catalogue.js';
import { type Command, graphOptions, jsonOption } from '../command.js';
import { findPlugins } from '../plugins/find-plugins.js';

export const operators: Command = {
  usage: '[options]',
  summary: 'Lists the operators a graph can use, by category.',
  positionals: [],
  options: { operators: graphOptions.operators!, json: jsonOption },
  async run(args, io) {
    const catalogue = await loadCatalogue(findPlugins(io.cwd, args.list('operators')));
    const list = [...catalogue.list()].sort((a, b) => (a.type < b.type ? -1 : 1));
    io.out(args.flag('json') ? `${JSON.stringify(list.map(describe), null, 2)}\n` : asText(list));
    return 0;
  },
};

/** The declared data of an operator. Output ports that depend on the config are those of its first example. */
function describe(spec: AnyOperator): object {
  const { type, version, docs, config, traits } = spec;
  return {
    type,
    version,
    kind: spec.kind ?? 'operator',
    docs,
    inputs: inputPorts(spec),
    outputs: typeof spec.outputs === 'function' ? spec.outputs(spec.examples[0].config) : spec.outputs,
    config,
    traits: traits ?? {},
  };
}

function asText(list: readonly AnyOperator[]): string {
  const width = Math.max(...list.map(({ type }) => type.length));
  const categories = [...new Set(list.map(({ docs }) => docs.category))];
  const order = ['source', 'shape', 'combine', 'commerce', 'predict', 'sink'];
  categories.sort((a, b) => order.indexOf(a) - order.indexOf(b));
  const blocks = categories.map((category) => {
    const rows = list.filter(({ docs }) => docs.category === category);
    return `${category}\n${rows.map(({ type, docs }) => `  ${type.padEnd(width)}  ${docs.summary}`).join('\n')}\n`;
  });
  return blocks.join('\n');
}
