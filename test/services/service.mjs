// `npm run -s service -- start NAME`: a real server on this machine, without Docker. See README.md in this folder.
import { serverNamed, servers } from './lib/catalogue.mjs';
import { knownServers, runningServer, startServer } from './lib/instance.mjs';

const USAGE = `usage: npm run -s service -- COMMAND
  install [NAME ...]            installs what is missing, without a name for all servers
  start NAME [name=value ...]   starts it (installs what is missing), prints its URL; settings go to the server
  url NAME                      prints the URL of a running one
  env NAME ...                  prints "export VARIABLE=url" lines for a shell
  bounce NAME [--down MS]       kill -9, then started again on the same port and data
  kill NAME                     kill -9 alone; "resume NAME" starts it again on the same port and data
  stop NAME | --all             ends it and removes its data
  list                          what runs
servers: ${servers.map((server) => server.name).join(', ')}
`;

const [command, ...rest] = process.argv.slice(2);
try {
  await main();
  process.exit(0);
} catch (error) {
  process.stderr.write(`service: ${error.message}\n`);
  process.exit(1);
}

async function main() {
  switch (command) {
    case 'install': {
      for (const server of rest.length > 0 ? rest.map(serverNamed) : servers) {
        const started = performance.now();
        await server.install();
        print(`${server.name.padEnd(10)} ${((performance.now() - started) / 1000).toFixed(1)} s`);
      }
      return;
    }
    case 'start': {
      const server = serverNamed(rest[0]);
      const running = runningServer(server.name);
      const options = Object.fromEntries(rest.slice(1).map(setting));
      if (running && Object.keys(options).length > 0)
        throw new Error(`${server.name} runs already: stop it before you change its settings`);
      return print((running ?? (await startServer(server.name, { id: server.name, options }))).url);
    }
    case 'url':
      return print(needed(rest[0]).url);
    case 'env': {
      const lines = rest.flatMap((name) => Object.entries(needed(name).env));
      return print(lines.map(([name, value]) => `export ${name}='${value}'`).join('\n'));
    }
    case 'bounce': {
      const at = rest.indexOf('--down');
      return needed(rest[0]).bounce({ down: at < 0 ? 0 : Number(rest[at + 1]) });
    }
    case 'kill':
      return needed(rest[0]).kill();
    case 'resume': {
      const name = serverNamed(rest[0]).name;
      const known = knownServers().find(({ state }) => state.id === name);
      if (!known) throw new Error(`${name} was never started here`);
      if (!known.alive) await known.launch();
      return print(known.url);
    }
    case 'stop': {
      const name = rest[0] === '--all' ? undefined : serverNamed(rest[0]).name;
      for (const known of knownServers()) if (name === undefined || known.state.id === name) await known.stop();
      return;
    }
    case 'list': {
      for (const { state, alive } of knownServers())
        print(`${state.id.padEnd(12)} ${alive ? `pid ${state.pid}` : 'dead'}  ${state.url}`);
      return;
    }
    default:
      throw new Error(`unknown command "${command ?? ''}"\n${USAGE}`);
  }
}

function needed(name) {
  const running = runningServer(serverNamed(name).name);
  if (!running) throw new Error(`${name} does not run. Start it: npm run -s service -- start ${name}`);
  return running;
}

function setting(text) {
  const at = text.indexOf('=');
  if (at < 1) throw new Error(`"${text}" is not a setting name=value`);
  return [text.slice(0, at), text.slice(at + 1)];
}

function print(text) {
  process.stdout.write(`${text}\n`);
}
