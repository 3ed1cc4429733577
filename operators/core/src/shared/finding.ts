import type { ConfigFinding } from '@millrace/sdk';

/** An error at a place of a config. `path` is a JSON pointer. */
export function finding(
  code: string,
  path: string,
  message: string,
  params: { [name: string]: unknown } = {},
): ConfigFinding {
  return { code, path, message, params, severity: 'error' };
}

/** The same as a warning: it can run, but is probably not what was meant. */
export function warning(
  code: string,
  path: string,
  message: string,
  params: { [name: string]: unknown } = {},
): ConfigFinding {
  return { code, path, message, params, severity: 'warning' };
}
