import { createHmac, hkdfSync, randomBytes, randomInt } from 'node:crypto';
import { badInput, rateLimited } from '@chorus/kit/errors';
import { sql, type SqlClient } from '@chorus/kit/sql';

/** What a code is for, and for how many minutes it is good. */
const MINUTES = { VERIFY_EMAIL: 24 * 60, CHANGE_EMAIL: 60, RESET_PASSWORD: 10, STEP_UP: 10 } as const;
export type Purpose = keyof typeof MINUTES;

/** Of each purpose, to one person. With the tries it bounds guessing: 15 of a million in an hour. */
export const CODES_AN_HOUR = 3;
export const TRIES = 5;

/** A code that is committed or about to be. */
export interface Issued {
  /** Six digits, to be typed. */
  code: string;
  /** For a link, in place of the code. */
  link: string;
  expiresAt: Date;
}

/**
 * Codes that are sent to an address and come back: of each purpose a person has one at a time, good once. All is done in
 * the transaction of what they are for.
 */
export interface Codes {
  /**
   * The next code, in place of the last.
   * @throws GraphQLError RATE_LIMITED after the third within an hour
   */
  issue(tx: SqlClient, to: { userId: string; purpose: Purpose; email: string }): Promise<Issued>;
  /** Uses a code up; a wrong one is a try. Returns the address that the code was sent to, null when it is not good. */
  redeem(tx: SqlClient, of: { userId: string; purpose: Purpose }, code: string): Promise<string | null>;
  /** The same by what a link has. */
  redeemLink(tx: SqlClient, purpose: Purpose, link: string): Promise<{ userId: string; email: string } | null>;
  /** Makes a person's codes worth nothing, of one purpose or of all. */
  revoke(tx: SqlClient, userId: string, purpose?: Purpose): Promise<void>;
}

/** @param secret what hashes are keyed with: from the database alone nobody can work out six digits */
export function createCodes(secret: string): Codes {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'codes sent by mail', 32));
  const hashOf = (...parts: string[]) => createHmac('sha256', key).update(parts.join(':')).digest('base64url');
  const hashOfLink = (purpose: Purpose, link: string) => hashOf('link', purpose, link);

  return {
    async issue(tx, { userId, purpose, email }) {
      const code = String(randomInt(1_000_000)).padStart(6, '0');
      const link = randomBytes(32).toString('base64url');
      const recent = sql`last.issued_since > now() - interval '1 hour'`;
      const [made] = await tx.$queryRaw<{ expiresAt: Date }[]>(sql`
        insert into code as last (user_id, purpose, email, code_hash, link_hash, expires_at)
        values (${userId}, ${purpose}, ${email}, ${hashOf(purpose, userId, code)}, ${hashOfLink(purpose, link)},
                now() + ${MINUTES[purpose]} * interval '1 minute')
        on conflict (user_id, purpose) do update set email = excluded.email, code_hash = excluded.code_hash,
          link_hash = excluded.link_hash, expires_at = excluded.expires_at, tries = 0,
          issued = case when ${recent} then last.issued + 1 else 1 end,
          issued_since = case when ${recent} then last.issued_since else now() end
        where not (${recent} and last.issued >= ${CODES_AN_HOUR})
        returning expires_at as "expiresAt"`);
      if (made !== undefined) return { code, link, expiresAt: made.expiresAt };
      const [{ seconds } = { seconds: 3600 }] = await tx.$queryRaw<{ seconds: number }[]>(sql`
        select ceil(extract(epoch from issued_since + interval '1 hour' - now()))::int as seconds
        from code where user_id = ${userId} and purpose = ${purpose}`);
      const retryAfter = Math.max(1, seconds);
      throw rateLimited(`That were enough codes for now. Try again in ${retryAfter} s.`, retryAfter);
    },

    async redeem(tx, { userId, purpose }, code) {
      // One statement: of several at once each is a try of its own, and one of them can use the code up.
      const right = sql`code_hash = ${hashOf(purpose, userId, code)}`;
      const [tried] = await tx.$queryRaw<{ email: string; used: boolean }[]>(sql`
        update code set tries = tries + 1, code_hash = case when not ${right} then code_hash end,
          link_hash = case when not ${right} then link_hash end
        where user_id = ${userId} and purpose = ${purpose} and code_hash is not null
          and expires_at > now() and tries < ${TRIES}
        returning email, code_hash is null as used`);
      return tried?.used === true ? tried.email : null;
    },

    async redeemLink(tx, purpose, link) {
      const [used] = await tx.$queryRaw<{ userId: string; email: string }[]>(sql`
        update code set code_hash = null, link_hash = null
        where link_hash = ${hashOfLink(purpose, link)} and expires_at > now()
        returning user_id as "userId", email`);
      return used ?? null;
    },

    async revoke(tx, userId, purpose) {
      await tx.$executeRaw(sql`
        update code set code_hash = null, link_hash = null
        where user_id = ${userId} and purpose = coalesce(${purpose ?? null}, purpose)`);
    },
  };
}

/**
 * A code as somebody typed it, with or without spaces.
 * @throws GraphQLError BAD_USER_INPUT
 */
export function readCode(field: string, value: string): string {
  const code = value.replaceAll(/[\s-]/g, '');
  if (!/^\d{6}$/.test(code)) throw badInput(field, 'A code has six digits.');
  return code;
}

/** What is said of a code that is not good, and of one for an account that does not exist. */
export const CODE_REFUSED = 'This code is not good, or not any more. Have another sent to you.';
