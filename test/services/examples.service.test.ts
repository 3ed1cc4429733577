import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readExample } from '../examples/example.mjs';
import { OUTSIDE } from '../examples/outside.mjs';
import { WAYS } from '../examples/ways.mjs';
import { type ServerUse, useServer } from './support/server.js';

/** The examples find the addresses in the environment, as `npm run -s examples` does. */
function handOver(servers: readonly ServerUse[], variables: readonly string[]): void {
  const before = variables.map((name) => process.env[name]);
  beforeAll(() => {
    variables.forEach((name, n) => {
      process.env[name] = servers[n]!.url;
    });
  });
  afterAll(() => {
    variables.forEach((name, n) => {
      if (before[n] === undefined) delete process.env[name];
    });
  });
}

describe.each([
  ['kafka-to-postgres', ['kafka', 'postgres']],
  ['rabbitmq-orders', ['rabbitmq']],
  ['mongodb-to-cassandra', ['mongodb', 'cassandra']],
] as const)('the example %s', (name, kinds) => {
  handOver(
    kinds.map((kind) => useServer(kind)),
    OUTSIDE[name]!.needs,
  );
  const example = readExample(name);

  it.each([
    ['gives what it promises', WAYS.run],
    ['gives the same when it is killed again and again', WAYS.crash],
    ['gives the same when it goes on with three tasks instead of one', WAYS.rescale],
  ] as const)('%s', async (_what, run) => {
    expect(await run(example)).toBeUndefined();
  });
});
