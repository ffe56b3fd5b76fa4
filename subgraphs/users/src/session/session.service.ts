import { timingSafeEqual } from 'node:crypto';
import { transact } from '@chorus/kit/database';
import { record } from '@chorus/kit/events';
import { isId, newId } from '@chorus/kit/ids';
import type { LiveBus } from '@chorus/kit/live';
import type { Logger } from '@chorus/kit/logger';
import { createLoop } from '@chorus/kit/loop';
import type { Running } from '@chorus/kit/service';
import { type Database, raw, sql, type Sql, type SqlClient } from '@chorus/kit/sql';
import type { Viewer } from '@chorus/kit/viewer';
import type { AccessToken, AccessTokens } from '../account/access-tokens.ts';
import { wake } from '../notification/notification.log.ts';
import type { Told } from '../notification/notification.writes.ts';
import { tellOwner } from '../notification/security.ts';
import {
  hashOf,
  newRefreshToken,
  newSalt,
  readRefreshToken,
  type RefreshToken,
  successorOf,
  writeRefreshToken,
} from './refresh-token.ts';
import { reopenAccount } from '../account/account-state.ts';
import { meetDevice } from '../account/new-device.ts';
import type { ProfileCache } from '../user/user.cache.ts';
import type { ActiveSessionRow, SessionModel } from './session.model.ts';
import { requireSession, sessionEnded } from './session.policy.ts';

/** Of one person. Opening one more ends the one that was not used for longest. */
export const MAX_SESSIONS = 100;
/** How long a used refresh token gets its answer again: two tabs may refresh at once, and an answer may be lost. */
const GRACE_SECONDS = 10;

/** A session that is committed or about to be. */
export interface Opened {
  id: string;
  userId: string;
  /** What its access token says of the person's e-mail address. */
  emailVerified: boolean;
  refresh: RefreshToken;
  refreshExpiresAt: Date;
  /** Whether an event of another session's end waits in the outbox; and one of the account's being open again. */
  ended: boolean;
  reopened: boolean;
  /** Whose notifications tell of it. */
  told: Told[];
}

export interface SessionService {
  /**
   * Opens a session in the transaction of a log-in, by whatever way, and the account again when it was deactivated; what
   * `issue` answers is for after its commit, when a letter may wait.
   * @throws GraphQLError UNAUTHENTICATED for an account that was deleted meanwhile
   */
  open(tx: SqlClient, viewer: Viewer, userId: string): Promise<Opened>;
  issue(opened: Opened): Promise<SessionModel>;
  /**
   * Another access token for the viewer's session, which says what is true now.
   * @throws GraphQLError UNAUTHENTICATED, also when the session has ended
   */
  reissue(viewer: Viewer): Promise<AccessToken>;
  /** The session with its next tokens; null when there is none, or the token was used before, which ends its session. */
  refresh(viewer: Viewer, refreshToken: string): Promise<SessionModel | null>;
  /**
   * All of the viewer's sessions, this one first.
   * @throws GraphQLError UNAUTHENTICATED
   */
  list(viewer: Viewer): Promise<ActiveSessionRow[]>;
  /** Ends the session that asks, and that of a refresh token. Returns how many ended. */
  logOut(viewer: Viewer, refreshToken: string | null): Promise<number>;
  /**
   * Ends sessions of the viewer's: one, all others, or all. Returns how many ended.
   * @throws GraphQLError UNAUTHENTICATED
   */
  end(viewer: Viewer, which: { id: string } | 'others' | 'all'): Promise<number>;
}

/** How long sessions last, in days. */
export interface SessionLifetimes {
  /** Without being refreshed. */
  idleDays: number;
  /** In any case. */
  maxDays: number;
}

/**
 * @param options.profiles are told of whose account is open again
 * @param options.committed called when an event waits in the outbox
 */
