import type { RedisClient } from './connect.js';

/** A Lua script with its name. KEYS, ARGV and returns stand in a header table of the text. */
export interface Script {
  name: string;
  lua: string;
}

type Arg = string | number | Uint8Array;
type Call = (keyCount: number, ...args: Arg[]) => Promise<unknown>;

/** Runs a script by its hash; a server that does not know it is sent the text. Replies come as Buffers, errors without the arguments. */
export async function callScript(
  client: RedisClient,
  { name, lua }: Script,
  keys: readonly string[],
  args: readonly Arg[],
): Promise<unknown> {
  const methods = client as unknown as { [name: string]: Call | undefined };
  if (methods[`${name}Buffer`] === undefined) client.defineCommand(name, { lua });
  try {
    return await methods[`${name}Buffer`]!.call(client, keys.length, ...keys, ...args);
  } catch (error) {
    throw plainError(error);
  }
}

/** Redis' own error, without the arguments ioredis hangs on to it: they hold payloads. */
export function plainError(error: unknown): Error & { code?: string } {
  const { message, name, code } = error as Error & { code?: string };
  const plain: Error & { code?: string } = new Error(message);
  plain.name = name;
  if (code !== undefined) plain.code = code;
  return plain;
}
