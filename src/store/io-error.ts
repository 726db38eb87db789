import { errnoOf, messageOf, OrchError } from '../model/errors.ts';

/** What the system said about a file of a run, as an error for people. */
export function ioError(error: unknown, path: string, doing: string): OrchError {
  if (error instanceof OrchError) return error;
  const errno = errnoOf(error);
  if (errno === 'ENOSPC' || errno === 'EDQUOT') {
    return new OrchError('disk-full', `no space left while ${doing} ${path}`, {
      hint: 'Free some space, or put the runs elsewhere with --runs DIR.',
      cause: error,
    });
  }
  if (errno === 'EACCES' || errno === 'EPERM' || errno === 'EROFS') {
    return new OrchError('no-permission', `no permission while ${doing} ${path}`, {
      hint: 'Give yourself write access, or put the runs elsewhere with --runs DIR.',
      cause: error,
    });
  }
  return new OrchError('write-failed', `${doing} ${path} failed: ${messageOf(error)}`, { cause: error });
}
