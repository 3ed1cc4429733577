import { describe, expect, it } from 'vitest';
import { allowedPrivateHosts, guardedLookup, isPrivateAddress, urlProblem } from './guard.js';

const none = allowedPrivateHosts({});

const BLOCKED = [
  'http://0x7f.1/',
  'http://127.1/',
  'http://2130706433/',
  'http://0177.0.0.1/',
  'http://①②⑦.⓪.⓪.①/',
  'http://127。0。0。1/',
  'http://0/',
  'http://[::]/',
  'http://[::1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::ffff:a9fe:a9fe]/',
  'http://[64:ff9b::7f00:1]/',
  'http://[fe80::1]/',
  'http://localhost./',
  'http://169.254.169.254./',
  'http://100.64.0.1/',
  'http://metadata.google.internal/',
];

type Answer = { error: NodeJS.ErrnoException | null; address: unknown };
function look(host: string, addresses: string[], allowed = none, all = false): Promise<Answer> {
  const resolve = ((
    _name: string,
    _options: unknown,
    done: (error: null, list: { address: string; family: number }[]) => void,
  ) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )) as never;
  return new Promise((done) =>
    guardedLookup(80, allowed, resolve)(host, { all }, (error, address) => done({ error, address })),
  );
}

describe('the guard of outgoing calls', () => {
  it.each(BLOCKED)('blocks %s', (url) => {
    expect(urlProblem(url, none)?.code).toBe('OUTBOUND_BLOCKED');
  });

  it.each([
    ['file:///etc/passwd', 'URL_SCHEME'],
    ['gopher://127.0.0.1:6379/_FLUSHALL', 'URL_SCHEME'],
    ['data:text/plain,hi', 'URL_SCHEME'],
    ['blob:x', 'URL_SCHEME'],
    ['unix:/var/run/docker.sock', 'URL_SCHEME'],
    ['http://allowed.test@127.0.0.1/', 'URL_USERINFO'],
    ['shop.example/hook', 'URL_INVALID'],
  ])('refuses %s as %s', (url, code) => {
    expect(urlProblem(url, none)?.code).toBe(code);
  });

  it.each(['https://shop.example/hook', 'http://8.8.8.8:8080/', 'http://[2606:4700::1111]/'])('lets %s pass', (url) => {
    expect(urlProblem(url, none)).toBeUndefined();
  });

  it('opens what the administrator names, with or without a port', () => {
    const allowed = allowedPrivateHosts({ MILLRACE_ALLOW_PRIVATE_HOSTS: 'localhost:9000, 10.1.2.3' });
    expect(urlProblem('http://localhost:9000/', allowed)).toBeUndefined();
    expect(urlProblem('http://localhost:9001/', allowed)?.code).toBe('OUTBOUND_BLOCKED');
    expect(urlProblem('https://10.1.2.3/x', allowed)).toBeUndefined();
  });

  it('checks the very address a name answers with, so rebinding gains nothing', async () => {
    expect((await look('rebind.test', ['93.184.216.34'])).address).toBe('93.184.216.34');
    expect((await look('rebind.test', ['127.0.0.1'])).error?.code).toBe('OUTBOUND_BLOCKED');
    expect((await look('rebind.test', ['93.184.216.34', '10.0.0.1'])).error?.code).toBe('OUTBOUND_BLOCKED');
    expect((await look('rebind.test', ['::ffff:10.0.0.1'], none, true)).error?.code).toBe('OUTBOUND_BLOCKED');
  });

  it('knows zone ids and brackets', () => {
    expect(isPrivateAddress('[fe80::1%eth0]')).toBe(true);
    expect(isPrivateAddress('1.1.1.1')).toBe(false);
  });
});
