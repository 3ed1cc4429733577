import { wholeNumber } from '../arguments.js';
import { type Command, graphOptions, parallelismOption } from '../command.js';
import { openGraph } from '../graph/open-graph.js';
import { findingCount, findingLines } from '../report/findings.js';

export const explain: Command = {
  usage: 'FILE [options]',
  summary: 'Prints the plan of a graph: its stages, their tasks, and the exchanges between them.',
  positionals: ['FILE'],
  options: { ...graphOptions, parallelism: parallelismOption },
  async run(args, io) {
    const parallelism = wholeNumber(args, 'parallelism', 1, 128);
    const { graph, catalogue } = await openGraph(args, io);
    for (const finding of graph.findings) io.err(findingLines(finding, graph));
    if (!graph.checked) {
      io.err(`${graph.shownFile}: not valid, ${findingCount(graph.findings)}\n`);
      return 1;
    }
    const { explainPlan, planGraph } = await import('@millrace/planner');
    io.out(`${explainPlan(planGraph(graph.checked, catalogue, parallelism === undefined ? {} : { parallelism }))}\n`);
    return 0;
  },
};
