import { afterAll, beforeAll } from 'vitest';
import { serverNamed } from '../lib/catalogue.mjs';
import { type Instance, knownServers, startServer } from '../lib/instance.mjs';

/** A server that the tests of a file share. Ready inside tests and hooks. */
export interface ServerUse {
  readonly url: string;
  /** All variables that hand it over, e.g. KAFKA_SASL_URL. */
  readonly env: { readonly [name: string]: string };
  /** The server itself, to be killed and bounced. Throws when the variable names one that this folder did not start. */
  readonly instance: Instance;
  /** False when its variable names a server that we cannot kill. */
  readonly ours: boolean;
}

/**
 * Call it at the top of a test file or a `describe`: starts the server before the tests and stops it after them, unless its
 * variable (`KAFKA_URL` …) names one already.
 */
export function useServer(name: string, options: { [setting: string]: string } = {}): ServerUse {
  const server = serverNamed(name);
  let instance: Instance | undefined;
  let given: { [name: string]: string } | undefined;
  beforeAll(async () => {
    const url = process.env[server.env];
    if (url) {
      instance = knownServers().find((known) => known.url === url);
      given = { ...Object.fromEntries(variables()), [server.env]: url };
    } else instance = await startServer(name, { options });
  }, 300_000);
  afterAll(async () => {
    if (!given) await instance?.stop();
  }, 60_000);
  const variables = () =>
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    get env() {
      return given ?? instance!.env;
    },
    get url() {
      return this.env[server.env]!;
    },
    get ours() {
      return instance !== undefined;
    },
    get instance() {
      if (!instance)
        throw new Error(`${server.env} names a server that this folder did not start: it cannot be killed`);
      return instance;
    },
  };
}
