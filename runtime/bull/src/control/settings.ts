import { MillraceError } from '@millrace/sdk';
import type { ControlTarget } from './keys.js';

/**
 * Where Redis is: `REDIS_URL`, `REDIS_CLUSTER=1` when it is a Redis Cluster, `MILLRACE_INSTANCE` when several installations share it.
 * Undefined: none is configured. Throws SETTING_WRONG.
 */
export function readRedis(env: NodeJS.ProcessEnv = process.env): ControlTarget | undefined {
  const url = env.REDIS_URL?.trim();
  if (!url) return undefined;
  for (const part of url.split(',')) {
    if (!URL.canParse(part.trim()) || !/^rediss?:$/.test(new URL(part.trim()).protocol))
      throw wrongSetting(
        'REDIS_URL',
        'an address such as redis://127.0.0.1:6379 (several, separated by commas, for a cluster)',
      );
  }
  const instance = env.MILLRACE_INSTANCE?.trim();
  if (instance && !/^[a-z0-9][a-z0-9_-]{0,63}$/i.test(instance))
    throw wrongSetting('MILLRACE_INSTANCE', 'letters, digits, - and _');
  return { url, ...(env.REDIS_CLUSTER === '1' && { cluster: true }), ...(instance && { instance }) };
}

export function wrongSetting(name: string, expected: string): MillraceError {
  return new MillraceError(`${name} cannot be used: it must be ${expected}.`, {
    code: 'SETTING_WRONG',
    params: { name, expected, exitCode: 2 },
    hint: `Change ${name}.`,
  });
}
