import { createHash } from 'node:crypto';
import type { Plan } from '@millrace/planner';
import { MillraceError } from '@millrace/sdk';
import type { InstanceKey } from './instance-key.js';

/** What a job in a worker's queue says: take the lease of this task. Names and numbers only; plan and setup are looked up and compared. */
export interface TaskJob {
  run: string;
  stage: string;
  index: number;
  generation: number;
  /** Of the run's plan and setup: nobody may change them behind the signature. */
  digest: string;
}

/** Started with every task of a run. */
export interface RunSetup {
  /** Folder that relative paths in configs are resolved against, on the host that has the run's files. */
  baseDir: string;
  /** The machine whose disk `baseDir` names. */
  host: string;
  /** Stages that read or write local files: their tasks go to workers that have them. */
  localStages: string[];
  /** Only workers of this pool take the run's tasks; '' is the common one. */
  pool: string;
  /** Replace existing result files of other runs. */
  overwrite: boolean;
  /** ms between commits under load; null = default. */
  commitEvery: number | null;
  /** New whenever the run is started or cut anew. */
  cut: string;
}

export interface SignedJob extends TaskJob {
  signature: string;
}

export function digestOf(plan: Plan, setup: RunSetup): string {
  return createHash('sha256')
    .update(JSON.stringify([plan, setup]))
    .digest('base64url');
}

export function signJob(job: TaskJob, key: InstanceKey | undefined): SignedJob {
  return { ...job, signature: key?.sign(textOf(job)) ?? '' };
}

/** The job, checked by shape and, when this worker has a key, by signature. Throws JOB_REFUSED. */
export function readJob(data: unknown, key: InstanceKey | undefined): TaskJob {
  const { run, stage, index, generation, digest, signature } = (data ?? {}) as { [name: string]: unknown };
  const isText = (value: unknown): value is string => typeof value === 'string' && value !== '' && value.length <= 512;
  const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
  if (!isText(run) || !isText(stage) || !isCount(index) || !isCount(generation) || !isText(digest))
    throw refused('it does not have the shape of a lease');
  const job: TaskJob = { run, stage, index, generation, digest };
  if (key && !(typeof signature === 'string' && key.isSigned(textOf(job), signature)))
    throw refused('it is not signed with the key of this installation');
  return job;
}

function textOf({ run, stage, index, generation, digest }: TaskJob): string {
  return JSON.stringify([run, stage, index, generation, digest]);
}

function refused(why: string): MillraceError {
  return new MillraceError(`A job in this worker's queue was refused: ${why}.`, {
    code: 'JOB_REFUSED',
    domain: 'internal',
    // Another worker may have the right key.
    retry: 'backoff',
    params: { why },
    hint: 'Give the server and all workers the same SECRET_KEY_FILE or SECRET_KEY, and let nobody else write to this Redis.',
  });
}
