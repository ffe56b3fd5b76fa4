import { transact } from '@chorus/kit/database';
import { forbidden } from '@chorus/kit/errors';
import type { Caller, Limits } from '@chorus/kit/limits';
import { sql } from '@chorus/kit/sql';
import type { Viewer } from '@chorus/kit/viewer';
import type { StepUpInput } from '../__generated__/resolvers.ts';
import type { PrismaClient } from '../__generated__/prisma/client.ts';
import { type Passwords, readPassword } from '../account/password.ts';
import { type Codes, readCode } from '../code/codes.ts';
import { writeLetter } from '../mail/post.ts';
import { requireSession, sessionEnded, type SessionOf } from '../session/session.policy.ts';
import { PROOF_MINUTES, stepUpMethods } from './step-up.policy.ts';

export interface StepUpService {
  /**
   * Takes a proof of who the viewer is, for this session and ten minutes.
   * @returns when it ends; null when the proof is wrong
   * @throws GraphQLError UNAUTHENTICATED, BAD_USER_INPUT, RATE_LIMITED
   */
  stepUp(caller: Caller, input: StepUpInput): Promise<{ expiresAt: Date } | null>;
  /**
   * Sends a code to the viewer's verified address.
   * @returns until when it is good
   * @throws GraphQLError UNAUTHENTICATED, FORBIDDEN where this is none of the account's methods, RATE_LIMITED
   */
  sendCode(viewer: Viewer): Promise<{ expiresAt: Date }>;
}

/** @param options.written called when a letter is committed */
export function createStepUpService(options: {
  db: PrismaClient;
  limits: Limits<'stepUp'>;
  passwords: Passwords;
  codes: Codes;
  written: () => void;
}): StepUpService {
  const { db, limits, passwords, codes, written } = options;

  const byPassword = async ({ userId, sessionId }: SessionOf, password: string) => {
    const credential = await db.credential.findUnique({ where: { userId }, select: { passwordHash: true } });
    const passwordHash = credential?.passwordHash ?? null;
    if (!(await passwords.check(password, passwordHash)).matches) return null;
    // Unless the password was changed meanwhile, which ended this session, or was done by it.
    const [proof] = await db.$queryRaw<{ expiresAt: Date }[]>(sql`
      update session set stepped_up_at = now() from credential
      where session.id = ${sessionId} and session.user_id = ${userId} and session.expires_at > now()
        and credential.user_id = session.user_id and credential.password_hash = ${passwordHash}
      returning stepped_up_at + ${PROOF_MINUTES} * interval '1 minute' as "expiresAt"`);
    if (proof === undefined) throw sessionEnded();
    return proof;
  };

  const byCode = ({ userId, sessionId }: SessionOf, code: string) =>
    transact(db, async (tx) => {
      if ((await codes.redeem(tx, { userId, purpose: 'STEP_UP' }, code)) === null) return null;
      const [proof] = await tx.$queryRaw<{ expiresAt: Date }[]>(sql`
        update session set stepped_up_at = now()
        where id = ${sessionId} and user_id = ${userId} and expires_at > now()
        returning stepped_up_at + ${PROOF_MINUTES} * interval '1 minute' as "expiresAt"`);
      if (proof === undefined) throw sessionEnded();
      return proof;
    });

  return {
    async stepUp(caller, { method, secret }) {
      const session = requireSession(caller.viewer);
      const proof = method === 'PASSWORD' ? readPassword('input.secret', secret) : readCode('input.secret', secret);
      await limits.take(caller, 'stepUp');
      return method === 'PASSWORD' ? byPassword(session, proof) : byCode(session, proof);
    },

    async sendCode(viewer) {
      const { userId } = requireSession(viewer);
      const expiresAt = await transact(db, async (tx) => {
        const account = await tx.credential.findUnique({ where: { userId }, include: { user: true } });
        if (account === null) throw sessionEnded();
        const { email, emailVerifiedAt, passwordHash, user } = account;
        const has = { hasPassword: passwordHash !== null, emailVerified: emailVerifiedAt !== null };
        if (!stepUpMethods(has).includes('EMAIL_CODE')) throw forbidden('This account does not step up by a code.');
        const issued = await codes.issue(tx, { userId, purpose: 'STEP_UP', email });
        const facts = { handle: user.handle, code: issued.code };
        await writeLetter(tx, { userId, to: email, kind: 'STEP_UP', facts, expiresAt: issued.expiresAt });
        return issued.expiresAt;
      });
      written();
      return { expiresAt };
    },
  };
}
