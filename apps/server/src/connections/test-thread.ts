import { parentPort, workerData } from 'node:worker_threads';
import { type Catalogue, hidePassword, MillraceError, toMillraceError } from '@millrace/sdk';
import type { ThreadError } from '../threads/run-thread.js';

export interface TestRequest {
  catalogue: { module: string; plugins: string[] };
  kind: string;
  url: string;
  /** ms to wait for the system. */
  patience: number;
}

export type TestAnswer = { ok: true } | ThreadError;

const request = workerData as TestRequest;

async function main(): Promise<void> {
  const { loadCatalogue } = (await import(request.catalogue.module)) as {
    loadCatalogue(plugins: string[]): Promise<Catalogue>;
  };
  const catalogue = await loadCatalogue(request.catalogue.plugins);
  const use = catalogue.list().find((spec) => spec.connection?.kind === request.kind)?.connection;
  if (use === undefined)
    throw new MillraceError('No installed operator connects to this system.', { code: 'CONNECTION_KIND_UNKNOWN' });
  const signal = AbortSignal.timeout(request.patience);
  const late = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () =>
      reject(
        new MillraceError('The system did not answer in time.', {
          code: 'CONNECTION_LATE',
          domain: 'external',
          hint: 'Check host and port, and whether a firewall is in between.',
        }),
      ),
    );
  });
  await Promise.race([use.test(request.url, signal), late]);
}

main().then(
  () => parentPort!.postMessage({ ok: true } satisfies TestAnswer),
  (thrown: unknown) => {
    const { code, message, hint } = toMillraceError(thrown, 'CONNECTION_FAILED');
    // Drivers like to put the address they were given into their messages.
    const shown = hidePassword(message.replaceAll(request.url, hidePassword(request.url)));
    parentPort!.postMessage({
      error: { code, message: shown, ...(hint !== undefined && { hint }) },
    } satisfies TestAnswer);
  },
);
