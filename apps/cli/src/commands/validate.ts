import { type Command, graphOptions, jsonOption } from '../command.js';
import { openGraph } from '../graph/open-graph.js';
import { findingCount, findingLines, reportFinding } from '../report/findings.js';

export const validate: Command = {
  usage: 'FILE [options]',
  summary: 'Checks a graph and prints what is wrong with it. Exit code 1 when a finding is an error.',
  positionals: ['FILE'],
  options: { ...graphOptions, json: jsonOption },
  async run(args, io) {
    const { graph } = await openGraph(args, io);
    const ok = graph.checked !== undefined;
    if (args.flag('json')) {
      io.out(
        `${JSON.stringify({ ok, findings: graph.findings.map((finding) => reportFinding(finding, graph)) }, null, 2)}\n`,
      );
    } else {
      for (const finding of graph.findings) io.out(findingLines(finding, graph));
      io.out(`${graph.shownFile}: ${ok ? 'valid' : 'not valid'}, ${findingCount(graph.findings)}\n`);
    }
    return ok ? 0 : 1;
  },
};
