import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { login } from './login.js';
import { readSettings } from './settings.js';
import { type TestServer, testServer } from './testing/test-server.js';

let made: TestServer;
beforeEach(async () => {
  made = await testServer();
});
afterEach(() => made.dispose());

const filesOf = (dir: string): string[] =>
  readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

describe('the first link', () => {
  const tokenOf = (line: string) => line.split('#t=')[1]!;

  it('is traded once for a session that survives a restart', async () => {
    const link = made.printed.find((line) => line.startsWith('Open http://127.0.0.1:'))!;
    expect(link).toMatch(/\/#t=[A-Za-z0-9_-]{43}$/);
    const reply = await made.send('/api/session', { token: false, body: { token: tokenOf(link) } });
    const cookie = String(reply.headers['set-cookie']);
    expect(reply.status).toBe(204);
    expect(cookie).toMatch(/^millrace_session=[A-Za-z0-9_-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Strict$/);
    expect((await made.send('/api/session', { token: false, body: { token: tokenOf(link) } })).status).toBe(401);
    await made.restart();
    const headers = { cookie: cookie.split(';')[0]! };
    expect((await made.send('/api/session', { token: false, headers })).body).toEqual({
      user: { name: 'owner', role: 'admin' },
    });
    expect((await made.send('/api/session', { token: false, method: 'DELETE', headers })).status).toBe(204);
    expect((await made.send('/api/session', { token: false, headers })).status).toBe(401);
  });

  it('can be had again from the command line, beside the running server', async () => {
    const url = await login(readSettings({ MILLRACE_DATA: join(made.dir, 'data') }));
    expect(url.startsWith(`http://127.0.0.1:${made.server.port}/#t=`)).toBe(true);
    expect((await made.send('/api/session', { token: false, body: { token: tokenOf(url) } })).status).toBe(204);
  });

  it('and all other tokens are nowhere on disk', async () => {
    const token = tokenOf(made.printed[0]!);
    for (const file of filesOf(join(made.dir, 'data'))) {
      const text = readFileSync(file, 'latin1');
      for (const secret of [token, made.tokens.admin]) expect(text.includes(secret), file).toBe(false);
      expect(statSync(file).mode & 0o077, file).toBe(0);
    }
    expect(statSync(join(made.dir, 'data')).mode & 0o777).toBe(0o700);
  });
});

describe('the demo', () => {
  const examplesDir = fileURLToPath(new URL('../../../examples', import.meta.url));

  it('is made, published and run on the first start, and does not come back once deleted', async () => {
    const demo = await testServer({ examplesDir });
    const { workflows } = (await demo.send('/api/workflows')).body;
    expect(workflows).toMatchObject([{ id: 'live-shop', publishedVersion: 1, run: { status: 'running' } }]);
    expect(demo.engine.started[0]?.plan.nodes.shop?.operator).toBe('generator.shop');
    expect((await demo.send('/api/views')).body.views.map((view: { name: string }) => view.name).sort()).toEqual([
      'revenue',
      'stock',
      'top-products',
    ]);
    expect((await demo.send('/api/templates')).body.templates.map((one: { id: string }) => one.id)).toContain(
      'live-shop',
    );
    await demo.send('/api/workflows/live-shop?confirm=Live%20shop', { method: 'DELETE' });
    await demo.restart();
    expect((await demo.send('/api/workflows')).body.workflows).toEqual([]);
    await demo.dispose();
  });
});

describe('a server that others can reach', () => {
  const token = 'a-password-of-more-than-thirty-two-characters';
  const env = { PUBLIC_URL: 'https://millrace.example', MILLRACE_ADMIN_TOKEN: token };

  it('answers under its public name, and trades the admin token for a secure session', async () => {
    const open = await testServer({ env });
    const headers = { host: 'millrace.example', origin: 'https://millrace.example' };
    expect(open.printed[0]).toMatch(/^Open https:\/\/millrace\.example\/#t=/);
    const reply = await open.send('/api/session', { token: false, body: { token }, headers });
    expect(reply.status).toBe(204);
    expect(String(reply.headers['set-cookie'])).toMatch(/; Secure$/);
    expect(reply.headers['strict-transport-security']).toBeDefined();
    expect((await open.send('/api/workflows', { token, headers })).status).toBe(200);
    expect((await open.send('/api/workflows', { token: `${token}x`, headers })).status).toBe(401);
    await open.dispose();
  });
});

describe('a port that is taken', () => {
  it('makes the server take the next free one, and say so', async () => {
    const other = await testServer({ env: { PORT: String(made.server.port) } });
    expect(other.server.port).toBeGreaterThan(made.server.port);
    expect(other.printed[0]).toBe(`Port ${made.server.port} is taken, so this is port ${other.server.port}.`);
    await other.dispose();
  });
});

describe('a data directory', () => {
  it('has one server, and says who it is', async () => {
    const other = testServer({ env: { MILLRACE_DATA: join(made.dir, 'data') } });
    await expect(other).rejects.toMatchObject({
      code: 'DATA_DIR_IN_USE',
      params: { pid: process.pid, url: made.server.url },
    });
  });
});

describe('settings', () => {
  it('refuse to serve other machines without authentication, and say what to add', () => {
    const refused = (env: NodeJS.ProcessEnv) => {
      try {
        readSettings(env);
        return undefined;
      } catch (error) {
        return error as { code: string; message: string; params: { exitCode: number; lines: string[] } };
      }
    };
    expect(refused({ HOST: '0.0.0.0' })).toMatchObject({
      code: 'PUBLIC_BIND_REFUSED',
      params: {
        exitCode: 2,
        lines: [expect.stringMatching(/^PUBLIC_URL=/), expect.stringMatching(/^MILLRACE_ADMIN_TOKEN=.{43}$/)],
      },
    });
    expect(refused({ HOST: '192.168.1.5', PUBLIC_URL: 'https://m.example' })?.params.lines).toHaveLength(1);
    expect(
      refused({ HOST: '0.0.0.0', PUBLIC_URL: 'https://m.example', MILLRACE_ADMIN_TOKEN: 'x'.repeat(40) }),
    ).toBeUndefined();
    for (const host of ['127.0.0.1', 'localhost', '::1', '127.1.2.3']) expect(refused({ HOST: host })).toBeUndefined();
    expect(refused({ MILLRACE_ADMIN_TOKEN: `${'x'.repeat(40)} y` })).toMatchObject({ code: 'SETTING_WRONG' });
    expect(refused({ PORT: '70000' })).toMatchObject({ code: 'SETTING_WRONG' });
  });
});
