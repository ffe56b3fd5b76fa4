import { transact } from '@chorus/kit/database';
import { sql, type SqlClient } from '@chorus/kit/sql';
import type { Viewer } from '@chorus/kit/viewer';
import type { PrismaClient } from '../__generated__/prisma/client.ts';
import { type Codes, readCode } from '../code/codes.ts';
import { writeLetter } from '../mail/post.ts';
import { requireSession, sessionEnded } from '../session/session.policy.ts';

export interface VerificationService {
  /** Sends code and link to a new account's address, in the transaction of its sign-up. */
  begin(tx: SqlClient, account: { userId: string; handle: string; email: string }): Promise<void>;
  /**
   * Sends them once more, unless the viewer's address is verified.
   * @returns the address
   * @throws GraphQLError UNAUTHENTICATED, RATE_LIMITED
   */
  resend(viewer: Viewer): Promise<void>;
  /**
   * Verifies the viewer's address. Verified it stays, whatever the code.
   * @returns false when the code is not good
   * @throws GraphQLError UNAUTHENTICATED, BAD_USER_INPUT
   */
  verify(viewer: Viewer, code: string): Promise<boolean>;
  /** The same by the link of a letter, whoever opens it. */
  verifyByLink(link: string): Promise<boolean>;
}

/**
 * @param options.link makes the address of the page that a letter leads to
 * @param options.written called when a letter is committed
 */
export function createVerificationService(options: {
  db: PrismaClient;
  codes: Codes;
  link: (token: string) => string;
  written: () => void;
}): VerificationService {
  const { db, codes, written } = options;

  const begin: VerificationService['begin'] = async (tx, { userId, handle, email }) => {
    const { code, link, expiresAt } = await codes.issue(tx, { userId, purpose: 'VERIFY_EMAIL', email });
    const facts = { handle, code, link: options.link(link) };
    await writeLetter(tx, { userId, to: email, kind: 'VERIFY_EMAIL', facts, expiresAt });
  };

  /** Whether the address is verified that a code was sent to: not when the account has another by now. */
  const markVerified = async (tx: SqlClient, { userId, email }: { userId: string; email: string }) => {
    const marked = await tx.$executeRaw(sql`
      update credential set email_verified_at = coalesce(email_verified_at, now())
      where user_id = ${userId} and email = ${email}`);
    return marked > 0;
  };

  return {
    begin,
    async resend(viewer) {
      const { userId } = requireSession(viewer);
      await transact(db, async (tx) => {
        const credential = await tx.credential.findUnique({
          where: { userId },
          select: { email: true, emailVerifiedAt: true, user: { select: { handle: true } } },
        });
        if (credential === null) throw sessionEnded();
        const { email, emailVerifiedAt, user } = credential;
        if (emailVerifiedAt === null) await begin(tx, { userId, email, handle: user.handle });
      });
      written();
    },
    async verify(viewer, typed) {
      const { userId } = requireSession(viewer);
      const code = readCode('code', typed);
      return transact(db, async (tx) => {
        const email = await codes.redeem(tx, { userId, purpose: 'VERIFY_EMAIL' }, code);
        if (email !== null) return markVerified(tx, { userId, email });
        return (await tx.credential.count({ where: { userId, emailVerifiedAt: { not: null } } })) > 0;
      });
    },
    verifyByLink: (link) =>
      transact(db, async (tx) => {
        const proof = await codes.redeemLink(tx, 'VERIFY_EMAIL', link);
        return proof !== null && markVerified(tx, proof);
      }),
  };
}
