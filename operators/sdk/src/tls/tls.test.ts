import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterAll, describe, expect, it } from 'vitest';
import { parseConnectionUrl } from '../connection.js';
import { authorities, tlsMode, tlsSettings, tlsTrouble } from './index.js';

const folder = mkdtempSync(join(tmpdir(), 'tls-'));
afterAll(() => rmSync(folder, { recursive: true }));
const [first, second] = rootCertificates as [string, string];
const code = (name: string) => expect.objectContaining({ code: name });
const settings = (url: string) => {
  const parts = parseConnectionUrl(url);
  return tlsSettings(parts, tlsMode(parts, 'false'));
};

describe('the encryption of a connection', () => {
  it('is none, full, or what the option says; a certificate alone asks for it', () => {
    expect(settings('mysql://h/db')).toBeUndefined();
    expect(settings('mysql://h/db?tls=false')).toBeUndefined();
    expect(settings('mysql://h/db?tls=true')).toMatchObject({ rejectUnauthorized: true, servername: 'h' });
    expect(settings('mysql://10.0.0.5/db?tls=unverified')).not.toHaveProperty('servername');
    expect(settings('mysql://h/db?tls=unverified')).toMatchObject({ rejectUnauthorized: false });
    expect(settings(`mysql://h/db?ca=${encodeURIComponent(first)}`)).toMatchObject({ rejectUnauthorized: true });
    expect(() => settings('mysql://h/db?tls=maybe')).toThrow(code('CONNECTION_URL'));
    expect(() => tlsMode(parseConnectionUrl('rediss://h?tls=false'), 'true')).toThrow(code('CONNECTION_URL'));
  });

  it('takes a certificate for a host of the connection, whatever name the client asks for', () => {
    const certificate = { subject: { CN: 'b' }, subjectaltname: 'DNS:b, IP Address:10.0.0.5' } as never;
    const check = (url: string) => settings(url)!.checkServerIdentity('localhost', certificate);
    expect(check('cassandra://a,b/k?tls=true')).toBeUndefined();
    expect(check('cassandra://10.0.0.5/k?tls=true')).toBeUndefined();
    expect(check('cassandra://a/k?tls=true')).toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    expect(check('cassandra://a/k?tls=verify-ca')).toBeUndefined();
  });
});

describe('certificates of authorities', () => {
  it('come as text or from a file, several in a row too', () => {
    const file = join(folder, 'ca.pem');
    writeFileSync(file, `my own authority\n${first}\n${second}\n`);
    expect(authorities(file)).toHaveLength(2);
    expect(authorities(first)).toHaveLength(1);
  });

  it('are refused when they cannot be read, without what a file holds', () => {
    const other = join(folder, 'other');
    writeFileSync(other, 'root:hunter2');
    for (const bad of ['ca.pem', join(folder, 'absent'), folder, other, first.replace(/M/g, 'N')]) {
      expect(() => authorities(bad)).toThrow(code('CONNECTION_CA'));
      expect(() => authorities(bad)).not.toThrow(/hunter2/);
    }
  });
});

describe('what a failed line means', () => {
  it.each([
    [{ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, 'CERTIFICATE_UNTRUSTED'],
    [{ code: 'HANDSHAKE_SSL_ERROR', message: 'self-signed certificate in certificate chain' }, 'CERTIFICATE_UNTRUSTED'],
    [{ innerErrors: { h: { code: 'CERT_HAS_EXPIRED' } } }, 'CERTIFICATE_EXPIRED'],
    [{ cause: { errors: [{ cause: { code: 'ERR_TLS_CERT_ALTNAME_INVALID' } }] } }, 'CERTIFICATE_NAME'],
    [{ reason: { servers: new Map([['h', { error: { code: 'EPROTO' } }]]) } }, 'TLS_FAILED'],
  ])('is found in %o', (error, expected) => {
    expect(tlsTrouble('Shop', error)).toMatchObject({ code: expected, retry: 'backoff', domain: 'user' });
  });

  it('is nothing when the line is not the matter', () => {
    const circle = { code: 'ECONNREFUSED', cause: undefined as unknown };
    circle.cause = circle;
    expect(tlsTrouble('Shop', circle)).toBeUndefined();
    expect(tlsTrouble('Shop', undefined)).toBeUndefined();
  });
});
