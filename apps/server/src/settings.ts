import { randomBytes } from 'node:crypto';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { hidePassword, MillraceError } from '@millrace/sdk';
import type { Role } from './store/port.js';

/** Where the server listens, what it is called from outside, and where its data is. */
export interface Settings {
  host: string;
  /** Wanted port; 0 = any free one. On loopback the next free one is taken when it is in use. */
  port: number;
  dataDir: string;
  /** What people type when it is not the address the server listens on, e.g. behind a proxy. */
  publicUrl: URL | undefined;
  /** A token with all rights, given from outside; needed for a public bind. */
  adminToken: string | undefined;
  logLevel: string;
  /** Where workflows, versions, runs, users, connections and audit are kept; undefined: in the data directory. */
  mongodbUrl: string | undefined;
  /** The least role that sees personal data; others see it masked. */
  personalDataRole: Role;
}

export const DEFAULT_PORT = 8640;
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];
const MIN_ADMIN_TOKEN = 32;

/**
 * Reads `HOST`, `PORT`, `MILLRACE_DATA`, `PUBLIC_URL`, `MILLRACE_ADMIN_TOKEN`, `MONGODB_URL`, `PERSONAL_DATA_ROLE`, `LOG_LEVEL`. Throws
 * SETTING_WRONG or PUBLIC_BIND_REFUSED.
 */
export function readSettings(env: NodeJS.ProcessEnv = process.env): Settings {
  const host = env.HOST?.trim() || '127.0.0.1';
  const settings: Settings = {
    host,
    port: readPort(env.PORT),
    dataDir: resolve(env.MILLRACE_DATA?.trim() || join(homedir(), '.millrace')),
    publicUrl: readPublicUrl(env.PUBLIC_URL),
    adminToken: readAdminToken(env.MILLRACE_ADMIN_TOKEN),
    mongodbUrl: readMongodbUrl(env.MONGODB_URL),
    personalDataRole: readPersonalDataRole(env.PERSONAL_DATA_ROLE),
    logLevel: LOG_LEVELS.includes(env.LOG_LEVEL ?? '') ? env.LOG_LEVEL! : 'warn',
  };
  if (!isLoopback(host) && (settings.publicUrl === undefined || settings.adminToken === undefined))
    throw publicBindRefused(settings);
  return settings;
}

/** True for hosts that only this machine can reach. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

function readPort(text: string | undefined): number {
  if (!text?.trim()) return DEFAULT_PORT;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw wrong('PORT', text, 'a number from 0 to 65535');
}

function readPersonalDataRole(text: string | undefined): Role {
  const role = text?.trim() || 'editor';
  if (role === 'viewer' || role === 'editor' || role === 'admin') return role;
  throw wrong('PERSONAL_DATA_ROLE', role, 'viewer, editor or admin');
}

function readPublicUrl(text: string | undefined): URL | undefined {
  if (!text?.trim()) return undefined;
  if (!URL.canParse(text)) throw wrong('PUBLIC_URL', text, 'a web address such as https://millrace.example.com');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw wrong('PUBLIC_URL', text, 'an http:// or https:// address');
  return url;
}

function readAdminToken(text: string | undefined): string | undefined {
  const token = text?.trim();
  if (!token) return undefined;
  // It travels in a header, where spaces and letters beyond ASCII have no place.
  if (token.length < MIN_ADMIN_TOKEN || !/^[\x21-\x7e]+$/.test(token)) {
    throw wrong('MILLRACE_ADMIN_TOKEN', '(hidden)', `at least ${MIN_ADMIN_TOKEN} characters of ASCII without spaces`);
  }
  return token;
}

function readMongodbUrl(text: string | undefined): string | undefined {
  const url = text?.trim();
  if (!url) return undefined;
  if (/^mongodb(\+srv)?:\/\/./.test(url)) return url;
  throw wrong('MONGODB_URL', hidePassword(url), 'an address such as mongodb://user:password@host/millrace');
}

function wrong(name: string, value: string, expected: string): MillraceError {
  return new MillraceError(`${name}=${value} cannot be used: it must be ${expected}.`, {
    code: 'SETTING_WRONG',
    params: { name, expected, exitCode: 2 },
    hint: `Change ${name}, or leave it out for the default.`,
  });
}

function publicBindRefused({ host, publicUrl, adminToken }: Settings): MillraceError {
  const lines = [
    ...(publicUrl === undefined ? ['PUBLIC_URL=https://millrace.example.com'] : []),
    ...(adminToken === undefined ? [`MILLRACE_ADMIN_TOKEN=${randomBytes(32).toString('base64url')}`] : []),
  ];
  return new MillraceError(
    `HOST=${host} can be reached from other machines, so the server does not start without authentication. Add:\n${lines.join('\n')}`,
    {
      code: 'PUBLIC_BIND_REFUSED',
      params: { host, lines, exitCode: 2 },
      hint: 'PUBLIC_URL is the address people use; the token (this one was made just now) is your password. Or leave HOST out to serve this machine only.',
    },
  );
}
