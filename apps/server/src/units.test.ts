import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AnyOperator } from '@millrace/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockDataDir, readHolder } from './data-dir/lock.js';
import { recordTypeOf } from './samples/record-type.js';
import { Cipher, loadKey } from './secrets/cipher.js';
import { testCatalogue } from './testing/test-server.js';
import { changesBetween } from './workflows/changes.js';
import { pathFindings } from './workflows/file-jail.js';
import { firstParagraph, readTemplates } from './workflows/templates.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'units-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

describe('the lock of a data directory', () => {
  const path = () => join(dir, 'server.lock');

  it('is held by one, told apart by its address, and free after release', () => {
    const lock = lockDataDir(path());
    lock.announce('http://127.0.0.1:1');
    expect(() => lockDataDir(path())).toThrow(/already running with .* at http:\/\/127\.0\.0\.1:1 \(process \d+/);
    lock.release();
    lockDataDir(path()).release();
    expect(readHolder(path())).toBeUndefined();
  });

  it.each([
    ['a process that is gone', { pid: 2 ** 22 + 1, started: '1' }],
    ['another process under the same id', { pid: process.pid, started: 'long ago' }],
  ])('is taken over from %s', (_title, holder) => {
    writeFileSync(path(), JSON.stringify({ host: hostname(), since: 'x', ...holder }));
    const lock = lockDataDir(path());
    expect(readHolder(path())?.pid).toBe(process.pid);
    lock.release();
  });

  it('of another machine counts as held while it is touched', () => {
    writeFileSync(path(), JSON.stringify({ host: 'elsewhere', pid: 1, started: '1', since: 'x' }));
    expect(() => lockDataDir(path())).toThrow(expect.objectContaining({ code: 'DATA_DIR_IN_USE' }));
    utimesSync(path(), 1, 1);
    lockDataDir(path()).release();
  });

  it('that is half written is taken over', () => {
    writeFileSync(path(), '{"pid":');
    lockDataDir(path()).release();
  });
});

describe('a cipher', () => {
  const key = Buffer.alloc(32, 7);

  it('gives back what it sealed, for the same record only', () => {
    const sealed = new Cipher(key).seal('hunter2', 'secret/a');
    expect(JSON.stringify(sealed)).not.toContain('hunter2');
    expect(new Cipher(key).open(sealed, 'secret/a')).toBe('hunter2');
    expect(() => new Cipher(key).open(sealed, 'secret/b')).toThrow(expect.objectContaining({ code: 'SECRET_DAMAGED' }));
    expect(() => new Cipher(Buffer.alloc(32, 8)).open(sealed, 'secret/a')).toThrow(
      expect.objectContaining({ code: 'SECRET_KEY_WRONG' }),
    );
    expect(new Cipher(key).seal('hunter2', 'secret/a').data).not.toBe(sealed.data);
  });

  it('has a key from the environment, a file, or made anew, but never anew over old secrets', () => {
    const file = join(dir, 'secret.key');
    expect(loadKey(file, false, { SECRET_KEY: key.toString('base64') })).toEqual(key);
    expect(loadKey(file, false, { SECRET_KEY: key.toString('hex') })).toEqual(key);
    expect(() => loadKey(file, true, {})).toThrow(expect.objectContaining({ code: 'SECRET_KEY_WRONG' }));
    expect(() => loadKey(file, false, { SECRET_KEY: 'short' })).toThrow(
      expect.objectContaining({ code: 'SECRET_KEY_SHORT' }),
    );
    const made = loadKey(file, false, {});
    expect(loadKey(file, true, {})).toEqual(made);
    expect(readFileSync(file, 'utf8')).toHaveLength(45);
  });
});

describe('changes between two graphs', () => {
  const node = (id: string, operator: string, config = {}, more = {}) => ({ id, operator, config, ...more });
  const graph = (...nodes: ReturnType<typeof node>[]) => ({ schema: 1 as const, name: 'x', nodes, edges: [] });
  const of = (...args: [ReturnType<typeof graph>, ReturnType<typeof graph>, boolean?]) =>
    changesBetween(args[0], args[1], testCatalogue, args[2]);

  it('name what each node keeps', () => {
    const before = graph(
      node('view', 'view.table'),
      node('hook', 'http.webhook', { url: 'https://a.example' }),
      node('old', 'view.table'),
      node('still', 'view.table'),
    );
    const after = graph(
      node('view', 'view.table', { key: ['x'] }),
      node('hook', 'http.webhook', { url: 'https://a.example', retries: 1 }, { position: { x: 1, y: 1 } }),
      node('new', 'view.table'),
      node('still', 'view.table', {}, { parallelism: 2 }),
    );
    expect(of(before, after)).toEqual([
      { nodeId: 'view', change: 'config', state: 'lost', live: false },
      { nodeId: 'hook', change: 'config', state: 'none', live: false },
      { nodeId: 'hook', change: 'moved', state: 'none', live: true },
      { nodeId: 'new', change: 'added', state: 'new', live: false },
      { nodeId: 'still', change: 'parallelism', state: 'kept', live: false },
      { nodeId: 'old', change: 'removed', state: 'lost', live: false },
    ]);
  });

  it('name every state that the engine cannot carry over', () => {
    expect(
      of(
        graph(node('a', 'view.table'), node('b', 'core.filter')),
        graph(node('a', 'view.table'), node('b', 'core.filter')),
        false,
      ),
    ).toEqual([{ nodeId: 'a', change: 'unchanged', state: 'lost', live: false }]);
  });
});

describe('paths in a graph', () => {
  const found = (log: string) =>
    pathFindings(
      { schema: 1, name: 'x', nodes: [{ id: 'a', operator: 'http.ingest', config: { log } }], edges: [] },
      testCatalogue,
      join(dir, 'files'),
      [join(dir, 'files')],
    ).map((finding) => finding.code);

  it('stay inside the allowed folders, links followed', () => {
    mkdirSync(join(dir, 'files', 'in'), { recursive: true });
    symlinkSync('/etc', join(dir, 'files', 'link'));
    for (const fine of ['in/orders.csv', './in', 'new/deep/file', join(dir, 'files', 'in')])
      expect(found(fine), fine).toEqual([]);
    for (const out of [
      '../secret.key',
      '/etc/passwd',
      'link/passwd',
      'in/../../x',
      '../../../../proc/self/environ',
      'a\0b',
      '/dev/zero',
    ])
      expect(found(out), out).toEqual(['PATH_OUTSIDE_ROOT']);
  });
});

describe('templates', () => {
  it('are the folders with a graph, told by their README', () => {
    mkdirSync(join(dir, 'shop'));
    mkdirSync(join(dir, 'no-graph'));
    writeFileSync(join(dir, 'shop', 'graph.json'), JSON.stringify({ schema: 1, name: 'Shop', nodes: [], edges: [] }));
    writeFileSync(join(dir, 'shop', 'README.md'), '# A shop\n\nShows\na shop.\n\nMore.\n');
    writeFileSync(join(dir, 'shop', 'README.zh.md'), '# 商店\n\n展示一个商店。\n');
    expect(readTemplates(dir, { get: () => undefined })).toEqual([
      {
        id: 'shop',
        name: 'Shop',
        description: 'Shows a shop.',
        graph: expect.any(Object),
        zh: { name: '商店', description: '展示一个商店。' },
      },
    ]);
    expect(firstParagraph('# T\n\n```sh\nx\n```\n').text).toBe('');
    expect(readTemplates(join(dir, 'gone'), { get: () => undefined })).toEqual([]);
  });

  it('are offered only where their operators are installed', () => {
    mkdirSync(join(dir, 'hello'));
    const nodes = [{ id: 'greet', operator: 'hello.greet', config: {} }];
    writeFileSync(join(dir, 'hello', 'graph.json'), JSON.stringify({ schema: 1, name: 'Hello', nodes, edges: [] }));
    const installed = (...types: string[]) => ({
      get: (type: string) => (types.includes(type) ? ({ type } as AnyOperator) : undefined),
    });
    expect(readTemplates(dir, installed('core.print'))).toEqual([]);
    expect(readTemplates(dir, installed('core.print', 'hello.greet')).map(({ id }) => id)).toEqual(['hello']);
  });
});

it('the type of sampled records is what all of them agree on', () => {
  expect(
    recordTypeOf([
      { id: 'A1', n: 1, at: '2026-01-01T00:00:00Z', x: 1, o: {}, l: [], b: true, u: null },
      { at: 'soon', x: 'one', u: 2 },
      5,
    ]),
  ).toEqual({
    fields: { id: 'text', n: 'number', at: 'text', x: 'any', o: 'object', l: 'list', b: 'boolean', u: 'number' },
    open: true,
  });
});
