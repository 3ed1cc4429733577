/** An address taken apart, as the form shows it. A secret that is kept but not shown is `***`. */
export interface Parts {
  /** Hosts with ports, separated by commas. */
  host: string;
  user: string;
  password: string;
  token: string;
  path: string;
  tls: boolean;
  /** Certificate of the authority that vouches for the system (PEM, or the path of a file on the server); empty: those known there. */
  ca: string;
  /** Further options as they stand behind the ?. */
  options: string;
}

export const MASK = '***';
export const NO_PARTS: Parts = {
  host: '',
  user: '',
  password: '',
  token: '',
  path: '',
  tls: false,
  ca: '',
  options: '',
};

/** Schemes that say by themselves whether the line is encrypted; all others say it with an option. */
const SECURE: { readonly [scheme: string]: string } = {
  http: 'https',
  ws: 'wss',
  amqp: 'amqps',
  redis: 'rediss',
  kafka: 'kafkas',
};
const PLAIN: { readonly [scheme: string]: string } = Object.fromEntries(
  Object.entries(SECURE).map(([plain, secure]) => [secure, plain]),
);

/** Options that say how a line is encrypted, beyond yes or no: PostgreSQL's own spelling, or `tls=verify-ca`. */
const LINE = /^(tls|sslmode)=/;
const PLAIN_LINE = /^(tls=false|sslmode=disable)$/;

const schemeOf = (url: string) => /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase() ?? '';
/** The scheme of a kind without encryption, from the example its operators give. */
const plainScheme = (example: string) => PLAIN[schemeOf(example)] ?? schemeOf(example);
/** Web addresses are encrypted unless someone says otherwise. */
export const secureByDefault = (example: string) => ['https', 'wss'].includes(schemeOf(example));
/** Systems that sign in with a token instead of user and password too. */
export const takesToken = (kind: string) => kind === 'http' || kind === 'websocket';

const encode = (text: string) => (text === MASK ? MASK : encodeURIComponent(text));
const decode = (text: string) => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

export function joinParts(parts: Parts, example: string): string {
  const plain = plainScheme(example);
  const scheme = parts.tls ? (SECURE[plain] ?? plain) : plain;
  const sign =
    parts.user === '' && parts.password === ''
      ? ''
      : `${encode(parts.user)}${parts.password === '' ? '' : `:${encode(parts.password)}`}@`;
  const path = parts.path.replace(/^\/+/, '');
  const more = parts.options.split('&').filter((option) => option !== '' && (parts.tls || !LINE.test(option)));
  const said = SECURE[plain] !== undefined || more.some((option) => LINE.test(option));
  const options = [
    ...(parts.tls && !said ? ['tls=true'] : []),
    ...(parts.tls && parts.ca.trim() !== '' ? [`ca=${encode(parts.ca.trim())}`] : []),
    ...(parts.token === '' ? [] : [`bearer=${encode(parts.token)}`]),
    ...more,
  ].join('&');
  return `${scheme}://${sign}${parts.host.replace(/\s+/g, '')}${path === '' ? '' : `/${path.split('/').map(encode).join('/')}`}${options === '' ? '' : `?${options}`}`;
}

export function splitParts(url: string): Parts {
  const match = /^([a-z][a-z0-9+.-]*):\/\/(?:([^@/?#]*)@)?([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/i.exec(url);
  if (!match) return NO_PARTS;
  const [user = '', ...password] = (match[2] ?? '').split(':');
  const options = (match[5] ?? '').split('&').filter(Boolean);
  const value = (name: string) => options.find((option) => option.startsWith(`${name}=`))?.slice(name.length + 1);
  return {
    host: match[3] ?? '',
    user: decode(user),
    password: decode(password.join(':')),
    token: decode(value('bearer') ?? ''),
    path: decode(match[4] ?? ''),
    tls:
      PLAIN[match[1]!.toLowerCase()] !== undefined ||
      options.some((option) => LINE.test(option) && !PLAIN_LINE.test(option)),
    ca: decode(value('ca') ?? ''),
    options: options
      .filter((option) => !/^((bearer|ca)=|tls=true$)/.test(option) && !PLAIN_LINE.test(option))
      .join('&'),
  };
}
