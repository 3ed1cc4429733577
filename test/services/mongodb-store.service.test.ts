import { randomBytes } from 'node:crypto';
import { openMongoStore } from '@millrace/server/mongo-store';
import { describeStore, orderGraph, type TestServer, testServer } from '@millrace/server/testing';
import { MongoClient } from 'mongodb';
import { afterEach, describe, expect, it } from 'vitest';
import { useServer } from './support/server.js';

const server = useServer('mongodb');
/** A database of its own on the server. */
function database(): { url: string; name: string } {
  const name = `millrace_${randomBytes(5).toString('hex')}`;
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  return { url: url.href, name };
}
const drop = async (name: string) => {
  const client = await MongoClient.connect(server.url);
  await client.db(name).dropDatabase();
  await client.close();
};

describeStore('MongoDB', async () => {
  const { url, name } = database();
  let store = await openMongoStore(url);
  return {
    store,
    reopen: async () => {
      await store.close();
      store = await openMongoStore(url);
      return store;
    },
    dispose: async () => {
      await store.close();
      await drop(name);
    },
  };
});

describe('the store on MongoDB', () => {
  it('takes names with $ and dots in graphs as they are', async () => {
    const { url, name } = database();
    const store = await openMongoStore(url);
    const graph = {
      schema: 1 as const,
      name: 'g',
      nodes: [
        { id: 'a', operator: 'x.y', config: { secret: { $secret: 'abc' }, 'a.b': { $where: '1' }, __proto: null } },
      ],
      edges: [],
    };
    await store.workflows.create({
      id: 'w',
      name: '',
      revision: 1,
      graph,
      createdAt: 1,
      updatedAt: 1,
      publishedVersion: null,
    });
    expect((await store.workflows.get('w'))?.graph).toEqual(graph);
    await store.close();
    await drop(name);
  });

  it('takes operators in what comes from outside as values, never as questions', async () => {
    const { url, name } = database();
    const store = await openMongoStore(url);
    const credential = {
      hash: 'h',
      kind: 'api',
      id: 'i',
      name: 'n',
      role: 'admin',
      createdAt: 1,
      expiresAt: null,
    } as const;
    await store.credentials.add(credential);
    const hostile = { $ne: null } as unknown as string;
    expect(await store.credentials.get(hostile).catch(() => undefined)).toBeUndefined();
    expect(await store.credentials.take(hostile).catch(() => undefined)).toBeUndefined();
    expect(await store.runs.list({ workflowId: hostile }).catch(() => [])).toEqual([]);
    expect(await store.credentials.get('h')).toEqual(credential);
    await store.close();
    await drop(name);
  });

  it('numbers versions that are added at once without a hole or a double', async () => {
    const { url, name } = database();
    const store = await openMongoStore(url);
    const version = {
      workflowId: 'a',
      publishedAt: 1,
      publishedBy: 'o',
      graph: { schema: 1 as const, name: 'a', nodes: [], edges: [] },
    };
    const numbers = await Promise.all(Array.from({ length: 10 }, () => store.versions.add(version)));
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 10 }, (_, i) => i + 1));
    await store.close();
    await drop(name);
  });

  it('says in words when the server is not there or refuses the password', async () => {
    await expect(openMongoStore('mongodb://127.0.0.1:9/x')).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' });
    const wrong = new URL(server.url);
    wrong.password = 'hunter2';
    const error = await openMongoStore(wrong.href).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code: 'STORE_UNREACHABLE' });
    expect(String(error)).not.toContain('hunter2');
  });
});

describe('a server with MONGODB_URL', () => {
  let made: TestServer | undefined;
  afterEach(async () => {
    await made?.dispose();
    made = undefined;
  });

  it('keeps workflows, versions, runs, users, connections and audit there, over a restart, and answers 503 while it is down', async () => {
    const { url, name } = database();
    made = await testServer({ env: { MONGODB_URL: url } });
    const workflow = (await made.send('/api/workflows', { body: { graph: orderGraph() } })).body;
    await made.send(`/api/workflows/${workflow.id}/publish`, { body: { revision: workflow.revision } });
    const connection = { name: 'mongo-shop', kind: 'http', url: 'https://u:hunter2@shop.example/' };
    expect((await made.send('/api/connections', { body: connection })).status).toBe(201);
    const saves = await Promise.all(
      [1, 2, 3].map((n) =>
        made!.send(`/api/workflows/${workflow.id}`, {
          method: 'PUT',
          body: { revision: workflow.revision, graph: orderGraph(`Name ${n}`) },
        }),
      ),
    );
    expect(saves.map((reply) => reply.status).sort()).toEqual([200, 409, 409]);
    await made.restart();
    expect((await made.send(`/api/workflows/${workflow.id}`, { token: made.tokens.viewer })).body).toMatchObject({
      publishedVersion: 1,
      revision: workflow.revision + 1,
      run: { status: 'running' },
    });
    expect((await made.send('/api/connections')).body.connections).toMatchObject([{ name: 'mongo-shop', user: 'u' }]);
    const actions = (await made.server.services.store.audit.list(20)).map((entry) => entry.action);
    expect(actions).toEqual(expect.arrayContaining(['workflow.create', 'workflow.publish', 'connection.create']));
    const client = await MongoClient.connect(server.url);
    const kept = await client.db(name).collection('connections').find().toArray();
    expect(JSON.stringify(kept)).not.toContain('hunter2');
    await client.close();

    if (server.ours) {
      await server.instance.kill();
      const down = await made.send(`/api/workflows/${workflow.id}`, {
        method: 'PUT',
        body: { revision: workflow.revision + 1, graph: orderGraph('While down') },
      });
      expect([down.status, down.body.error.code]).toEqual([503, 'STORE_UNAVAILABLE']);
      await server.instance.launch();
      await server.instance.ready();
      await expect
        .poll(async () => (await made!.send(`/api/workflows/${workflow.id}`)).body?.name, { timeout: 60_000 })
        .toMatch(/^Name/);
    }
    await made.dispose();
    made = undefined;
    await drop(name);
  });
});
