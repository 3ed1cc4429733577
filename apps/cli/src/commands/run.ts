import { resolve } from 'node:path';
import type { RunReport } from '@millrace/engine';
import { isSource } from '@millrace/sdk';
import { UsageError, wholeNumber } from '../arguments.js';
import type { CommandRun } from '../backend/bull.js';
import { catalogueModule } from '../catalogue-module.js';
import { type Command, graphOptions, jsonOption, type ParsedArgs, parallelismOption } from '../command.js';
import { describeError, errorLines } from '../describe-error.js';
import { openGraph } from '../graph/open-graph.js';
import type { Io } from '../io.js';
import { findingCount, findingLines } from '../report/findings.js';
import { logLine } from '../report/log-line.js';
import { span } from '../report/numbers.js';
import { Progress } from '../report/progress.js';
import { failure, runJson } from '../report/run-json.js';
import { deadLetterLines, nodeTable, problemLine, problemLines } from '../report/table.js';

const SIGNAL_CODES = { SIGINT: 130, SIGTERM: 143 } as const;
type Signal = keyof typeof SIGNAL_CODES;

/** How often the progress line is drawn, ms. */
const DRAW_EVERY = 200;

export const run: Command = {
  usage: 'FILE [options]',
  summary: `Runs a graph until its input ends, and prints a table of its nodes.

Exit code 0 when it finished, 1 when it did not. Ctrl-C (SIGINT) or SIGTERM pauses: progress is committed, and the same call
with the same --data-dir goes on from there (exit code 130 or 143). A second Ctrl-C stops at once.
Paths written in the graph start at its folder, paths given by --set at the current one.

--backend bull runs the tasks on worker processes over the Redis of REDIS_URL: on those started by "millrace worker" if there are any,
else on one of its own; --workers N starts N of its own in any case. With --data-dir the paused run waits in Redis.`,
  positionals: ['FILE'],
  options: {
    ...graphOptions,
    parallelism: parallelismOption,
    'data-dir': {
      type: 'string',
      value: 'DIR',
      help: 'Keep progress and state here, to resume after a pause or a crash. Default: a temporary folder.',
    },
    backend: {
      type: 'string',
      value: 'NAME',
      help: 'Where tasks run: embedded (this process, the default) or bull (workers over Redis).',
    },
    workers: {
      type: 'string',
      value: 'N',
      help: 'With --backend bull: worker processes to start for this run (1 to 64).',
    },
    overwrite: { type: 'boolean', help: 'Replace results that another run has left behind.' },
    json: jsonOption,
  },
  async run(args, io) {
    const json = args.flag('json');
    try {
      return await runGraph(args, io, json);
    } catch (error) {
      if (!json || !(error instanceof Error) || error.name === 'UsageError') throw error;
      io.err(describeError(error));
      io.out(`${JSON.stringify(failure(error))}\n`);
      return 1;
    }
  },
};

