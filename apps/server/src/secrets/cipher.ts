import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { MillraceError } from '@millrace/sdk';
import type { Store } from '../store/port.js';

/** An encrypted text: AES-256-GCM, its record's id as additional data, so that it cannot be moved to another record. */
export interface Sealed {
  v: 1;
  /** First hex digits of the key's hash: says which key, not what it is. */
  key: string;
  nonce: string;
  tag: string;
  data: string;
}

export class Cipher {
  readonly #key: Buffer;
  readonly #id: string;

  constructor(key: Buffer) {
    this.#key = key;
    this.#id = createHash('sha256').update('millrace key id').update(key).digest('hex').slice(0, 12);
  }

  seal(text: string, recordId: string): Sealed {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce);
    cipher.setAAD(Buffer.from(recordId));
    const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return {
      v: 1,
      key: this.#id,
      nonce: nonce.toString('base64'),
      tag: cipher.getAuthTag().toString('base64'),
      data: data.toString('base64'),
    };
  }

  open(sealed: Sealed, recordId: string): string {
    if (sealed.key !== this.#id) throw wrongKey();
    const decipher = createDecipheriv('aes-256-gcm', this.#key, Buffer.from(sealed.nonce, 'base64'));
    decipher.setAAD(Buffer.from(recordId));
    decipher.setAuthTag(Buffer.from(sealed.tag, 'base64'));
    try {
      return Buffer.concat([decipher.update(Buffer.from(sealed.data, 'base64')), decipher.final()]).toString('utf8');
    } catch (cause) {
      throw new MillraceError('A stored secret has been changed.', {
        code: 'SECRET_DAMAGED',
        domain: 'internal',
        params: { id: recordId },
        hint: 'Enter it again.',
        cause,
      });
    }
  }
}

/** Names of the store's values that hold secrets of graphs. */
export const SECRET_PREFIX = 'secret/';

/** The cipher of a store's secrets and connections. */
export async function openCipher(store: Store, keyFile: string, env: NodeJS.ProcessEnv = process.env): Promise<Cipher> {
  const secrets = await store.values.list(SECRET_PREFIX);
  const connections = await store.connections.list();
  return new Cipher(loadKey(keyFile, secrets.length + connections.length > 0, env));
}

/** The key: `SECRET_KEY_FILE`, else `SECRET_KEY`, else a generated file. One is never made while encrypted secrets exist. */
export function loadKey(file: string, hasSecrets: boolean, env: NodeJS.ProcessEnv = process.env): Buffer {
  const given = env.SECRET_KEY_FILE ? readFileSync(env.SECRET_KEY_FILE, 'utf8').trim() : env.SECRET_KEY?.trim();
  if (given) return keyOf(given);
  if (existsSync(file)) return keyOf(readFileSync(file, 'utf8').trim());
  if (hasSecrets) throw wrongKey();
  const text = randomBytes(32).toString('base64');
  writeFileSync(file, `${text}\n`, { mode: 0o600, flag: 'wx' });
  return keyOf(text);
}

/** 32 bytes as base64 or hex; any other text of at least 32 characters is hashed to a key. */
function keyOf(text: string): Buffer {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length === 32 && bytes.toString('base64').replace(/=+$/, '') === text.replace(/=+$/, '')) return bytes;
  if (text.length >= 32) return createHash('sha256').update(text).digest();
  throw new MillraceError('The secret key is too short.', {
    code: 'SECRET_KEY_SHORT',
    params: { exitCode: 2 },
    hint: 'Give 32 random bytes as base64, e.g. from `openssl rand -base64 32`.',
  });
}

function wrongKey(): MillraceError {
  return new MillraceError('The stored secrets were encrypted with another key.', {
    code: 'SECRET_KEY_WRONG',
    params: { exitCode: 2 },
    hint: 'Put the key back: SECRET_KEY_FILE, SECRET_KEY or the file secret.key in the data directory.',
  });
}
