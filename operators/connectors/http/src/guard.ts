import { lookup as dnsLookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { MillraceError } from '@millrace/sdk';

/** Addresses that are not on the public internet: loopback, private, link-local, shared, documentation, multicast, translation prefixes. */
const PRIVATE_4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
const PRIVATE_6 = [
  '::/128',
  '::1/128',
  '::ffff:0:0/96',
  '::/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
];

const blocked4 = new BlockList();
const blocked6 = new BlockList();
// One list a family: a BlockList with IPv4 rules also answers for mapped IPv6, which is blocked here as a whole.
for (const range of PRIVATE_4) addRange(blocked4, range, 'ipv4');
for (const range of PRIVATE_6) addRange(blocked6, range, 'ipv6');

function addRange(list: BlockList, range: string, family: 'ipv4' | 'ipv6'): void {
  const [net, prefix] = range.split('/') as [string, string];
  list.addSubnet(net, Number(prefix), family);
}

/** True for an address that a node may not reach without leave. */
export function isPrivateAddress(address: string): boolean {
  const bare = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  const family = isIP(bare);
  if (family === 4) return blocked4.check(bare, 'ipv4');
  return family === 6 ? blocked6.check(bare, 'ipv6') : false;
}

function bareHost(hostname: string): string {
  return hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.+$/, '');
}

function isPrivateName(host: string): boolean {
  return (
    /(^|\.)(localhost|local|internal|localdomain|lan|home\.arpa|intranet)$/.test(host) ||
    (!host.includes('.') && isIP(host) === 0)
  );
}

/** Hosts an administrator has opened: `MILLRACE_ALLOW_PRIVATE_HOSTS`, host names or addresses separated by commas, with or without a port; `*` opens all. */
export function allowedPrivateHosts(env: NodeJS.ProcessEnv = process.env): (host: string, port: number) => boolean {
  const entries = new Set(
    (env.MILLRACE_ALLOW_PRIVATE_HOSTS ?? '')
      .split(',')
      .map((entry) => entry.trim().toLowerCase())
      .filter(Boolean),
  );
  if (entries.has('*')) return () => true;
  return (host, port) => entries.has(host) || entries.has(`${host}:${port}`) || entries.has(`[${host}]:${port}`);
}

export type UrlProblem = { code: 'URL_INVALID' | 'URL_SCHEME' | 'URL_USERINFO' | 'OUTBOUND_BLOCKED'; message: string };

/** What is wrong with a URL before any name is looked up; undefined when nothing is. */
export function urlProblem(text: string, allowed = allowedPrivateHosts()): UrlProblem | undefined {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return { code: 'URL_INVALID', message: 'This is not a full web address such as https://shop.example/hook.' };
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return { code: 'URL_SCHEME', message: 'Only http:// and https:// addresses can be called.' };
  }
  if (url.username !== '' || url.password !== '') {
    return { code: 'URL_USERINFO', message: 'A web address must not hold a user name or password.' };
  }
  const host = bareHost(url.hostname);
  if ((isPrivateAddress(host) || isPrivateName(host)) && !allowed(host, portOf(url))) {
    return {
      code: 'OUTBOUND_BLOCKED',
      message: `${host} is not on the public internet. An administrator can open it with MILLRACE_ALLOW_PRIVATE_HOSTS.`,
    };
  }
  return undefined;
}

export function portOf(url: URL): number {
  return url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
}

export function outboundBlocked(host: string): MillraceError {
  return new MillraceError(`${host} is not on the public internet, so it is not called.`, {
    code: 'OUTBOUND_BLOCKED',
    domain: 'user',
    params: { host },
    hint: 'An administrator can open it with MILLRACE_ALLOW_PRIVATE_HOSTS.',
  });
}

/**
 * A socket lookup that refuses private addresses. The check sits here, on the very addresses the socket then connects to, so a name
 * that answers differently the second time (DNS rebinding) gains nothing.
 */
export function guardedLookup(
  port: number,
  allowed = allowedPrivateHosts(),
  resolve: typeof dnsLookup = dnsLookup,
): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0);
      const host = bareHost(hostname);
      const usable = allowed(host, port)
        ? addresses
        : addresses.filter(({ address }) => !isPrivateAddress(address) || allowed(address, port));
      const first = usable[0];
      // One private answer among public ones is a trick, not a choice.
      if (first === undefined || usable.length < addresses.length)
        return callback(outboundBlocked(host) as unknown as NodeJS.ErrnoException, '', 0);
      if (options.all) return callback(null, usable);
      callback(null, first.address, first.family);
    });
  };
}
