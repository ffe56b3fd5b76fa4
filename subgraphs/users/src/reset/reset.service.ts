import { transact } from '@chorus/kit/database';
import type { Caller, Limits } from '@chorus/kit/limits';
import { GraphQLError } from 'graphql';
import type { RequestPasswordResetInput, ResetPasswordInput } from '../__generated__/resolvers.ts';
import type { PrismaClient } from '../__generated__/prisma/client.ts';
import { canonicalIdentifier, findCredential, readIdentifier } from '../account/identifier.ts';
import { namesOf, type Passwords, readNewPassword } from '../account/password.ts';
import { startRefusal } from '../account/refusal.ts';
import { type Codes, readCode } from '../code/codes.ts';
import { writeLetter } from '../mail/post.ts';
import { tellOwner } from '../notification/security.ts';
import { endSessions } from '../session/session.service.ts';

/** A way back for who forgot the password. Neither words nor time of an answer tell whether there is an account. */
export interface ResetService {
  /**
   * Sends a code to the address of an account, if there is one.
   * @throws GraphQLError BAD_USER_INPUT, RATE_LIMITED
   */
  request(caller: Caller, input: RequestPasswordResetInput): Promise<void>;
  /**
   * Sets a new password, the first one perhaps, by a code that was sent, and ends all sessions.
   * @returns how many ended; null when there is no such account, or the code is not good
   * @throws GraphQLError BAD_USER_INPUT, RATE_LIMITED
   */
  reset(caller: Caller, input: ResetPasswordInput): Promise<number | null>;
}

/**
 * @param options.committed called when an event waits in the outbox
 * @param options.written called when a letter is committed
 */
export function createResetService(options: {
  db: PrismaClient;
  limits: Limits<'requestPasswordReset' | 'resetPassword'>;
  passwords: Passwords;
  codes: Codes;
  committed: () => void;
  written: () => void;
}): ResetService {
  const { db, limits, passwords, codes, committed, written } = options;

  return {
    async request(caller, input) {
      const identifier = readIdentifier('input.identifier', input.identifier);
      await limits.take(caller, 'requestPasswordReset', canonicalIdentifier(identifier));
      const refusal = startRefusal();
      const account = await findCredential(db, identifier);
      if (account !== null) {
        const { userId, email, user } = account;
        try {
          await transact(db, async (tx) => {
            const { code, expiresAt } = await codes.issue(tx, { userId, purpose: 'RESET_PASSWORD', email });
            const facts = { handle: user.handle, code };
            await writeLetter(tx, { userId, to: email, kind: 'RESET_PASSWORD', facts, expiresAt });
          });
          written();
        } catch (error) {
          // Handle and address count together only here: to say so would tell that they are of one account.
          if (!(error instanceof GraphQLError) || error.extensions['code'] !== 'RATE_LIMITED') throw error;
        }
      }
      await refusal();
    },

    async reset(caller, input) {
      const identifier = readIdentifier('input.identifier', input.identifier);
      const code = readCode('input.code', input.code);
      const password = readNewPassword('input.newPassword', input.newPassword, []);
      await limits.take(caller, 'resetPassword', canonicalIdentifier(identifier));
      const refusal = startRefusal();
      const account = await findCredential(db, identifier);
      const passwordHash = await passwords.hash(password);
      const ended = account === null ? null : await transact(db, (tx) => change(tx, account, code));
      if (ended === null) {
        await refusal();
        return null;
      }
      committed();
      written();
      return ended;

      async function change(tx: Transaction, { userId, email, user }: Found, typed: string): Promise<number | null> {
        const sentTo = await codes.redeem(tx, { userId, purpose: 'RESET_PASSWORD' }, typed);
        if (sentTo === null) return null;
        // Only now: before, it would tell what the person is called.
        readNewPassword('input.newPassword', password, namesOf({ ...user, email }));
        // Who has the code reads what is sent there.
        const emailVerifiedAt = new Date();
        const { count } = await tx.credential.updateMany({
          where: { userId, email: sentTo },
          data: { passwordHash, emailVerifiedAt },
        });
        if (count === 0) return null;
        await codes.revoke(tx, userId);
        await writeLetter(tx, { userId, to: sentTo, kind: 'PASSWORD_CHANGED', facts: { handle: user.handle } });
        // Whoever could hear of it at once is signed out.
        await tellOwner(tx, caller.viewer, { userId, type: 'PASSWORD_CHANGED' });
        return endSessions(tx, userId, null);
      }
    },
  };
}

type Transaction = Parameters<Parameters<PrismaClient['$transaction']>[0]>[0];
type Found = NonNullable<Awaited<ReturnType<typeof findCredential>>>;
