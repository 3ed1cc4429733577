import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { isAbsolute } from 'node:path';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import type { ConnectionParts } from '../connection.js';
import { MillraceError } from '../errors.js';

/** How an encrypted line is made, as Node's `tls.connect` takes it. */
export interface TlsSettings {
  rejectUnauthorized: boolean;
  /** Certificates of the only authorities that are trusted; absent: those of this machine. */
  ca?: string[];
  /** Sent along so that a server of many names shows the right certificate; absent for numeric addresses. */
  servername?: string;
  /**
   * Undefined when the certificate is for one of the connection's hosts. What the client asks for is left out of account: some resolve
   * names, and some ask for `localhost` when the host is a number.
   */
  checkServerIdentity(asked: string, certificate: PeerCertificate): Error | undefined;
}

/**
 * `true`: the certificate comes from a trusted authority and names the host; `verify-ca`: only the authority counts; `unverified`:
 * encrypted, whoever answers.
 */
export type TlsMode = 'true' | 'verify-ca' | 'unverified' | 'false';
const MODES: readonly string[] = ['true', 'verify-ca', 'unverified', 'false'] satisfies TlsMode[];

/**
 * What the option `tls` says; without it the standard, or `true` when a certificate is given. A standard of `true` comes from the scheme
 * (`rediss`), which no option takes back. Throws CONNECTION_URL.
 */
export function tlsMode({ options }: ConnectionParts, standard: 'true' | 'false'): TlsMode {
  const mode = options.tls ?? (options.ca === undefined ? standard : 'true');
  const contradicts = mode === 'false' && standard === 'true';
  if (MODES.includes(mode) && !contradicts) return mode as TlsMode;
  throw new MillraceError(
    contradicts
      ? 'The address of the connection asks for an encrypted line and forbids it.'
      : `The option tls of the connection is one of ${MODES.join(', ')}.`,
    { code: 'CONNECTION_URL', domain: 'user', hint: 'tls=true is the safe choice.' },
  );
}

/** How the line of a connection is encrypted; undefined when it is not. Throws CONNECTION_URL, CONNECTION_CA. */
export function tlsSettings(parts: ConnectionParts, mode: TlsMode): TlsSettings | undefined {
  if (mode === 'false') return undefined;
  const ca = parts.options.ca;
  const names = parts.hosts.map(({ host }) => host);
  return {
    rejectUnauthorized: mode !== 'unverified',
    ...(ca !== undefined && { ca: authorities(ca) }),
    ...(isIP(names[0]!) === 0 && { servername: names[0]! }),
    checkServerIdentity: (_asked, certificate) => {
      if (mode !== 'true') return undefined;
      const problems = names.map((name) => checkServerIdentity(name, certificate));
      return problems.includes(undefined) ? undefined : problems[0];
    },
  };
}

/**
 * Certificates of authorities: PEM text, or the absolute path of a file with it. Throws CONNECTION_CA.
 * Nothing of what a file holds gets into the error: it may be another file than was meant.
 */
export function authorities(ca: string): string[] {
  let text = ca;
  if (!ca.includes('-----BEGIN')) {
    if (!isAbsolute(ca))
      throw unreadable('The certificate of the connection (ca) is neither a certificate nor a path.');
    try {
      text = readFileSync(ca, 'utf8');
    } catch (cause) {
      throw unreadable(`The file with the certificate of the connection, ${ca}, cannot be read.`, cause);
    }
  }
  const found = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (found.length === 0) throw unreadable('The certificate of the connection (ca) holds no certificate.');
  try {
    // Taken as they are, a broken one would be passed over and the server called untrusted.
    return found.map((pem) => new X509Certificate(pem).toString());
  } catch (cause) {
    throw unreadable('The certificate of the connection (ca) cannot be read.', cause);
  }
}

function unreadable(message: string, cause?: unknown): MillraceError {
  return new MillraceError(message, {
    code: 'CONNECTION_CA',
    domain: 'user',
    hint: 'Give the text of the authority’s certificate (PEM, it begins with -----BEGIN CERTIFICATE-----), or the absolute path of a file with it.',
    ...(cause !== undefined && { cause }),
  });
}