export function createSessionService(options: {
  db: Database;
  tokens: AccessTokens;
  profiles: Pick<ProfileCache, 'refresh'>;
  lifetimes: SessionLifetimes;
  logger: Logger;
  live: LiveBus;
  committed: () => void;
}): SessionService {
  const { db, tokens, profiles, logger, live, committed } = options;
  const { idleDays, maxDays } = options.lifetimes;
  /** @param createdAt what the longest life counts from, as SQL */
  const expiry = (createdAt: string): Sql =>
    sql`least(now() + ${idleDays} * interval '1 day', ${raw(createdAt)} + ${maxDays} * interval '1 day')`;

  const issue = async (opened: Opened): Promise<SessionModel> => {
    const { userId, refresh, refreshExpiresAt } = opened;
    if (opened.reopened) await profiles.refresh([userId]);
    if (opened.ended || opened.reopened) committed();
    wake(live, opened.told);
    const { token, expiresAt } = await tokens.issue(opened);
    return { userId, accessToken: token, expiresAt, refreshToken: writeRefreshToken(refresh), refreshExpiresAt };
  };

  /** Replaces the token, whose row is locked, by its successor. */
  const rotate = async (tx: SqlClient, token: RefreshToken, { device, address }: Viewer) => {
    const salt = newSalt();
    const refresh = successorOf(token, salt);
    const [row] = await tx.$queryRaw<{ expiresAt: Date }[]>(sql`
      update session set token_hash = ${hashOf(refresh.secret)}, previous_hash = token_hash, successor_salt = ${salt},
        rotated_at = now(), last_used_at = now(), expires_at = ${expiry('created_at')},
        device = ${device}, address = ${address}
      where id = ${token.sessionId} returning expires_at as "expiresAt"`);
    if (row === undefined) throw new Error('a locked row is gone');
    return { refresh, refreshExpiresAt: row.expiresAt };
  };

  return {
    async open(tx, viewer, userId) {
      const { device, address } = viewer;
      const id = newId('ses');
      const refresh = newRefreshToken(id);
      const reopened = await reopenAccount(tx, userId);
      const [row] = await tx.$queryRaw<{ expiresAt: Date; emailVerified: boolean; ended: string[] }[]>(sql`
        with opened as (
          insert into session (id, user_id, device, address, family_hash, token_hash, expires_at)
          values (${id}, ${userId}, ${device}, ${address}, ${hashOf(refresh.family)}, ${hashOf(refresh.secret)},
                  ${expiry('now()')})
          returning expires_at
        ), ended as (
          delete from session where id in (
            select id from session where user_id = ${userId} order by last_used_at desc offset ${MAX_SESSIONS - 1})
          returning id
        )
        select opened.expires_at as "expiresAt", ${verified(sql`${userId}`)}, array(select id from ended) as ended
        from opened`);
      if (row === undefined) throw new Error('a session was not stored');
      await recordEnds(
        tx,
        row.ended.map((endedId) => ({ id: endedId, userId })),
      );
      const { expiresAt: refreshExpiresAt, emailVerified, ended } = row;
      const told = await meetDevice(tx, viewer, { userId, sessionId: id });
      return { id, userId, emailVerified, refresh, refreshExpiresAt, ended: ended.length > 0, reopened, told };
    },

    issue,

    async reissue(viewer) {
      const { userId, sessionId: id } = requireSession(viewer);
      const [row] = await db.$queryRaw<{ emailVerified: boolean }[]>(sql`
        select ${verified(sql`session.user_id`)} from session
        where id = ${id} and user_id = ${userId} and expires_at > now()`);
      if (row === undefined) throw sessionEnded();
      return tokens.issue({ id, userId, emailVerified: row.emailVerified });
    },

    async refresh(viewer, refreshToken) {
      const token = readRefreshToken(refreshToken);
      if (token === null) return null;
      const { sessionId: id, secret } = token;
      const result = await transact(db, async (tx) => {
        const [row] = await tx.$queryRaw<LockedRow[]>(sql`
          select user_id as "userId", family_hash as "familyHash", token_hash as "tokenHash",
                 previous_hash as "previousHash", successor_salt as "successorSalt", expires_at as "expiresAt",
                 ${verified(sql`session.user_id`)},
                 coalesce(rotated_at > now() - ${GRACE_SECONDS} * interval '1 second', false) as "inGrace"
          from session where id = ${id} and expires_at > now() for update`);
        if (row === undefined || !equal(row.familyHash, hashOf(token.family))) return null;
        const { userId, emailVerified } = row;
        const session = { id, userId, emailVerified, ended: false, reopened: false, told: [] };
        if (equal(row.tokenHash, hashOf(secret))) return { ...session, ...(await rotate(tx, token, viewer)) };
        if (row.inGrace && row.successorSalt !== null && equal(row.previousHash, hashOf(secret))) {
          const refresh = successorOf(token, row.successorSalt);
          return { ...session, refresh, refreshExpiresAt: row.expiresAt };
        }
        await tx.$executeRaw(sql`delete from session where id = ${id}`);
        await recordEnds(tx, [{ id, userId }]);
        return { reused: await tellOwner(tx, viewer, { userId, type: 'TOKEN_REUSED', sessionId: id }) };
      });
      if (result === null) return null;
      if (result.reused === undefined) return issue(result);
      logger.warn({ sessionId: id, address: viewer.address }, 'a used refresh token came again: its session is ended');
      committed();
      wake(live, result.reused);
      return null;
    },

    async list(viewer) {
      const { userId, sessionId } = requireSession(viewer);
      const rows = await db.$queryRaw<ActiveSessionRow[]>(sql`
        select id, device, address, created_at as "createdAt", last_used_at as "lastUsedAt", expires_at as "expiresAt"
        from session where user_id = ${userId} and expires_at > now()
        order by id = ${sessionId} desc, last_used_at desc, id limit ${MAX_SESSIONS}`);
      if (rows[0]?.id !== sessionId) throw sessionEnded();
      return rows;
    },

    async logOut({ userId, sessionId }, refreshToken) {
      const token = refreshToken === null ? null : readRefreshToken(refreshToken);
      if (sessionId === null && token === null) return 0;
      return ending(sql`
        (id = ${sessionId} and user_id = ${userId})
        or (id = ${token?.sessionId ?? null} and family_hash = ${token === null ? null : hashOf(token.family)})`);
    },

    async end(viewer, which) {
      const { userId, sessionId } = requireSession(viewer);
      if (typeof which === 'object' && !isId('ses', which.id)) return 0;
      const others = { others: sql`id <> ${sessionId}`, all: sql`true` };
      return ending(
        sql`user_id = ${userId} and ${typeof which === 'string' ? others[which] : sql`id = ${which.id}`}`,
        async (tx) => {
          // In order, so that two that end each other do not wait in a circle.
          const locked = await tx.$queryRaw<{ id: string }[]>(sql`
            select id from session where user_id = ${userId} and expires_at > now() order by id for update`);
          // Access tokens live on for a moment after their session, which must not end others by then.
          if (!locked.some(({ id }) => id === sessionId)) throw sessionEnded();
        },
      );
    },
  };

  async function ending(where: Sql, check?: (tx: SqlClient) => Promise<void>): Promise<number> {
    const count = await transact(db, async (tx) => {
      await check?.(tx);
      const ended = await tx.$queryRaw<Ended[]>(sql`
        delete from session where ${where} returning id, user_id as "userId"`);
      await recordEnds(tx, ended);
      return ended.length;
    });
    if (count > 0) committed();
    return count;
  }
}

