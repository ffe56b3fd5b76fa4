/**
 * Something the developer can fix: one clear sentence, and what to do about it. The command line prints both and no
 * stack trace; any other error is a defect of ours and keeps its trace.
 */
export class Problem extends Error {
  readonly advice: string;

  /** `message` and `advice` are full sentences. */
  constructor(message: string, advice: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Problem';
    this.advice = advice;
  }
}

/** @returns the `code` of a system error (`ENOENT`, `EADDRINUSE`, ...) or of a Postgres error (`57P03`). */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** @returns `error` as a Problem when it says that the disk cannot be written, otherwise `error` itself. */
export function diskProblem(error: unknown): unknown {
  const code = errorCode(error);
  if (code === undefined || !['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOSPC', 'EDQUOT'].includes(code))
    return error;
  const where = error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : 'The disk';
  return code === 'ENOSPC' || code === 'EDQUOT'
    ? new Problem('The disk is full.', 'Free some space, then run the command again.', { cause: error })
    : new Problem(
        `${where} cannot be written (${code}).`,
        'Give your user write access there, then run the command again.',
        {
          cause: error,
        },
      );
}
