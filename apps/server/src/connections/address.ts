import { type ConnectionParts, MillraceError, parseConnectionUrl } from '@millrace/sdk';

/** What stands in the place of a secret, in what is shown and in what comes back unchanged. */
export const MASK = '***';

/** Names of options whose values are secrets, e.g. `?bearer=` or `?sslpassword=`; the headers of a web API are taken as such. */
const SECRET_OPTION = /pass|secret|token|key|auth|bearer|credential|^header\./i;

/** An address for people: everything but the secrets. */
export interface Address {
  /** Hosts with their ports, separated by commas. */
  host: string;
  user: string | null;
  hasPassword: boolean;
  /** Database, keyspace, virtual host or base path. */
  path: string;
  /** The whole URL with `***` for each secret. */
  masked: string;
}

export function addressOf(url: string): Address {
  const parts = parseConnectionUrl(url);
  return {
    host: parts.hosts.map(hostText).join(','),
    user: parts.user ?? null,
    hasPassword: parts.password !== undefined,
    path: parts.path,
    masked: write({
      ...parts,
      password: parts.password === undefined ? undefined : MASK,
      options: Object.fromEntries(
        Object.entries(parts.options).map(([name, value]) => [name, SECRET_OPTION.test(name) ? MASK : value]),
      ),
    }),
  };
}

/** True if the text is an address with a password or another secret in it. What cannot be read counts when it looks so. */
export function holdsSecret(text: string): boolean {
  if (!text.includes('://')) return false;
  try {
    return addressOf(text).masked.includes(MASK);
  } catch {
    return text.includes('@') || SECRET_OPTION.test(text);
  }
}

/**
 * The address with the secrets of the one before it wherever `***` came back. A secret is never carried to another host: whoever
 * changes the host enters it again (SECRET_AGAIN).
 */
export function withSecretsOf(url: string, before: string | undefined): string {
  const next = parseConnectionUrl(url);
  const wanted = next.password === MASK || Object.values(next.options).includes(MASK);
  if (!wanted) return url;
  const old = before === undefined ? undefined : parseConnectionUrl(before);
  if (old === undefined || old.hosts.map(hostText).join() !== next.hosts.map(hostText).join()) {
    throw new MillraceError('The address has changed, so its password must be entered again.', {
      code: 'SECRET_AGAIN',
      hint: 'A kept password is never sent to another host.',
    });
  }
  return write({
    ...next,
    password: next.password === MASK ? old.password : next.password,
    options: Object.fromEntries(
      Object.entries(next.options).map(([name, value]) => [name, value === MASK ? (old.options[name] ?? '') : value]),
    ),
  });
}

function hostText({ host, port }: ConnectionParts['hosts'][number]): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return port === undefined ? name : `${name}:${port}`;
}

function write({ scheme, user, password, hosts, path, options }: ConnectionParts): string {
  const shown = (text: string) => (text === MASK ? MASK : encodeURIComponent(text));
  const sign =
    user === undefined && password === undefined
      ? ''
      : `${shown(user ?? '')}${password === undefined ? '' : `:${shown(password)}`}@`;
  const query = Object.entries(options).map(([name, value]) => `${encodeURIComponent(name)}=${shown(value)}`);
  const tail = path === '' ? '' : `/${path.split('/').map(encodeURIComponent).join('/')}`;
  return `${scheme}://${sign}${hosts.map(hostText).join(',')}${tail}${query.length > 0 ? `?${query.join('&')}` : ''}`;
}
