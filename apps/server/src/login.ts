import { existsSync } from 'node:fs';
import { MillraceError, systemClock } from '@millrace/sdk';
import { Credentials } from './auth/credentials.js';
import { makeLayout } from './data-dir/layout.js';
import { readHolder } from './data-dir/lock.js';
import { readSettings, type Settings } from './settings.js';
import { openStore } from './store/open-store.js';

/** A new login link for the server that runs with a data directory. Throws SERVER_NOT_RUNNING. */
export async function login(settings: Settings = readSettings()): Promise<string> {
  const layout = existsSync(settings.dataDir) ? makeLayout(settings.dataDir) : undefined;
  const url = layout && readHolder(layout.lock)?.url;
  if (layout === undefined || url === undefined) {
    throw new MillraceError(`No Millrace server is running with ${settings.dataDir}.`, {
      code: 'SERVER_NOT_RUNNING',
      params: { dir: settings.dataDir, exitCode: 1 },
      hint: 'Start it with `millrace start`, or name its folder with MILLRACE_DATA.',
    });
  }
  const store = await openStore(settings, layout);
  try {
    return `${url}/#t=${await new Credentials(store, systemClock).createLogin()}`;
  } finally {
    await store.close();
  }
}
