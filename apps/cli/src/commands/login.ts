import type { Command } from '../command.js';

export const login: Command = {
  usage: '',
  summary: 'Prints a new link that logs in, once and within 15 minutes, to the server that runs with MILLRACE_DATA.',
  positionals: [],
  options: {},
  async run(_args, io) {
    const server = await import('@millrace/server');
    io.out(`Open ${await server.login()}\n`);
    return 0;
  },
};
