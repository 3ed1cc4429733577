import { join } from 'node:path';
import { open, type RootDatabase } from 'lmdb';

export type Environment = RootDatabase<Buffer, Buffer>;

export interface EnvironmentOptions {
  readOnly?: boolean;
  /** False skips flushing: throw-away directories. */
  durable?: boolean;
}

/** The folder of a run's environment inside its data directory. No dot in the names: LMDB takes a dotted path for a file. */
export const environmentPath = (dataDir: string) => join(dataDir, 'run');

/** Opens a run's LMDB environment. One thread writes; any number read. */
export function openEnvironment(dataDir: string, options: EnvironmentOptions = {}): Environment {
  return openEnvironmentAt(environmentPath(dataDir), options);
}

export function openEnvironmentAt(path: string, options: EnvironmentOptions): Environment {
  return open<Buffer, Buffer>({
    path,
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
