import type { ConfigFinding } from '@millrace/sdk';

/** A problem at a place of a config (`path`: JSON pointer); as a warning it can run, but is probably not what was meant. */
export function finding(
  code: string,
  path: string,
  message: string,
  severity: 'error' | 'warning' = 'error',
): ConfigFinding {
  return { code, path, message, severity };
}
