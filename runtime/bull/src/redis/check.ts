import { Cluster, type Redis } from 'ioredis';
import type { RedisClient } from './connect.js';

/** Something about the server that a run should not meet by surprise. */
export interface RedisFinding {
  /** refuse: nothing may be started on it. warn: it works, and this is what can be lost. */
  severity: 'refuse' | 'warn';
  code: 'REDIS_OLD' | 'REDIS_EVICTS' | 'REDIS_NO_AOF' | 'REDIS_EVERYSEC' | 'REDIS_NO_LIMIT' | 'REDIS_UNKNOWN';
  message: string;
  hint: string;
}

/** Looks at version, maxmemory-policy, append-only file and memory limit of the server (of each master of a cluster). */
export async function checkRedis(redis: RedisClient): Promise<RedisFinding[]> {
  const nodes: Redis[] = redis instanceof Cluster ? redis.nodes('master') : [redis];
  const found = new Map<string, RedisFinding>();
  for (const node of nodes) for (const finding of await checkNode(node)) found.set(finding.code, finding);
  return [...found.values()].sort((a, b) => (a.severity === b.severity ? 0 : a.severity === 'refuse' ? -1 : 1));
}

async function checkNode(node: Redis): Promise<RedisFinding[]> {
  const findings: RedisFinding[] = [];
  const info = fieldsOf(await node.info());
  const version = info.redis_version ?? '0';
  if (Number.parseInt(version, 10) < 7) {
    findings.push({
      severity: 'refuse',
      code: 'REDIS_OLD',
      message: `Redis ${version} is too old; the scripts need 7.0 or later (or Valkey).`,
      hint: 'Update the server.',
    });
  }
  const policy = info.maxmemory_policy ?? 'noeviction';
  if (policy !== 'noeviction') {
    findings.push({
      severity: 'refuse',
      code: 'REDIS_EVICTS',
      message: `Redis throws data away when it is full (maxmemory-policy ${policy}): state and records of runs would vanish without a trace.`,
      hint: 'Set maxmemory-policy noeviction, or use a Redis of its own for Millrace.',
    });
  }
  if (info.maxmemory === '0') {
    findings.push({
      severity: 'warn',
      code: 'REDIS_NO_LIMIT',
      message: 'Redis has no memory limit: sources cannot be slowed down before the machine runs out of memory.',
      hint: 'Set maxmemory to about three quarters of what the machine can spare.',
    });
  }
  if (info.aof_enabled === '0') {
    findings.push({
      severity: 'warn',
      code: 'REDIS_NO_AOF',
      message:
        'Redis keeps no append-only file: when it restarts, all runs, their state, the records on their way and the dead letters since the last dump are lost.',
      hint: 'Set appendonly yes (and appendfsync everysec or always).',
    });
    return findings;
  }
  const fsync = await appendFsync(node);
  if (fsync === undefined) {
    findings.push({
      severity: 'warn',
      code: 'REDIS_UNKNOWN',
      message: 'Redis does not tell how often it flushes its append-only file (CONFIG is not allowed here).',
      hint: 'Ask the operator of the server whether appendfsync is everysec or always.',
    });
  } else if (fsync !== 'always') {
    findings.push({
      severity: 'warn',
      code: 'REDIS_EVERYSEC',
      message:
        fsync === 'no'
          ? 'Redis leaves flushing to the operating system (appendfsync no): a power cut can lose the last half minute of a run. It falls back as a whole; outside sinks may then get records again or miss some.'
          : 'Redis flushes once a second (appendfsync everysec): a power cut can lose about the last second of a run. It falls back as a whole; outside sinks may then get records again or miss some. A killed process loses nothing.',
      hint: 'Set appendfsync always if that second matters; a commit then takes as long as a flush.',
    });
  }
  return findings;
}

/** undefined: the server does not tell (managed servers forbid CONFIG). */
async function appendFsync(node: Redis): Promise<string | undefined> {
  try {
    const [, value] = (await node.config('GET', 'appendfsync')) as string[];
    return value;
  } catch {
    return undefined;
  }
}

function fieldsOf(info: string): { [name: string]: string | undefined } {
  return Object.fromEntries(
    info.split('\r\n').flatMap((line) => {
      const colon = line.indexOf(':');
      return colon > 0 ? [[line.slice(0, colon), line.slice(colon + 1)]] : [];
    }),
  );
}
