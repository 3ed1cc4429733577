import { hidePassword, MillraceError } from '@millrace/sdk';
import type { Store } from '../port.js';
import {
  auditDocs,
  connectionDocs,
  credentialDocs,
  runDocs,
  valueDocs,
  versionDocs,
  workflowDocs,
} from './documents.js';
import { modelsOf } from './models.js';

/** Database of a URL that names none. */
const DEFAULT_DATABASE = 'millrace';
/** How long an operation waits for a server before the caller is told, ms. */
const PATIENCE = 5000;

/**
 * The store on a MongoDB server, through Mongoose. Every write waits until a majority has it in its journal. It needs single-document
 * atomicity and unique indexes only: no transactions, no change streams, so a single server and wire-compatible ones will do.
 * Throws STORE_UNREACHABLE when the server cannot be reached or refuses the sign-in.
 */
export async function openMongoStore(url: string): Promise<Store> {
  // Loaded only when wanted: it is large, and most servers run without it.
  const { default: loaded } = await import('mongoose');
  const mongoose = new loaded.Mongoose({ sanitizeFilter: true, strictQuery: 'throw', bufferCommands: false });
  const named = /^[a-z0-9+.-]+:\/\/[^/?]*\/([^?]+)/i.test(url);
  try {
    const connection = await mongoose
      .createConnection(url, {
        ...(!named && { dbName: DEFAULT_DATABASE }),
        appName: 'millrace',
        serverSelectionTimeoutMS: PATIENCE,
        connectTimeoutMS: PATIENCE,
        writeConcern: { w: 'majority', journal: true, wtimeoutMS: 10_000 },
        readConcern: { level: 'majority' },
        autoIndex: false,
      })
      .asPromise();
    const models = modelsOf(mongoose as unknown as typeof loaded, connection);
    await Promise.all(Object.values(models).map((model) => model.createIndexes()));
    const trusted = mongoose.trusted.bind(mongoose) as typeof loaded.trusted;
    return guarded({
      workflows: workflowDocs(models),
      versions: versionDocs(models),
      runs: runDocs(models),
      credentials: credentialDocs(models, trusted),
      connections: connectionDocs(models),
      audit: auditDocs(models, trusted),
      values: valueDocs(models, trusted),
      close: () => connection.close(),
    });
  } catch (cause) {
    throw unreachable(url, cause);
  }
}

/** The same store, whose failures are those of an outside system: callers answer 503 and try again, nobody sees a driver's words. */
function guarded(store: Store): Store {
  const parts = Object.entries(store).map(([name, part]) => {
    if (typeof part === 'function') return [name, part];
    const calls = Object.entries(part as { [call: string]: (...args: never[]) => Promise<unknown> });
    return [
      name,
      Object.fromEntries(calls.map(([call, run]) => [call, (...args: never[]) => run(...args).catch(rethrow)])),
    ];
  });
  return Object.fromEntries(parts) as unknown as Store;
}

function rethrow(cause: unknown): never {
  const { name = '', code } = cause as { name?: string; code?: unknown };
  // A socket that is cut in the middle may show itself as a plain error of the system, such as ECONNRESET.
  const system = typeof code === 'string' && /^E[A-Z]+$/.test(code);
  if (!system && !/^(Mongo|Pool)/.test(name)) throw cause;
  throw new MillraceError('The database of workflows and users does not answer.', {
    code: 'STORE_UNAVAILABLE',
    domain: 'external',
    params: { reason: name },
    hint: 'Nothing of it was saved. It is tried again when you are.',
    cause,
  });
}

function unreachable(url: string, cause: unknown): MillraceError {
  const { message = String(cause) } = cause as { message?: string };
  return new MillraceError(`MONGODB_URL=${hidePassword(url)} cannot be used: ${hidePassword(message)}`, {
    code: 'STORE_UNREACHABLE',
    domain: 'external',
    params: { exitCode: 2 },
    hint: 'Check host, user and password, or leave MONGODB_URL out: then everything is kept in the data directory.',
    cause,
  });
}
