import { BullWorker, type ControlTarget, readInstanceKey } from '@millrace/bull';

export interface WorkerSettings {
  redis: ControlTarget;
  /** Module whose `loadCatalogue(plugins)` gives the operators, and the absolute paths of the plugins. */
  catalogue: { module: string; plugins: string[] };
  slots: number;
  /** Takes only runs of this pool. Default: the common one. */
  pool?: string;
  /** Name of this machine, when its host name is not the same for all its processes. */
  host?: string;
  /** Folders of this machine that tasks may use. Default: all. */
  files?: string[];
  /** Folders that are the same on all machines. */
  sharedFiles?: string[];
  /** Holds the key that leases are signed with when neither SECRET_KEY_FILE nor SECRET_KEY is set. */
  keyFile?: string;
  log?(level: 'debug' | 'info' | 'warn' | 'error', message: string, fields?: { [name: string]: unknown }): void;
}

export interface Worker {
  readonly id: string;
  /** Tasks it runs now. */
  readonly tasks: number;
  /** Hands its tasks over to other workers and ends. */
  close(): Promise<void>;
}

/** Starts a worker in this process: engine, Redis backend and the operators of the catalogue, nothing else. */
export async function startWorker({ redis, keyFile, ...settings }: WorkerSettings): Promise<Worker> {
  const worker = await BullWorker.start({ ...settings, target: redis, key: readInstanceKey(process.env, keyFile) });
  return {
    get id() {
      return worker.info.id;
    },
    get tasks() {
      return worker.tasks;
    },
    close: () => worker.close(),
  };
}
