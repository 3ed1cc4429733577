import type { Command } from './command.js';

const INTRO = `millrace runs stream-processing graphs.

Usage: millrace COMMAND [options]
`;

export function generalHelp(commands: { readonly [name: string]: { summary: string } }): string {
  const rows = Object.entries(commands).map(([name, { summary }]): [string, string] => [name, summary]);
  rows.push(['help COMMAND', 'Say more about a command.'], ['--version', 'Print the version.']);
  return `${INTRO}\n${columns(rows)}\n
Try: millrace run examples/revenue-per-country/graph.json --overwrite
`;
}

export function commandHelp(name: string, command: Command): string {
  const rows = Object.entries(command.options).map(([option, { value, help, short }]): [string, string] => [
    `${short ? `-${short}, ` : ''}--${option}${value ? ` ${value}` : ''}`,
    help,
  ]);
  return `${command.summary}\n\nUsage: millrace ${name} ${command.usage}\n\n${columns(rows)}\n`;
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}
