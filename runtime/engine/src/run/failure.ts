import { toMillraceError } from '@millrace/sdk';

/** Why a task ended, as plain data: it crosses threads and machines. */
export interface FailureInfo {
  code: string;
  message: string;
  domain: 'user' | 'external' | 'internal';
  retry: 'never' | 'backoff';
  hint: string | undefined;
  nodeId: string | undefined;
  params: Record<string, unknown>;
  stack: string | undefined;
}

export function failureOf(thrown: unknown): FailureInfo {
  const { code, message, domain, retry, hint, nodeId, params, stack } = toMillraceError(thrown, 'TASK_FAILED');
  return { code, message, domain, retry, hint, nodeId, params, stack };
}

/** A task's thread or process ended by itself. */
export function crashOf(error: Error): FailureInfo {
  return {
    code: 'TASK_CRASHED',
    message: error.message,
    domain: 'internal',
    retry: 'backoff',
    hint: undefined,
    nodeId: undefined,
    params: {},
    stack: error.stack,
  };
}

/** A task ended again and again without having got further: the run cannot go on. */
export function lostTask(stage: string, index: number): FailureInfo {
  return {
    code: 'TASK_LOST',
    message: `Task ${stage}/${index} ended again and again.`,
    domain: 'internal',
    retry: 'never',
    hint: 'Look at the log for the reason.',
    nodeId: undefined,
    params: {},
    stack: undefined,
  };
}

/** True for a failure that another start cannot heal. A task that lost its lease is started again by its next owner. */
export function isFinal(failure: FailureInfo): boolean {
  return failure.retry === 'never' && failure.code !== 'FENCED';
}
