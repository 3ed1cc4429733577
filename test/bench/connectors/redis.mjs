import { once } from 'node:events';
import { Redis } from 'ioredis';
import { less as minus, stopwatch } from '../connectors.mjs';

export const service = 'redis';

let names = 0;

/** Against ioredis: XADD in pipelines of a thousand, XREAD by the thousand, SET in pipelines. */
export async function cases(url, bench) {
  const newStream = () => `bench-${Date.now()}-${++names}`;
  const fromFile = (path) => ({ operator: 'files.read', config: { path } });
  const to = (stream) => ({ operator: 'redis.write-stream', config: { connection: url, stream } });
  const filled = newStream();
  const one = newStream();
  await bench.graph(fromFile(bench.file), to(filled));
  await bench.graph(fromFile(bench.one), to(one));

  const send = async (add) => {
    const client = new Redis(url);
    const seconds = await bench.sendLines(async (lines) => {
      const pipeline = client.pipeline();
      for (const line of lines) add(pipeline, line);
      await pipeline.exec();
    });
    client.disconnect();
    return seconds;
  };
  const read = async () => {
    const client = new Redis(url);
    const out = bench.openResult();
    const since = stopwatch();
    let id = '0-0';
    for (let left = bench.count; left > 0; ) {
      const [[, entries]] = await client.xread('COUNT', 1000, 'STREAMS', filled, id);
      for (const [, fields] of entries) {
        if (!out.write(`${JSON.stringify(JSON.parse(fields[1]))}\n`)) await once(out, 'drain');
      }
      left -= entries.length;
      id = entries.at(-1)[0];
    }
    const used = since();
    out.end();
    client.disconnect();
    return used;
  };
  const less = async (graph) => minus(await graph(bench.file), await graph(bench.one));
  const stream = newStream();
  return [
    {
      name: 'stream sink',
      ours: () => less((path) => bench.graph(fromFile(path), to(newStream()))),
      bare: () =>
        send((pipeline, line) => pipeline.xadd(stream, '*', 'data', JSON.stringify(JSON.parse(line)), 'id', 'x')),
    },
    {
      name: 'key sink',
      ours: () =>
        less((path) =>
          bench.graph(fromFile(path), {
            operator: 'redis.set',
            config: { connection: url, key: 'id', prefix: 'ours:' },
          }),
        ),
      bare: () =>
        send((pipeline, line) => {
          const value = JSON.parse(line);
          pipeline.set(`bare:${value.id}`, JSON.stringify(value));
        }),
    },
    {
      name: 'stream source',
      ours: () =>
        less((path) =>
          bench.graph(
            {
              operator: 'redis.read-stream',
              config: { connection: url, stream: path === bench.file ? filled : one, until: 'end' },
            },
            { operator: 'files.write', config: { path: `ours-${++names}.ndjson` } },
          ),
        ),
      bare: read,
    },
  ];
}
