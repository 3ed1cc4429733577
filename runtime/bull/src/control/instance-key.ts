import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { readFileSync } from 'node:fs';
import { MillraceError } from '@millrace/sdk';

/**
 * The secret that the processes of one installation share: `SECRET_KEY_FILE`, else `SECRET_KEY`. From it come two keys: one signs leases, so
 * that a stranger with access to Redis cannot make workers run something; the other seals the secrets that tasks need.
 */
export class InstanceKey {
  readonly #signing: Buffer;
  readonly #sealing: Buffer;

  constructor(secret: Buffer) {
    const derive = (use: string) => Buffer.from(hkdfSync('sha256', secret, '', `millrace ${use}`, 32));
    this.#signing = derive('leases');
    this.#sealing = derive('run secrets');
  }

  sign(text: string): string {
    return createHmac('sha256', this.#signing).update(text).digest('base64url');
  }

  isSigned(text: string, signature: string): boolean {
    const [given, wanted] = [Buffer.from(signature), Buffer.from(this.sign(text))];
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  }

  /** AES-256-GCM; `place` is bound to the text, so that it cannot be moved to another run. Nonce, tag, data. */
  seal(text: string, place: string): Buffer {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#sealing, nonce);
    cipher.setAAD(Buffer.from(place));
    const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), data]);
  }

  /** Throws SECRET_KEY_WRONG when the text was sealed with another key, or for another place, or was changed. */
  open(sealed: Buffer, place: string): string {
    const decipher = createDecipheriv('aes-256-gcm', this.#sealing, sealed.subarray(0, 12));
    decipher.setAAD(Buffer.from(place));
    decipher.setAuthTag(sealed.subarray(12, 28));
    try {
      return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]).toString('utf8');
    } catch (cause) {
      throw new MillraceError('The secrets of this run cannot be opened with the key of this worker.', {
        code: 'SECRET_KEY_WRONG',
        domain: 'user',
        hint: 'Give the server and all workers the same SECRET_KEY_FILE or SECRET_KEY.',
        cause,
      });
    }
  }
}

/** The key of the environment; `fallbackFile` is used when neither variable is set and the file exists. Undefined: none is configured. */
export function readInstanceKey(env: NodeJS.ProcessEnv = process.env, fallbackFile?: string): InstanceKey | undefined {
  const file = env.SECRET_KEY_FILE || (env.SECRET_KEY?.trim() ? undefined : fallbackFile);
  const text = file ? readFileSync(file, 'utf8').trim() : env.SECRET_KEY?.trim();
  if (!text) return undefined;
  if (text.length < 32) {
    throw new MillraceError('The secret key is too short.', {
      code: 'SECRET_KEY_SHORT',
      params: { exitCode: 2 },
      hint: 'Give 32 random bytes as base64, e.g. from `openssl rand -base64 32`.',
    });
  }
  return new InstanceKey(createHash('sha256').update(text).digest());
}
