import { createHash, randomBytes } from 'node:crypto';
import { transact } from '@chorus/kit/database';
import type { LiveBus } from '@chorus/kit/live';
import type { Logger } from '@chorus/kit/logger';
import { createLoop } from '@chorus/kit/loop';
import type { Running } from '@chorus/kit/service';
import { sql, type SqlClient } from '@chorus/kit/sql';
import type { Viewer } from '@chorus/kit/viewer';
import type { PrismaClient } from '../__generated__/prisma/client.ts';
import { setEmail } from '../account/taken.ts';
import type { Codes } from '../code/codes.ts';
import { veiled } from '../mail/letter.ts';
import { writeLetter } from '../mail/post.ts';
import { wake } from '../notification/notification.log.ts';
import { tellOwner } from '../notification/security.ts';
import { endSessions } from '../session/session.service.ts';

/** How long a change of address can be undone. */
const UNDO_DAYS = 7;

/** An address that an account has again. */
export interface Undone {
  email: string;
  /** How many sessions that ended. */
  ended: number;
}

/**
 * The way back for whose address somebody else changed. Whoever reads the former address, and had verified it, gives it
 * back by what the letter there has, without a session or a password: these may be the other's. So long the address is
 * kept for that account. Of several changes each can be undone; that makes those after it worth nothing, and not those
 * before it, so that who changes the address twice leaves the way back to the first.
 */
export interface UndoService {
  /** Keeps the former address, in the transaction of its change. @returns where the letter to it leads */
  keep(tx: SqlClient, former: { userId: string; email: string }): Promise<string>;
  /**
   * @param from where it is done, for the account's notifications
   * @returns null when the token is not good
   * @throws Taken when another account has the address by now; the token is good still
   */
  undo(from: Pick<Viewer, 'device' | 'address'>, token: string): Promise<Undone | null>;
}

/**
 * @param options.link makes the address of the page that a letter leads to
 * @param options.committed called when an event waits in the outbox
 * @param options.written called when a letter is committed
 */
export function createUndoService(options: {
  db: PrismaClient;
  codes: Codes;
  link: (token: string) => string;
  live: LiveBus;
  committed: () => void;
  written: () => void;
}): UndoService {
  const { db, codes, live, committed, written } = options;

  return {
    async keep(tx, { userId, email }) {
      const token = randomBytes(32).toString('base64url');
      await tx.$executeRaw(sql`
        insert into email_undo (token_hash, user_id, email, expires_at)
        values (${hashOf(token)}, ${userId}, ${email}, now() + ${UNDO_DAYS} * interval '1 day')`);
      return options.link(token);
    },

    async undo(from, token) {
      const done = await transact(db, async (tx) => {
        // Locked first: a change, or another undoing, at the same moment is over by the next statement.
        const [account] = await tx.$queryRaw<{ userId: string; handle: string }[]>(sql`
          select users.id as "userId", handle
          from email_undo join credential using (user_id) join users on users.id = user_id
          where token_hash = ${hashOf(token)} and expires_at > now() and users.state <> 'DELETED'
          for no key update of credential`);
        if (account === undefined) return null;
        const { userId, handle } = account;
        const [kept] = await tx.$queryRaw<{ email: string; createdAt: string }[]>(sql`
          delete from email_undo where token_hash = ${hashOf(token)}
          returning email, created_at::text as "createdAt"`);
        if (kept === undefined) return null;
        const { email, createdAt } = kept;
        await tx.$executeRaw(sql`
          delete from email_undo where user_id = ${userId} and created_at > ${createdAt}::timestamptz`);
        const { email: present } = await tx.credential.findUniqueOrThrow({
          where: { userId },
          select: { email: true },
        });
        await setEmail(tx, userId, email);
        // What went to the other address is worth nothing now.
        await codes.revoke(tx, userId);
        if (present !== email) {
          const facts = { handle, email: veiled(email) };
          await writeLetter(tx, { userId, to: present, kind: 'EMAIL_CHANGE_UNDONE', facts });
        }
        const told = await tellOwner(tx, from, { userId, type: 'EMAIL_CHANGED' });
        return { email, told, ended: await endSessions(tx, userId, null) };
      });
      if (done === null) return null;
      committed();
      written();
      wake(live, done.told);
      return { email: done.email, ended: done.ended };
    },
  };
}

/** Of 256 random bits, which nobody works out of their hash. */
const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url');

const PURGE_BATCH = 1000;

/** Forgets former addresses whose time is over, now and every ten minutes. */
export function startUndoPurge({ db, logger }: { db: SqlClient; logger: Logger }): Running {
  return createLoop({
    name: 'purge of former addresses',
    logger,
    idleMs: 600_000,
    turn: async () => {
      const deleted = await db.$executeRaw(sql`
        delete from email_undo where token_hash in (
          select token_hash from email_undo where expires_at < now() limit ${PURGE_BATCH})`);
      return deleted === PURGE_BATCH ? 'again' : 'idle';
    },
  });
}
