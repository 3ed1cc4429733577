import type { Layout } from '../data-dir/layout.js';
import type { Settings } from '../settings.js';
import { openLmdbStore } from './lmdb-store.js';
import type { Store } from './port.js';

/** The documents of the control plane: on the server that `MONGODB_URL` names, otherwise in the data directory. */
export async function openStore({ mongodbUrl }: Settings, layout: Layout): Promise<Store> {
  if (mongodbUrl === undefined) return openLmdbStore(layout.control);
  const { openMongoStore } = await import('./mongo/mongo-store.js');
  return openMongoStore(mongodbUrl);
}
