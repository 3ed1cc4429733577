// Certificates for servers of test/services, made anew for each run by openssl.
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { debian, systemUser } from './process.mjs';

export const STORE_PASSWORD = 'millrace-test';

/** An authority of our own and what it gave to the server: for 127.0.0.1 and shop.test, not for localhost. */
export async function makeCertificates() {
  await debian('/usr/bin/openssl', ['openssl']);
  const folder = mkdtempSync(join(tmpdir(), 'millrace-tls-'));
  // Servers that refuse root run as users of their own.
  chmodSync(folder, 0o755);
  const at = (name) => join(folder, name);
  const openssl = (...args) => {
    const { status, stderr, error } = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' });
    if (error) throw error;
    if (status !== 0) throw new Error(`openssl ${args.join(' ')}: ${stderr}`);
  };
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  for (const name of ['authority', 'stranger']) {
    const files = ['-keyout', `${name}.key`, '-out', `${name}.pem`];
    openssl('req', '-x509', ...curve, ...files, '-subj', `/CN=${name}`, '-days', '2');
  }
  openssl('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'server.key', '-out', 'csr', '-subj', '/CN=shop.test');
  writeFileSync(at('names'), 'subjectAltName=IP:127.0.0.1,DNS:shop.test\n');
  const issuer = ['-CA', 'authority.pem', '-CAkey', 'authority.key', '-CAcreateserial', '-extfile', 'names'];
  openssl('x509', '-req', '-in', 'csr', ...issuer, '-days', '2', '-out', 'server.pem');
  const store = ['-out', 'server.p12', '-passout', `pass:${STORE_PASSWORD}`, '-certfile', 'authority.pem'];
  openssl('pkcs12', '-export', '-in', 'server.pem', '-inkey', 'server.key', '-name', 'server', ...store);
  return {
    authority: readFileSync(at('authority.pem'), 'utf8'),
    authorityFile: at('authority.pem'),
    stranger: readFileSync(at('stranger.pem'), 'utf8'),
    certificateFile: at('server.pem'),
    keyFile: at('server.key'),
    storeFile: at('server.p12'),
    keyOf: (user) => {
      const file = at(`${user}.key`);
      copyFileSync(at('server.key'), file);
      chmodSync(file, 0o600);
      const { uid, gid } = systemUser(user);
      if (uid !== undefined) chownSync(file, uid, gid);
      return file;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
