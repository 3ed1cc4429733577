import { logKey, snapshotKey } from '../keys.js';
import type { RedisClient } from '../redis/connect.js';
import { readState, type StateVisitor, sequenceOf } from './state-codec.js';

/** Snapshot blobs, or log entries, in one reply. */
const AT_ONCE = 8;
const LOG_AT_ONCE = 64;

export interface LoadedState {
  /** Snapshot parts of each key group. */
  parts: Map<number, number>;
  logBytes: number;
}

/** Reads a task's stored state: the snapshot of each key group, then what the log says since. `ask` sends one command. */
export async function loadState(
  ask: <T>(send: (client: RedisClient) => Promise<T>) => Promise<T>,
  place: { run: string; layout: number; stage: string; index: number },
  visitor: StateVisitor,
): Promise<LoadedState> {
  const { run, layout, stage, index } = place;
  const snapshots = snapshotKey(run, layout, stage, index);
  const fields = await ask((client) => client.hkeys(snapshots));
  const parts = new Map<number, number>();
  const covered = new Map<number, number>();
  for (let at = 0; at < fields.length; at += AT_ONCE) {
    const some = fields.slice(at, at + AT_ONCE);
    const blobs = await ask((client) => client.hmgetBuffer(snapshots, ...some));
    some.forEach((field, i) => {
      const blob = blobs[i];
      if (!blob) return;
      const group = Number(field.slice(0, field.indexOf(':')));
      parts.set(group, (parts.get(group) ?? 0) + 1);
      const where = `${snapshots}/${field}`;
      covered.set(group, sequenceOf(where, blob));
      readState(where, blob, visitor);
    });
  }
  const log = logKey(run, layout, stage, index);
  let logBytes = 0;
  for (let from = '-'; ; ) {
    const entries = await ask((client) => client.xrangeBuffer(log, from, '+', 'COUNT', LOG_AT_ONCE));
    for (const [id, [, blob]] of entries) {
      const sequence = Number.parseInt(id.toString('latin1'), 10);
      const newer = (group: number) => sequence > (covered.get(group) ?? 0);
      logBytes += blob!.length;
      readState(`${log}/${sequence}`, blob!, {
        row: (key, value) => {
          if (newer(key.group)) visitor.row(key, value);
        },
        timer: (timer, add) => {
          if (newer(timer.group)) visitor.timer(timer, add);
        },
      });
      from = `(${id.toString('latin1')}`;
    }
    if (entries.length < LOG_AT_ONCE) break;
  }
  return { parts, logBytes };
}
