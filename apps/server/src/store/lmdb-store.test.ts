import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeStore } from '../testing/store-contract.js';
import { openLmdbStore } from './lmdb-store.js';

describeStore('LMDB', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'store-'));
  let store = openLmdbStore(dir);
  return {
    store,
    reopen: async () => {
      await store.close();
      store = openLmdbStore(dir);
      return store;
    },
    dispose: async () => {
      await store.close();
      rmSync(dir, { recursive: true });
    },
  };
});

it('the files of the store are for their owner only', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'store-'));
  const store = openLmdbStore(dir);
  await store.values.set('a', 1);
  expect(statSync(join(dir, 'control.mdb')).mode & 0o777).toBe(0o600);
  await store.close();
  rmSync(dir, { recursive: true });
});
