import type { GraphDocument } from '@millrace/graph';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionDoc, RunDoc, Store, WorkflowDoc } from '../store/port.js';

const graph = (name: string): GraphDocument => ({ schema: 1, name, nodes: [], edges: [] });
const workflow = (id: string, updatedAt = 1): WorkflowDoc => ({
  id,
  name: id,
  revision: 1,
  graph: graph(id),
  createdAt: 1,
  updatedAt,
  publishedVersion: null,
});
const run = (id: string, workflowId: string, startedAt: number): RunDoc => ({
  id,
  workflowId,
  version: 1,
  status: 'running',
  wanted: 'running',
  startedAt,
  graph: graph(workflowId),
});

/** What every store must do. `reopen` closes the store and opens it on the same data. */
export function describeStore(
  name: string,
  make: () => Promise<{ store: Store; reopen(): Promise<Store>; dispose(): Promise<void> }>,
): void {
  describe(`the store on ${name}`, () => {
    let made: Awaited<ReturnType<typeof make>>;
    let store: Store;
    beforeEach(async () => {
      made = await make();
      store = made.store;
    });
    afterEach(() => made.dispose());

    it('keeps workflows over a restart, newest change first', async () => {
      await store.workflows.create(workflow('a', 1));
      await store.workflows.create(workflow('b', 2));
      store = await made.reopen();
      expect((await store.workflows.list()).map((one) => one.id)).toEqual(['b', 'a']);
      expect(await store.workflows.get('a')).toEqual(workflow('a', 1));
      expect(await store.workflows.get('c')).toBeUndefined();
    });

    it('creates an id once', async () => {
      expect(await store.workflows.create(workflow('a'))).toBe(true);
      expect(await store.workflows.create({ ...workflow('a'), name: 'other' })).toBe(false);
      expect((await store.workflows.get('a'))?.name).toBe('a');
    });

    it('saves on the revision that was read, and refuses any other with both versions', async () => {
      await store.workflows.create(workflow('a'));
      const first = await store.workflows.update('a', 1, { graph: graph('mine'), name: 'mine', updatedAt: 2 });
      expect(first).toMatchObject({ ok: true, workflow: { revision: 2, name: 'mine' } });
      const second = await store.workflows.update('a', 1, { graph: graph('yours'), name: 'yours', updatedAt: 3 });
      expect(second).toMatchObject({ ok: false, reason: 'conflict', theirs: { revision: 2, graph: { name: 'mine' } } });
      expect(await store.workflows.update('x', 1, { graph: graph('x'), name: 'x', updatedAt: 3 })).toEqual({
        ok: false,
        reason: 'missing',
      });
    });

    it('lets exactly one of many savers of the same revision through', async () => {
      await store.workflows.create(workflow('a'));
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          store.workflows.update('a', 1, { graph: graph(`${i}`), name: `${i}`, updatedAt: i }),
        ),
      );
      expect(results.filter((result) => result.ok)).toHaveLength(1);
    });

    it('numbers versions by workflow and removes them with it', async () => {
      await store.workflows.create(workflow('a'));
      const version = { workflowId: 'a', publishedAt: 1, publishedBy: 'owner', graph: graph('a') };
      expect(await store.versions.add(version)).toBe(1);
      expect(await store.versions.add(version)).toBe(2);
      expect(await store.versions.add({ ...version, workflowId: 'ab' })).toBe(1);
      expect((await store.versions.list('a')).map((one) => one.version)).toEqual([2, 1]);
      expect((await store.versions.get('a', 1))?.graph.name).toBe('a');
      await store.workflows.setPublished('a', 2);
      expect((await store.workflows.get('a'))?.publishedVersion).toBe(2);
      expect(await store.workflows.delete('a')).toBe(true);
      expect(await store.workflows.delete('a')).toBe(false);
      expect(await store.versions.list('a')).toEqual([]);
      expect(await store.versions.list('ab')).toHaveLength(1);
    });

    it('lists runs of a workflow, newest first', async () => {
      for (const doc of [run('r1', 'a', 1), run('r2', 'a', 3), run('r3', 'b', 2)]) await store.runs.put(doc);
      expect((await store.runs.list()).map((doc) => doc.id)).toEqual(['r2', 'r3', 'r1']);
      expect((await store.runs.list({ workflowId: 'a', limit: 1 })).map((doc) => doc.id)).toEqual(['r2']);
      await store.runs.put({ ...run('r1', 'a', 1), status: 'paused' });
      expect((await store.runs.get('r1'))?.status).toBe('paused');
      await store.runs.delete('r1');
      expect(await store.runs.get('r1')).toBeUndefined();
    });

    it('hands a credential out once, and forgets expired ones', async () => {
      const credential = {
        hash: 'h',
        kind: 'login' as const,
        id: 'i',
        name: 'owner',
        role: 'admin' as const,
        createdAt: 1,
        expiresAt: 10,
      };
      await store.credentials.add(credential);
      const taken = await Promise.all([1, 2, 3].map(() => store.credentials.take('h')));
      expect(taken.filter(Boolean)).toEqual([credential]);
      await store.credentials.add(credential);
      await store.credentials.add({ ...credential, hash: 'k', kind: 'api', expiresAt: null });
      await store.credentials.expire(10);
      expect(await store.credentials.get('h')).toBeUndefined();
      expect((await store.credentials.list('api')).map((one) => one.hash)).toEqual(['k']);
      expect(await store.credentials.list('session')).toEqual([]);
    });

    it('keeps connections by name, each made once', async () => {
      const connection = (name: string, updatedAt = 1): ConnectionDoc => ({
        name,
        kind: 'postgres',
        url: { v: 1, key: 'k', nonce: 'n', tag: 't', data: 'd' },
        createdAt: 1,
        updatedAt,
        updatedBy: 'owner',
      });
      const created = await Promise.all([1, 2, 3].map(() => store.connections.create(connection('shop'))));
      expect(created.filter(Boolean)).toHaveLength(1);
      await store.connections.create(connection('archive'));
      expect((await store.connections.list()).map((one) => one.name)).toEqual(['archive', 'shop']);
      expect(await store.connections.replace(connection('shop', 2))).toBe(true);
      expect(await store.connections.replace(connection('other'))).toBe(false);
      expect(await store.connections.get('shop')).toEqual(connection('shop', 2));
      expect(await store.connections.get('other')).toBeUndefined();
      expect(await store.connections.delete('shop')).toBe(true);
      expect(await store.connections.delete('shop')).toBe(false);
    });

    it('appends to the audit, several in one millisecond too', async () => {
      for (const [at, action] of [
        [5, 'a'],
        [5, 'b'],
        [6, 'c'],
      ] as const)
        await store.audit.append({ at, user: 'owner', action, target: '' });
      expect((await store.audit.list(10)).map((entry) => entry.action)).toEqual(['c', 'b', 'a']);
      expect((await store.audit.list(10, 6)).map((entry) => entry.action)).toEqual(['b', 'a']);
      expect(await store.audit.list(1)).toHaveLength(1);
    });

    it('keeps named values', async () => {
      await store.values.set('secret/a', { x: 1 });
      await store.values.set('secret/b', 2);
      await store.values.set('other', 3);
      store = await made.reopen();
      expect(await store.values.list('secret/')).toEqual([
        ['secret/a', { x: 1 }],
        ['secret/b', 2],
      ]);
      await store.values.delete('secret/a');
      expect(await store.values.get('secret/a')).toBeUndefined();
    });
  });
}
