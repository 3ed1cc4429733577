import { MillraceError, toMillraceError } from './errors.js';
import type { Setup } from './operator.js';

export interface TryingOptions {
  /**
   * Names what was thrown. What comes back decides: `retry: 'backoff'` is tried again (a fault of domain `user`, such as a wrong
   * password or an unknown table, at the slow pace), `retry: 'never'` is thrown on. Default: MillraceErrors as they are, all else thrown on.
   */
  explain?(thrown: unknown): MillraceError;
  /** ms before the second try; doubled with each up to `longestWait`. Default 100. */
  firstWait?: number;
  /** ms. Default 10,000. */
  longestWait?: number;
  /** ms between tries of what a person has to put right. Default 5,000. */
  slowWait?: number;
}

/** ms that a try under way gets to end when the task is to stop. */
const GRACE = 5000;

/**
 * Does something with an outside system until it works. Meanwhile the node shows the problem; nothing is read or kept, so memory
 * stays flat, and no restart is needed once the system is back or its settings are put right.
 * Throws TASK_STOPPING when the task is asked to stop or pause in between: the task then ends at its last commit.
 */
export async function keepTrying<T>(
  setup: Pick<Setup<unknown>, 'clock' | 'signal' | 'problem'>,
  attempt: () => Promise<T>,
  options: TryingOptions = {},
): Promise<T> {
  const { explain = toMillraceError, firstWait = 100, longestWait = 10_000, slowWait = 5000 } = options;
  const { clock, signal } = setup;
  let wait = firstWait;
  let shown = false;
  for (;;) {
    if (signal.aborted) throw stopping();
    try {
      const result = await finishedOrStopped(setup, attempt());
      if (shown) setup.problem(null);
      return result;
    } catch (thrown) {
      const error = explain(thrown);
      if (error.code === STOPPING || error.retry === 'never') {
        if (shown) setup.problem(null);
        throw error;
      }
      const { code, message, hint } = error;
      setup.problem({ code, message, ...(hint !== undefined && { hint }) });
      shown = true;
      const pause = error.domain === 'user' ? Math.max(wait, slowWait) : wait;
      // Tasks that lost the same system do not all come back in the same instant.
      await clock.sleep(pause * (0.8 + 0.2 * Math.random()), signal);
      wait = Math.min(wait * 2, longestWait);
    }
  }
}

/**
 * Opens a connection. An address that cannot be used is no fault of the records that wait for it: what is thrown asks for another try, so
 * that the node shows it and goes on once it is put right.
 */
export async function connecting<T>(open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (thrown) {
    if (!(thrown instanceof MillraceError) || thrown.retry !== 'never' || thrown.domain !== 'user') throw thrown;
    const { message, code, domain, params, hint } = thrown;
    throw new MillraceError(message, { code, domain, params, retry: 'backoff', cause: thrown, ...(hint && { hint }) });
  }
}

const STOPPING = 'TASK_STOPPING';

function stopping(): MillraceError {
  return new MillraceError('The task is asked to stop while it waits for an outside system.', {
    code: STOPPING,
    domain: 'internal',
    retry: 'never',
  });
}

/** A try under way may end by itself for a while, so that a healthy delivery is not torn in two by a pause. */
async function finishedOrStopped<T>({ clock, signal }: Pick<Setup<unknown>, 'clock' | 'signal'>, work: Promise<T>) {
  if (signal.aborted) return work;
  const done = new AbortController();
  let onAbort: (() => void) | undefined;
  const stopped = new Promise<never>((_, reject) => {
    onAbort = () => void clock.sleep(GRACE, done.signal).then(() => reject(stopping()));
    signal.addEventListener('abort', onAbort, { once: true });
  });
  stopped.catch(() => undefined);
  try {
    return await Promise.race([work, stopped]);
  } finally {
    done.abort();
    signal.removeEventListener('abort', onAbort!);
  }
}
