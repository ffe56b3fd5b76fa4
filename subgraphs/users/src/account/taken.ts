import { sql, type SqlClient } from '@chorus/kit/sql';
import { PrismaClientKnownRequestError } from '@prisma/client/runtime/client';
import type { PrismaClient } from '../__generated__/prisma/client.ts';

/** Another account has what this one asked for. */
export class Taken extends Error {
  readonly what: 'handle' | 'email';
  /** As it would be stored. */
  readonly value: string;
  constructor(what: 'handle' | 'email', value: string) {
    super(`this ${what} is taken`);
    this.what = what;
    this.value = value;
  }
}

/**
 * Makes an address, which its person has shown to read, an account's.
 * @throws Taken when another account has it
 */
export async function setEmail(tx: Pick<PrismaClient, 'credential'>, userId: string, email: string): Promise<void> {
  try {
    // The unique constraint decides who was first.
    await tx.credential.update({ where: { userId }, data: { email, emailVerifiedAt: new Date() } });
  } catch (error) {
    throw error instanceof PrismaClientKnownRequestError && error.code === 'P2002' ? new Taken('email', email) : error;
  }
}

/**
 * Whether an address is kept for another account, which had it before a change that can still be undone. To be asked once
 * the address was written: whoever is just changing theirs has committed by then.
 */
export async function isKept(tx: SqlClient, email: string, userId: string): Promise<boolean> {
  const rows = await tx.$queryRaw<object[]>(sql`
    select 1 from email_undo where email = ${email} and user_id <> ${userId} and expires_at > now() limit 1`);
  return rows.length > 0;
}