async function runGraph(args: ParsedArgs, io: Io, json: boolean): Promise<number> {
  const parallelism = wholeNumber(args, 'parallelism', 1, 128);
  const { graph, catalogue, plugins } = await openGraph(args, io);
  for (const finding of graph.findings) io.err(findingLines(finding, graph));
  if (!graph.checked) {
    const message = `${graph.shownFile}: not valid, ${findingCount(graph.findings)}`;
    io.err(`${message}\n`);
    if (json) io.out(`${JSON.stringify(failure({ code: 'GRAPH_INVALID', message }))}\n`);
    return 1;
  }
  const backend = args.text('backend') ?? 'embedded';
  if (backend !== 'embedded' && backend !== 'bull')
    throw new UsageError(`--backend is embedded or bull, not "${backend}".`);
  const workers = wholeNumber(args, 'workers', 1, 64);
  if (workers !== undefined && backend !== 'bull') throw new UsageError('--workers needs --backend bull.');
  const { planGraph } = await import('@millrace/planner');
  const plan = planGraph(graph.checked, catalogue, parallelism === undefined ? {} : { parallelism });
  const sources = Object.values(plan.nodes).filter(({ operator }) => isSource(catalogue.get(operator)!));
  const progress = new Progress(
    io,
    sources.map(({ id }) => id),
  );
  const dataDir = args.text('data-dir');

  const signals = listen(progress, io);
  const options = {
    plan,
    baseDir: graph.folder,
    overwrite: args.flag('overwrite'),
    // With --json, standard output belongs to the one object.
    print: (line: string) => progress.above(() => (json ? io.err : io.out)(`${line}\n`)),
    log: (level: string, message: string, fields?: { [name: string]: unknown }) => {
      if (level === 'warn' || level === 'error') progress.above(() => io.err(logLine(level, message, fields)));
    },
  };
  const folder = dataDir === undefined ? undefined : resolve(io.cwd, dataDir);
  let report: RunReport;
  let handle: CommandRun | undefined;
  try {
    if (backend === 'bull') {
      const { runOnBull } = await import('../backend/bull.js');
      handle = await runOnBull({ ...options, catalogue, plugins, workers, dataDir: folder });
    } else {
      const { startRun } = await import('@millrace/embedded');
      handle = await startRun({
        ...options,
        catalogue: { module: catalogueModule, plugins },
        // This thread only draws the progress bar; a thread of its own for the store costs 0.1 s of CPU at start.
        storeInThisThread: true,
        ...(folder === undefined ? {} : { dataDir: folder }),
      });
    }
    signals.control(handle);
    report = await watch(handle, progress, io);
  } finally {
    await handle?.close?.();
    signals.stop();
    progress.clear();
  }
  if (json) io.out(`${JSON.stringify(runJson(report))}\n`);
  else showResult(report, io);
  if (report.status === 'finished') return 0;
  if (report.status === 'paused') io.err(resumeHint(args, dataDir));
  return signals.received === undefined || report.status === 'failed' ? 1 : SIGNAL_CODES[signals.received];
}

/** Draws the progress, and says once when a node meets a problem and when it is gone. */
async function watch(handle: CommandRun, progress: Progress, io: Io): Promise<RunReport> {
  const told = new Map<string, string>();
  const timer = setInterval(() => {
    const report = handle.report();
    for (const [id, { problem }] of Object.entries(report.nodes)) {
      if (problem?.message === told.get(id)) continue;
      progress.above(() => io.err(problem ? `waiting: ${problemLine(id, problem)}` : `${id}: goes on\n`));
      if (problem) told.set(id, problem.message);
      else told.delete(id);
    }
    progress.draw(report);
  }, DRAW_EVERY);
  try {
    return await handle.done;
  } finally {
    clearInterval(timer);
  }
}

/** The first signal pauses, the second kills. One that comes while the run is being started is kept for it. */
function listen(progress: Progress, io: Io) {
  let handle: CommandRun | undefined;
  let received: Signal | undefined;
  const onSignal = (signal: Signal): void => {
    if (received !== undefined) {
      void handle?.kill();
      return;
    }
    received = signal;
    progress.above(() => io.err('Pausing: committing what is done. Once more stops at once.\n'));
    void handle?.pause();
  };
  for (const signal of Object.keys(SIGNAL_CODES)) process.on(signal, onSignal);
  return {
    get received() {
      return received;
    },
    control(started: CommandRun): void {
      handle = started;
      if (received !== undefined) void started.pause();
    },
    stop(): void {
      for (const signal of Object.keys(SIGNAL_CODES)) process.off(signal, onSignal);
    },
  };
}

function showResult(report: RunReport, io: Io): void {
  io.out(`\n${nodeTable(report)}\n${deadLetterLines(report)}${problemLines(report)}`);
  const restarts =
    report.restarts > 0 ? `, after ${report.restarts} ${report.restarts === 1 ? 'restart' : 'restarts'}` : '';
  io.out(`${report.status} in ${span(report.durationMs)}${restarts}\n`);
  if (report.error) io.err(errorLines(report.error));
}

function resumeHint(args: ParsedArgs, dataDir: string | undefined): string {
  if (dataDir === undefined) {
    return 'Nothing is kept of this run. With --data-dir DIR a paused run can go on later.\n';
  }
  const words = args.words.filter((word) => word !== '--overwrite').map(shellWord);
  return `To go on: millrace run ${words.join(' ')}\n`;
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
