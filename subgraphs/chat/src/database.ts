import { clientOptions, type Pool } from '@chorus/kit/database';
import { Prisma, PrismaClient } from './__generated__/prisma/client.ts';

/** @param onStatement hears every statement; for tests that count them */
export function openDatabase(pool: Pool, onStatement?: (statement: string) => void) {
  const client = new PrismaClient(clientOptions(pool, { heard: onStatement !== undefined }));
  if (onStatement !== undefined) client.$on('query', ({ query }) => onStatement(query));
  return client;
}

/** Whether a raw statement failed because a unique key is taken. */
export function isUniqueViolation(error: unknown): boolean {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return false;
  const { driverAdapterError } = error.meta ?? {};
  const cause = driverAdapterError instanceof Error ? driverAdapterError.cause : null;
  return typeof cause === 'object' && cause !== null && 'kind' in cause && cause.kind === 'UniqueConstraintViolation';
}
