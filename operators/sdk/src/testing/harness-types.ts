import type { MillraceError } from '../errors.js';
import type { DeliveryPlace, Expression, Timer } from '../operator.js';
import type { Op, StreamRecord, Value } from '../record.js';
import type { OutputMode } from '../types.js';

export interface HarnessOptions {
  /** Compiles the expressions of a config. Default: bare field names only. */
  compile?: (expression: string) => Expression;
  /** `setup.timeZone`, default UTC. */
  timeZone?: string;
  /** Where the clock stands at the start, ms. Default 0. It moves only through `clock(ms)`. */
  startTime?: number;
  /** Folder that `services.resolvePath` resolves against. Without it an operator that asks for a path fails. */
  dir?: string;
  /** `services.overwrite`, default false. */
  overwrite?: boolean;
  /** `setup.inputModes`: which inputs are upsert streams. Default: all append. */
  inputModes?: { readonly [port: string]: OutputMode };
  nodeId?: string;
  workflow?: string;
  /** `setup.epoch`, default 1. */
  epoch?: number;
  /** Place in the outbox of the n-th record fed, from 0. Default: one entry of partition "0". */
  place?: (n: number) => DeliveryPlace;
}

/** A record as a test writes it. `time` and `born` default to the clock, `port` to the first input, `op` to insert. */
export interface Fed {
  value: Value;
  port?: string;
  time?: number;
  op?: Op;
  born?: number;
}

/** A record (or a timer) the operator could not process. Its state changes, timers and outputs were taken back. */
export interface Dead {
  record?: StreamRecord;
  port?: string;
  timer?: Timer;
  error: MillraceError;
}

export interface LogLine {
  level: 'debug' | 'info' | 'warn' | 'error';
  message: string;
  fields?: { [name: string]: unknown };
}
