import { Worker } from 'node:worker_threads';
import { toMillraceError } from '@millrace/sdk';

export interface ThreadError {
  error: { code: string; message: string; hint?: string };
}

export interface ThreadOptions {
  /** Name for people and profilers. */
  name: string;
  /** ms until the thread is ended, whatever it does. */
  deadline: number;
  maxHeapMb: number;
  /** The answer when the deadline has passed. */
  late: ThreadError['error'];
  failed: ThreadError['error'];
}

/** Runs the code of strangers' operators apart from the event loop: one request, one answer, then the thread is ended. */
export function askThread<A>(file: URL, request: unknown, options: ThreadOptions): Promise<A | ThreadError> {
  return new Promise((resolve) => {
    const thread = new Worker(built(file), {
      workerData: request,
      resourceLimits: { maxOldGenerationSizeMb: options.maxHeapMb },
      name: options.name,
      execArgv: [],
    });
    const end = (answer: A | ThreadError) => {
      clearTimeout(timer);
      resolve(answer);
      void thread.terminate();
    };
    const timer = setTimeout(() => end({ error: options.late }), options.deadline);
    thread.on('message', end);
    thread.on('error', (thrown) => {
      const { code, message } = toMillraceError(thrown, options.failed.code);
      end({ error: { code, message } });
    });
    thread.on('exit', () => end({ error: options.failed }));
  });
}

/** Threads run the build, also when the server itself runs on its sources. */
function built(file: URL): URL {
  return new URL(file.href.replace('/src/', '/dist/'));
}
