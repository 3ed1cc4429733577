import { performance } from 'node:perf_hooks';
import { HttpError } from '../http/errors.js';
import { askThread, type ThreadError } from '../threads/run-thread.js';
import type { TestAnswer, TestRequest } from './test-thread.js';

export type TestOutcome = { ok: true; ms: number } | { ok: false; error: ThreadError['error'] };

const PATIENCE = 10_000;
const MAX_HEAP_MB = 128;
const MAX_AT_ONCE = 2;

/** Tries a connection in a thread of its own: clients of outside systems may block, leak or never answer. */
export class ConnectionTester {
  #running = 0;

  constructor(
    private readonly catalogue: { module: string; plugins: string[] },
    private readonly patience = PATIENCE,
  ) {}

  async test(kind: string, url: string): Promise<TestOutcome> {
    if (this.#running >= MAX_AT_ONCE)
      throw new HttpError(429, 'TESTS_BUSY', 'Other connections are being tested.', { hint: 'Try again in a moment.' });
    this.#running++;
    try {
      const started = performance.now();
      const request: TestRequest = { catalogue: this.catalogue, kind, url, patience: this.patience };
      const answer = await askThread<TestAnswer>(new URL('./test-thread.js', import.meta.url), request, {
        name: 'connection-test',
        deadline: this.patience + 2000,
        maxHeapMb: MAX_HEAP_MB,
        late: {
          code: 'CONNECTION_LATE',
          message: 'The system did not answer in time.',
          hint: 'Check host and port, and whether a firewall is in between.',
        },
        failed: { code: 'CONNECTION_FAILED', message: 'The test ended without an answer.' },
      });
      return 'error' in answer
        ? { ok: false, error: answer.error }
        : { ok: true, ms: Math.round(performance.now() - started) };
    } finally {
      this.#running--;
    }
  }
}
