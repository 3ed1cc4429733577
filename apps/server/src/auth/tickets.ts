import type { Clock } from '@millrace/sdk';
import { hashToken, newToken, type User } from './credentials.js';

const TTL = 30_000;
const MAX_OPEN = 10_000;

/** Tickets for the live connection: a browser cannot send a header with a WebSocket, and a cookie alone would let any page in. */
export class Tickets {
  readonly #clock: Clock;
  readonly #open = new Map<string, { user: User; expiresAt: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  issue(user: User): string {
    const now = this.#clock.now();
    for (const [hash, ticket] of this.#open) {
      if (ticket.expiresAt > now && this.#open.size < MAX_OPEN) break;
      this.#open.delete(hash);
    }
    const ticket = newToken();
    this.#open.set(hashToken(ticket), { user, expiresAt: now + TTL });
    return ticket;
  }

  /** Whose ticket it is; a ticket works once, within 30 s. */
  take(ticket: string): User | undefined {
    const hash = hashToken(ticket);
    const found = this.#open.get(hash);
    this.#open.delete(hash);
    return found !== undefined && found.expiresAt > this.#clock.now() ? found.user : undefined;
  }
}
