import { MillraceError } from '@millrace/sdk';

/** An error of the file system in words. */
export function fileError(error: unknown, path: string, done: 'opened' | 'read' | 'written'): MillraceError {
  if (error instanceof MillraceError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  return new MillraceError(`"${path}" could not be ${done}: ${(error as Error).message}.`, {
    code: full ? 'FILE_DISK_FULL' : 'FILE_ACCESS',
    params: { file: path, reason: code },
    domain: full || code === 'EIO' || code === 'EMFILE' ? 'external' : 'user',
    hint: full
      ? 'Free some space; the run can then be resumed.'
      : 'Check that the path is right and may be used by this program.',
    cause: error,
  });
}
