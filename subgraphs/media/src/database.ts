import { clientOptions, type Pool } from '@chorus/kit/database';
import { PrismaClient } from './__generated__/prisma/client.ts';

/** @param onStatement hears every statement; for tests that count them */
export function openDatabase(pool: Pool, onStatement?: (statement: string) => void) {
  const client = new PrismaClient(clientOptions(pool, { heard: onStatement !== undefined }));
  if (onStatement !== undefined) client.$on('query', ({ query }) => onStatement(query));
  return client;
}
