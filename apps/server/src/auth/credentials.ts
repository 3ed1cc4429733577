import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '@millrace/sdk';
import type { CredentialDoc, Role, Store } from '../store/port.js';

/** Who makes a request. */
export interface User {
  name: string;
  role: Role;
}

/** How a request showed who makes it; a cookie comes by itself, so it needs the Origin checks. */
export interface Identity {
  user: User;
  by: 'session' | 'token';
}

const MINUTE = 60_000;
export const LOGIN_TTL = 15 * MINUTE;
export const SESSION_TTL = 30 * 24 * 60 * MINUTE;
/** Prefix of API tokens, so that secret scanners can find a leaked one. */
export const API_TOKEN_PREFIX = 'mr_';

const ORDER: readonly Role[] = ['ingest', 'viewer', 'editor', 'admin'];

export function mayAct(role: Role, needed: Role): boolean {
  return ORDER.indexOf(role) >= ORDER.indexOf(needed);
}

export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** The tokens have 256 random bits, so a plain hash is as good as a slow one. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** Logins, sessions and API tokens. Only hashes reach the store. */
export class Credentials {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #adminHash: Buffer | undefined;

  constructor(store: Store, clock: Clock, adminToken?: string) {
    this.#store = store;
    this.#clock = clock;
    this.#adminHash = adminToken === undefined ? undefined : Buffer.from(hashToken(adminToken));
  }

  /** A token for the fragment of a login link: works once, for 15 minutes. */
  async createLogin(user: User = { name: 'owner', role: 'admin' }): Promise<string> {
    return (await this.#create('login', user, LOGIN_TTL)).token;
  }

  /** Trades a login token (or the admin token) for a session; undefined when it is not valid. */
  async trade(token: string): Promise<{ session: string; user: User } | undefined> {
    const user = this.#isAdminToken(token) ? { name: 'admin', role: 'admin' as const } : await this.#takeLogin(token);
    if (user === undefined) return undefined;
    await this.#store.credentials.expire(this.#clock.now());
    return { session: (await this.#create('session', user, SESSION_TTL)).token, user };
  }

  async #takeLogin(token: string): Promise<User | undefined> {
    const hash = hashToken(token);
    if ((await this.#store.credentials.get(hash))?.kind !== 'login') return undefined;
    const login = await this.#store.credentials.take(hash);
    return login !== undefined && this.#valid(login) ? { name: login.name, role: login.role } : undefined;
  }

  async session(token: string): Promise<User | undefined> {
    return this.#find(token, 'session');
  }

  async bearer(token: string): Promise<User | undefined> {
    return this.#isAdminToken(token) ? { name: 'admin', role: 'admin' } : this.#find(token, 'api');
  }

  async endSession(token: string): Promise<void> {
    const hash = hashToken(token);
    if ((await this.#store.credentials.get(hash))?.kind === 'session') await this.#store.credentials.take(hash);
  }

  /** A new API token; the text is answered here and never again. */
  async createApiToken(user: User, ttlMs?: number): Promise<{ token: string; doc: CredentialDoc }> {
    return this.#create('api', user, ttlMs ?? null);
  }

  async apiTokens(): Promise<CredentialDoc[]> {
    return (await this.#store.credentials.list('api')).filter((doc) => this.#valid(doc));
  }

  async revokeApiToken(id: string): Promise<boolean> {
    const doc = (await this.#store.credentials.list('api')).find((one) => one.id === id);
    return doc !== undefined && (await this.#store.credentials.take(doc.hash)) !== undefined;
  }

  async #create(
    kind: CredentialDoc['kind'],
    user: User,
    ttlMs: number | null,
  ): Promise<{ token: string; doc: CredentialDoc }> {
    const token = kind === 'api' ? `${API_TOKEN_PREFIX}${newToken()}` : newToken();
    const now = this.#clock.now();
    const doc: CredentialDoc = {
      hash: hashToken(token),
      kind,
      id: randomBytes(6).toString('hex'),
      name: user.name,
      role: user.role,
      createdAt: now,
      expiresAt: ttlMs === null ? null : now + ttlMs,
    };
    await this.#store.credentials.add(doc);
    return { token, doc };
  }

  async #find(token: string, kind: CredentialDoc['kind']): Promise<User | undefined> {
    const doc = await this.#store.credentials.get(hashToken(token));
    return doc?.kind === kind && this.#valid(doc) ? { name: doc.name, role: doc.role } : undefined;
  }

  #valid(doc: CredentialDoc): boolean {
    return doc.expiresAt === null || doc.expiresAt > this.#clock.now();
  }

  #isAdminToken(token: string): boolean {
    if (this.#adminHash === undefined) return false;
    const given = Buffer.from(hashToken(token));
    return timingSafeEqual(given, this.#adminHash);
  }
}
