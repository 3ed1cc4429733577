import { MillraceError } from '../errors.js';

type Naming = readonly [code: string, message: string, hint: string];

/** Node's and OpenSSL's names and sentences: some clients put codes of their own over those. */
const KINDS: readonly (readonly [RegExp, Naming])[] = [
  [
    /^(ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)$|does not match certificate's altnames/,
    [
      'CERTIFICATE_NAME',
      'the certificate of the server is for another name than the connection uses',
      'Use a host name that is in the certificate. With your own authority the option tls=verify-ca leaves the name out of account.',
    ],
  ],
  [
    /^(CERT_HAS_EXPIRED|CERT_NOT_YET_VALID)$|certificate (has expired|is not yet valid)/,
    [
      'CERTIFICATE_EXPIRED',
      'the certificate of the server is not valid now',
      'Renew the certificate on the server, or set the clock of this machine. It goes on by itself.',
    ],
  ],
  [
    /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?|CERT_UNTRUSTED|CERT_SIGNATURE_FAILURE|CERT_REJECTED|CERT_REVOKED|INVALID_CA|CERT_CHAIN_TOO_LONG)$|self-signed certificate|unable to (verify the first certificate|get (local )?issuer certificate)|certificate signature failure/,
    [
      'CERTIFICATE_UNTRUSTED',
      'the certificate of the server comes from an authority that is not trusted here',
      'If it is your own authority, give its certificate to the connection: the field "Certificate of the authority", or the option ca of the address. It goes on by itself.',
    ],
  ],
  [
    /^(ERR_SSL_\w+|EPROTO)$/,
    [
      'TLS_FAILED',
      'no encrypted line could be made',
      'Check that the server speaks TLS at this port, and the encryption setting of the connection.',
    ],
  ],
];

/**
 * What a failed encrypted line means, in the same words for every system; undefined when the certificate or TLS is not the matter.
 * Looks through what clients wrap around an error. A person mends it, then the node goes on by itself.
 */
export function tlsTrouble(system: string, thrown: unknown): MillraceError | undefined {
  const parts = [...within(thrown)];
  for (const [pattern, [code, message, hint]] of KINDS) {
    const found = parts.find((part) => [part.code, part.message].some((text) => pattern.test(String(text))));
    if (found === undefined) continue;
    const reason = found.code ?? found.message;
    return new MillraceError(`${system}: ${message} (${reason}).`, {
      code,
      domain: 'user',
      retry: 'backoff',
      params: { reason },
      hint,
      cause: thrown,
    });
  }
  return undefined;
}

interface Part {
  code?: unknown;
  message?: unknown;
}

/** An error and what it was made of, whatever the client calls that. */
function* within(thrown: unknown, depth = 0): Generator<Part> {
  if (typeof thrown !== 'object' || thrown === null || depth > 6) return;
  yield thrown as Part;
  const { cause, errors, innerErrors, lastNodeError, previousErrors, reason } = thrown as { [name: string]: unknown };
  const servers = (reason as { servers?: unknown } | undefined)?.servers;
  const inner: unknown[] = [
    cause,
    lastNodeError,
    reason,
    ...(Array.isArray(errors) ? errors : []),
    ...(Array.isArray(previousErrors) ? previousErrors : []),
    ...(typeof innerErrors === 'object' && innerErrors !== null ? Object.values(innerErrors) : []),
    ...(servers instanceof Map ? [...servers.values()].map((server: { error?: unknown }) => server.error) : []),
  ];
  for (const one of inner) yield* within(one, depth + 1);
}