interface LockedRow {
  userId: string;
  emailVerified: boolean;
  familyHash: string | null;
  tokenHash: string | null;
  previousHash: string | null;
  successorSalt: string | null;
  expiresAt: Date;
  inGrace: boolean;
}

/** Whether a person's address is verified, as a column. */
const verified = (userId: Sql): Sql => sql`
  exists (select from credential where credential.user_id = ${userId} and email_verified_at is not null) as "emailVerified"`;

export interface Ended {
  id: string;
  userId: string;
}

/** Ends all sessions of a person but one, in the transaction of a change. Returns how many ended. */
export async function endSessions(tx: SqlClient, userId: string, exceptId: string | null): Promise<number> {
  const ended = await tx.$queryRaw<Ended[]>(sql`
    delete from session where user_id = ${userId} and id is distinct from ${exceptId} returning id, user_id as "userId"`);
  await recordEnds(tx, ended);
  return ended.length;
}

/** One by one: the router then refuses these sessions' tokens whenever they were issued, and none of a later session. */
export async function recordEnds(tx: SqlClient, ended: readonly Ended[]): Promise<void> {
  const revokedAt = new Date().toISOString();
  for (const { id, userId } of ended) await record(tx, 'session.revoked', id, { userId, sessionId: id, revokedAt });
}

const equal = (stored: string | null, hash: string): boolean =>
  stored !== null && stored.length === hash.length && timingSafeEqual(Buffer.from(stored), Buffer.from(hash));

const PURGE_BATCH = 1000;

/** Deletes expired sessions, now and every ten minutes. */
export function startSessionPurge(options: { db: SqlClient; logger: Logger }): Running {
  return createLoop({
    name: 'purge of sessions',
    logger: options.logger,
    idleMs: 600_000,
    turn: async () => {
      const deleted = await options.db.$executeRaw(sql`
        delete from session where id in (select id from session where expires_at < now() limit ${PURGE_BATCH})`);
      return deleted === PURGE_BATCH ? 'again' : 'idle';
    },
  });
}
