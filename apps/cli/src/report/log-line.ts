/** `warn: what happened field="value"`, one line. */
export function logLine(level: string, message: string, fields: { [name: string]: unknown } = {}): string {
  const words = Object.entries(fields).filter(([, value]) => value !== undefined);
  return `${level}: ${message}${words.map(([name, value]) => ` ${name}=${JSON.stringify(value)}`).join('')}\n`;
}
