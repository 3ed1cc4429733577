import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
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
    expect(refused({ PORT: '70000' })).toMatchObject({ code: 'SETTING_WRONG' });
  });
});
