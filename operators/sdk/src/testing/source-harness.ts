import { join } from 'node:path';
import { BadInput, MillraceError } from '../errors.js';
import type { Services, SourceBehaviour, SourceSetup, SourceSpec } from '../operator.js';
import type { Value } from '../record.js';
import { fieldOnlyCompile } from './compile.js';
import type { HarnessOptions, LogLine } from './harness-types.js';
import { ManualClock } from './manual-clock.js';
import { copyStored, sameJson, withDefaults } from './plain-data.js';

/** What came out of a source, partition by partition. */
export interface SourceRun {
  /** Values in order; all partitions one after the other. */
  values: Value[];
  /** What could not be read. */
  bad: BadInput[];
  /** Values by partition. */
  partitions: Map<string, Value[]>;
  /** The last position of each partition. */
  positions: Map<string, Value>;
  logs: LogLine[];
}

export interface SourceOptions extends HarnessOptions {
  /** `max` of every poll, default 1000. */
  max?: number;
  /** Close and reopen the reader at its position (copied as a commit would) after every poll. */
  reopen?: boolean;
}

/** Reads every partition of a source until it ends, or until a live source has nothing more now. */
// biome-ignore lint/suspicious/noExplicitAny: any source can be tested; its config type matters only inside
export async function runSource(spec: SourceSpec<any>, config: Value, options: SourceOptions = {}): Promise<SourceRun> {
  const run: SourceRun = { values: [], bad: [], partitions: new Map(), positions: new Map(), logs: [] };
  const filled = withDefaults(spec.config, structuredClone(config));
  let source = spec.create(setupOf(filled, options, run, true));
  try {
    for (const partition of await source.partitions()) {
      run.partitions.set(partition, []);
      for (let more = true; more; ) {
        more = await readSome(source, partition, options, run);
        if (!more || !options.reopen) continue;
        await source.close?.();
        source = spec.create(setupOf(filled, options, run, false));
        await source.partitions();
      }
    }
  } finally {
    await source.close?.();
  }
  return run;
}

/** True when the partition has more to give after this reader was closed. */
async function readSome(
  source: SourceBehaviour,
  partition: string,
  options: SourceOptions,
  run: SourceRun,
): Promise<boolean> {
  const reader = await source.open(partition, run.positions.get(partition) ?? null);
  try {
    for (;;) {
      const batch = await reader.poll(options.max ?? 1000);
      if (batch === null) return false;
      if (batch.values.length === 0 && !batch.end && !source.live) {
        throw new MillraceError(`Partition "${partition}" answered with nothing and did not end.`, {
          code: 'SOURCE_EMPTY_POLL',
          domain: 'internal',
          hint: 'A bounded source answers with at least one value, or with end.',
        });
      }
      for (const value of batch.values) {
        if (value instanceof BadInput) run.bad.push(value);
        else {
          run.values.push(value);
          run.partitions.get(partition)?.push(value);
        }
      }
      const position = copyStored(batch.position, `the position of "${partition}"`);
      if (
        options.reopen &&
        !batch.end &&
        run.positions.has(partition) &&
        sameJson(position, run.positions.get(partition))
      ) {
        throw new MillraceError(
          `Partition "${partition}" did not move on from its position ${JSON.stringify(position)}.`,
          {
            code: 'SOURCE_STUCK',
            domain: 'internal',
            hint: 'open(partition, position) goes on after the last value of the batch that gave the position.',
          },
        );
      }
      run.positions.set(partition, position);
      await reader.committed?.(run.positions.get(partition));
      if (batch.end) return false;
      if (options.reopen) return true;
    }
  } finally {
    await reader.close?.();
  }
}

function setupOf(config: Value, options: SourceOptions, run: SourceRun, fresh: boolean): SourceSetup<Value> {
  const services: Services = {
    print: () => undefined,
    log: (level, message, fields) => void run.logs.push({ level, message, ...(fields && { fields }) }),
    resolvePath: (path) => {
      if (options.dir === undefined)
        throw new MillraceError(`The harness has no folder for "${path}".`, {
          code: 'HARNESS_NEEDS_DIR',
          domain: 'internal',
          hint: 'Pass { dir } to runSource.',
        });
      return join(options.dir, path);
    },
    overwrite: options.overwrite ?? false,
    fresh,
  };
  return {
    config,
    nodeId: options.nodeId ?? 'node',
    workflow: options.workflow ?? 'test',
    taskIndex: 0,
    epoch: 1,
    parallelism: 1,
    clock: new ManualClock(options.startTime ?? 0),
    timeZone: options.timeZone ?? 'UTC',
    compile: options.compile ?? fieldOnlyCompile,
    inputModes: {},
    problem: () => undefined,
    signal: new AbortController().signal,
    services,
    wake: () => undefined,
  };
}
