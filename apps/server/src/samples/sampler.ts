import type { RecordType, Value } from '@millrace/sdk';
import { HttpError } from '../http/errors.js';
import { askThread } from '../threads/run-thread.js';
import { recordTypeOf } from './record-type.js';
import type { SampleAnswer, SampleRequest } from './sample-thread.js';

const LIMIT = 20;
const PATIENCE = 3000;
const DEADLINE = 10_000;
const MAX_HEAP_MB = 128;
const MAX_AT_ONCE = 2;

/** Reads the first records of a source in a thread of its own, which is ended when it takes too long or too much memory. */
export class Sampler {
  #running = 0;

  constructor(
    private readonly catalogue: { module: string; plugins: string[] },
    private readonly baseDir: string,
  ) {}

  async read(operator: string, config: Value): Promise<{ values: Value[]; type: RecordType }> {
    if (this.#running >= MAX_AT_ONCE)
      throw new HttpError(429, 'SAMPLES_BUSY', 'Other samples are being read.', { hint: 'Try again in a moment.' });
    this.#running++;
    try {
      const request: SampleRequest = {
        catalogue: this.catalogue,
        operator,
        config,
        baseDir: this.baseDir,
        limit: LIMIT,
        patience: PATIENCE,
      };
      const answer = await askThread<SampleAnswer>(new URL('./sample-thread.js', import.meta.url), request, {
        name: 'sample',
        deadline: DEADLINE,
        maxHeapMb: MAX_HEAP_MB,
        late: {
          code: 'SAMPLE_LATE',
          message: 'The source gave nothing in time.',
          hint: 'Check that it can be reached.',
        },
        failed: { code: 'SAMPLE_FAILED', message: 'The source ended without an answer.' },
      });
      if ('error' in answer)
        throw new HttpError(
          422,
          answer.error.code,
          answer.error.message,
          answer.error.hint === undefined ? {} : { hint: answer.error.hint },
        );
      return { values: answer.values, type: recordTypeOf(answer.values) };
    } finally {
      this.#running--;
    }
  }
}
