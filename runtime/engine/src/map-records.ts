import { type Clock, MillraceError, type StreamRecord } from '@millrace/sdk';

export interface MapOptions {
  /** Calls in flight at once. Default 16. */
  concurrency?: number;
  /** ms for one call. Default 10,000. */
  timeout?: number;
}

export type Outcome<R> = { ok: true; value: R } | { ok: false; error: Error };

/** Runs `fn` over the records with bounded concurrency; results in input order; a rejection or time-out is that record's own. */
export async function mapRecords<R>(
  records: readonly StreamRecord[],
  fn: (record: StreamRecord, signal: AbortSignal) => Promise<R>,
  options: MapOptions,
  clock: Clock,
  signal: AbortSignal,
): Promise<Outcome<R>[]> {
  const { concurrency = 16, timeout = 10_000 } = options;
  const results = new Array<Outcome<R>>(records.length);
  let next = 0;
  const worker = async () => {
    while (next < records.length) {
      const i = next++;
      results[i] = await withTimeout(fn, records[i]!, timeout, clock, signal);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, records.length) }, worker));
  return results;
}

async function withTimeout<R>(
  fn: (record: StreamRecord, signal: AbortSignal) => Promise<R>,
  record: StreamRecord,
  timeout: number,
  clock: Clock,
  stop: AbortSignal,
): Promise<Outcome<R>> {
  const call = new AbortController();
  const abort = () => call.abort();
  stop.addEventListener('abort', abort, { once: true });
  try {
    const late = clock.sleep(timeout, call.signal).then(() => {
      throw new MillraceError(`No answer within ${timeout} ms.`, {
        code: 'CALL_TIMEOUT',
        domain: 'external',
        params: { timeout },
      });
    });
    // When the call wins, the sleeper is ended by abort and its rejection is nobody's business.
    late.catch(() => undefined);
    return { ok: true, value: await Promise.race([fn(record, call.signal), late]) };
  } catch (error) {
    return { ok: false, error: error instanceof Error ? error : new Error(String(error)) };
  } finally {
    stop.removeEventListener('abort', abort);
    call.abort();
  }
}
