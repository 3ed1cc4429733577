import { Worker } from 'node:worker_threads';
import { type RecordType, toMillraceError, type Value } from '@millrace/sdk';
import { HttpError } from '../http/errors.js';
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
      const answer = await inThread(request);
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

function inThread(request: SampleRequest): Promise<SampleAnswer> {
  return new Promise((resolve) => {
    const thread = new Worker(threadFile(), {
      workerData: request,
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
      name: 'sample',
    });
    const end = (answer: SampleAnswer) => {
      clearTimeout(timer);
      resolve(answer);
      void thread.terminate();
    };
    const timer = setTimeout(
      () =>
        end({
          error: {
            code: 'SAMPLE_LATE',
            message: 'The source gave nothing in time.',
            hint: 'Check that it can be reached.',
          },
        }),
      DEADLINE,
    );
    thread.on('message', end);
    thread.on('error', (thrown) => {
      const { code, message } = toMillraceError(thrown, 'SAMPLE_FAILED');
      end({ error: { code, message } });
    });
    thread.on('exit', () => end({ error: { code: 'SAMPLE_FAILED', message: 'The source ended without an answer.' } }));
  });
}

/** Threads run the build, also when the server itself runs on its sources. */
function threadFile(): URL {
  return new URL(new URL('./sample-thread.js', import.meta.url).href.replace('/src/', '/dist/'));
}
