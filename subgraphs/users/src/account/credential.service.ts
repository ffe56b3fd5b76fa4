import { transact } from '@chorus/kit/database';
import { badInput } from '@chorus/kit/errors';
import type { Caller, Limits } from '@chorus/kit/limits';
import type { LiveBus } from '@chorus/kit/live';
import { sql, type SqlClient } from '@chorus/kit/sql';
import type { Viewer } from '@chorus/kit/viewer';
import type { ChangeEmailInput, ChangePasswordInput } from '../__generated__/resolvers.ts';
import type { PrismaClient } from '../__generated__/prisma/client.ts';
import { type Codes, readCode } from '../code/codes.ts';
import { veiled } from '../mail/letter.ts';
import { writeLetter } from '../mail/post.ts';
import { wake } from '../notification/notification.log.ts';
import { tellOwner } from '../notification/security.ts';
import { requireSession, sessionEnded } from '../session/session.policy.ts';
import { endSessions } from '../session/session.service.ts';
import { requireStepUp } from '../step-up/step-up.policy.ts';
import type { UndoService } from '../undo/undo.service.ts';
import type { AccountRow } from './account.model.ts';
import { readEmail } from './identifier.ts';
import { namesOf, type Passwords, readNewPassword } from './password.ts';
import { isKept, setEmail, Taken } from './taken.ts';

/** What signs a person in, as that person sees and changes it. */
export interface CredentialService {
  /** The viewer's own; null for who is not signed in, and for a service account. */
  find(viewer: Viewer): Promise<AccountRow | null>;
  /**
   * Sets the viewer's password and ends all other sessions.
   * @returns how many ended
   * @throws GraphQLError UNAUTHENTICATED, FORBIDDEN, BAD_USER_INPUT, RATE_LIMITED
   */
  changePassword(viewer: Viewer, input: ChangePasswordInput): Promise<number>;
  /**
   * Sends a code to the address that the account is to have, and a notice to the present one.
   * @throws GraphQLError UNAUTHENTICATED, FORBIDDEN, BAD_USER_INPUT, RATE_LIMITED
   */
  changeEmail(caller: Caller, input: ChangeEmailInput): Promise<void>;
  /**
   * Makes the new address the account's.
   * @returns false when the code is not good
   * @throws Taken when another account has it by now
   * @throws GraphQLError UNAUTHENTICATED, BAD_USER_INPUT
   */
  confirmEmailChange(viewer: Viewer, code: string): Promise<boolean>;
}

/**
 * @param options.committed called when an event waits in the outbox
 * @param options.written called when a letter is committed
 */
export function createCredentialService(options: {
  db: PrismaClient;
  limits: Limits<'changeEmail'>;
  passwords: Passwords;
  codes: Codes;
  undos: Pick<UndoService, 'keep'>;
  live: LiveBus;
  committed: () => void;
  written: () => void;
}): CredentialService {
  const { db, limits, passwords, codes, undos, live, committed, written } = options;

  return {
    async find({ userId, sessionId }) {
      if (userId === null || sessionId === null) return null;
      const [row] = await db.$queryRaw<AccountRow[]>(sql`
        select user_id as "userId", email, email_verified_at is not null as "emailVerified",
          password_hash is not null as "hasPassword",
          (select code.email from code where code.user_id = credential.user_id and purpose = 'CHANGE_EMAIL'
             and code_hash is not null and expires_at > now()) as "pendingEmail"
        from credential where user_id = ${userId}`);
      return row ?? null;
    },

    async changePassword(viewer, input) {
      const { userId } = await requireStepUp(db, viewer);
      const account = await owned(db, userId);
      const password = readNewPassword('input.newPassword', input.newPassword, namesOf(account));
      const passwordHash = await passwords.hash(password);
      const { ended, told } = await transact(db, async (tx) => {
        // First, for its lock: a log-in by the old password waits for it, or this for that log-in's session.
        await tx.credential.update({ where: { userId }, data: { passwordHash } });
        // Asked again: another change may have ended this session.
        const { sessionId } = await requireStepUp(tx, viewer);
        await codes.revoke(tx, userId, 'RESET_PASSWORD');
        const { email: to, handle, emailVerified } = account;
        if (emailVerified) await writeLetter(tx, { userId, to, kind: 'PASSWORD_CHANGED', facts: { handle } });
        const tell = { userId, type: 'PASSWORD_CHANGED' } as const;
        return { ended: await endSessions(tx, userId, sessionId), told: await tellOwner(tx, viewer, tell) };
      });
      committed();
      written();
      wake(live, told);
      return ended;
    },

    async changeEmail(caller, input) {
      await requireStepUp(db, caller.viewer);
      const email = readEmail('input.email', input.email);
      await limits.take(caller, 'changeEmail');
      await transact(db, async (tx) => {
        const { userId } = await requireStepUp(tx, caller.viewer);
        const account = await owned(tx, userId);
        const { handle } = account;
        if (account.email === email) throw badInput('input.email', 'This is the address of your account already.');
        const { code, expiresAt } = await codes.issue(tx, { userId, purpose: 'CHANGE_EMAIL', email });
        // Only who reads that address may learn that there is an account.
        const taken = (await tx.credential.count({ where: { email } })) > 0 || (await isKept(tx, email, userId));
        if (taken) await writeLetter(tx, { userId, to: email, kind: 'EMAIL_IN_USE', facts: { handle } });
        else await writeLetter(tx, { userId, to: email, kind: 'CHANGE_EMAIL', facts: { handle, code }, expiresAt });
        if (!account.emailVerified) return;
        const facts = { handle, email: veiled(email) };
        await writeLetter(tx, { userId, to: account.email, kind: 'EMAIL_CHANGE_ASKED', facts });
      });
      written();
    },

    async confirmEmailChange(viewer, typed) {
      const { userId } = requireSession(viewer);
      const code = readCode('code', typed);
      const told = await transact(db, async (tx) => {
        const email = await codes.redeem(tx, { userId, purpose: 'CHANGE_EMAIL' }, code);
        if (email === null) return null;
        const before = await owned(tx, userId);
        await setEmail(tx, userId, email);
        if (await isKept(tx, email, userId)) throw new Taken('email', email);
        // What went to the former address is worth nothing now.
        await codes.revoke(tx, userId);
        if (before.emailVerified) {
          const link = await undos.keep(tx, { userId, email: before.email });
          const facts = { handle: before.handle, email: veiled(email), link };
          await writeLetter(tx, { userId, to: before.email, kind: 'EMAIL_CHANGED', facts });
        }
        return tellOwner(tx, viewer, { userId, type: 'EMAIL_CHANGED' });
      });
      written();
      if (told !== null) wake(live, told);
      return told !== null;
    },
  };
}

interface Owned {
  email: string;
  emailVerified: boolean;
  handle: string;
  name: string;
}

/** @throws GraphQLError UNAUTHENTICATED when the account is gone */
async function owned(db: SqlClient, userId: string): Promise<Owned> {
  const [row] = await db.$queryRaw<Owned[]>(sql`
    select email, email_verified_at is not null as "emailVerified", handle, name
    from credential join users on users.id = user_id where user_id = ${userId}`);
  if (row === undefined) throw sessionEnded();
  return row;
}
