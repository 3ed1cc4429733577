// `npm run -s bench -- NAME [options]`: measurements, each with its method in its own file.
import { parseArgs } from 'node:util';

const BENCHES = {
  connectors: { file: './connectors.mjs', help: 'sinks and sources of outside systems beside their bare clients' },
  bull: {
    file: './bull.mjs',
    help: 'a keyed exchange between two workers, beside bare Redis Streams and a job per record',
  },
  stock: { file: './stock.mjs', help: 'a flash sale: a million orders on one product, with a crash' },
  local: { file: './local.mjs', help: 'W1 and W2 on this machine, beside a hand-written script' },
  nexmark: { file: './nexmark.mjs', help: 'every query of the auction benchmark: events/s, CPU, memory' },
  hopping: { file: './hopping.mjs', help: 'windows that slide every second beside every 15 minutes' },
  state: { file: './state.mjs', help: '10 million keys and 2 million windows, with a crash' },
  uneven: { file: './uneven.mjs', help: 'a slow and a fast input of a join, and a diamond' },
  latency: { file: './latency.mjs', help: 'from HTTP ingest to a live view, on disk before the answer' },
};

const [name, ...rest] = process.argv.slice(2);
const bench = Object.hasOwn(BENCHES, name ?? '') ? BENCHES[name] : undefined;
if (!bench) {
  const list = Object.entries(BENCHES).map(([key, { help }]) => `  ${key}  ${help}`);
  process.stderr.write(`Usage: npm run -s bench -- NAME [options]\n\n${list.join('\n')}\n`);
  process.exitCode = 1;
} else {
  const { options, run } = await import(bench.file);
  process.exitCode = await run(parseArgs({ args: rest, options, strict: true }).values);
}
