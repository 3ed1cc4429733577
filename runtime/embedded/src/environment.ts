import { join } from 'node:path';
import { open, type RootDatabase } from 'lmdb';

export type Environment = RootDatabase<Buffer, Buffer>;

/** Opens a run's LMDB environment. One thread writes; any number read. `durable: false` skips flushing (throw-away directories). */
export function openEnvironment(dataDir: string, options: { readOnly?: boolean; durable?: boolean } = {}): Environment {
  return open<Buffer, Buffer>({
    path: join(dataDir, 'run'),
    keyEncoding: 'binary',
    encoding: 'binary',
    // A commit's reply promises durability, so the flush must be part of the transaction.
    overlappingSync: false,
    noSync: options.durable === false,
    readOnly: options.readOnly ?? false,
    noMemInit: true,
    maxReaders: 1024,
    cache: false,
  }) as Environment;
}
